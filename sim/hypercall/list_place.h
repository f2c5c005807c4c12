/* SPDX-License-Identifier: BSD-2-Clause */
/* Where a list among a hypercall's arguments may lie. */
#ifndef SIM_HYPERCALL_LIST_PLACE_H
#define SIM_HYPERCALL_LIST_PLACE_H

#include <stdbool.h>
#include <stdint.h>

struct domain;

/*
 * Does Xen refuse a list before it does anything, because of where the first entry lies that it would touch? It does so when
 * that is in Xen's own memory (the model's M2P, and the addresses that Xen has in every address space), or between the two
 * halves of the address space, where no page table can name an address. Other bad addresses it notices when it comes to an
 * entry.
 */
bool hypercall_refuses_list(const struct domain *, uintptr_t va);

#endif
