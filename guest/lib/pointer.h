/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The number that is printed for a pointer. The address of the guest's memory differs from run to run and the output must
 * not, so each part of the memory is shown at a fixed address.
 */
#ifndef GUEST_LIB_POINTER_H
#define GUEST_LIB_POINTER_H

#include <stdint.h>

uint64_t pointer_shown(const void *);

#endif
