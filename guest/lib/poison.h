/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Patterns over memory that holds nothing, by which a later write to it is seen. Sizes are bytes; only the first
 * 1,024 of a block are filled and compared, since more would cost as much as the memory's use itself.
 */
#ifndef GUEST_LIB_POISON_H
#define GUEST_LIB_POISON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The patterns are PORT_POISON_FREED and PORT_POISON_NEW of guest/abi/port.h: as pointers they fault. */
void poison_fill(void *, size_t bytes, uint64_t pattern);
bool poison_intact(const void *, size_t bytes, uint64_t pattern);

/* A checksum of what an object holds while nobody may change it. */
uint64_t poison_sum(const void *, size_t bytes);

#endif
