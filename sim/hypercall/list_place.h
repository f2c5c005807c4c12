/* SPDX-License-Identifier: BSD-2-Clause */
/* Where a list among a hypercall's arguments may lie. */
#ifndef SIM_HYPERCALL_LIST_PLACE_H
#define SIM_HYPERCALL_LIST_PLACE_H

#include <stdbool.h>
#include <stdint.h>

struct domain;

/*
 * Does Xen refuse a list whose first entry that it would touch is at this address before it does anything? So it does with one in its own memory (the model's M2P, and the
 * addresses that Xen has in every address space), and with one in front of that, where no table can name any address. Other bad
 * addresses it notices when it comes to an entry.
 */
bool hypercall_refuses_list(const struct domain *, uintptr_t va);

#endif
