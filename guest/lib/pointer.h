/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The number that is printed for a pointer. Where the guest's memory lies differs from run to run and what is
 * printed must not, so each part of the memory is shown at an address of its own that never changes.
 */
#ifndef GUEST_LIB_POINTER_H
#define GUEST_LIB_POINTER_H

#include <stdint.h>

uint64_t pointer_shown(const void *);

#endif
