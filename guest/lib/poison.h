/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fills unused memory with a pattern, by which a later write to it is found. Only the first 1,024 bytes of a block are
 * filled and compared: more would cost as much as using the memory.
 */
#ifndef GUEST_LIB_POISON_H
#define GUEST_LIB_POISON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The patterns are PORT_POISON_FREED and PORT_POISON_NEW of guest/abi/port.h; using one as a pointer faults. */
void poison_fill(void *, size_t bytes, uint64_t pattern);
bool poison_intact(const void *, size_t bytes, uint64_t pattern);

/* A checksum of an object, taken while it is idle, by which a write to it is found. */
uint64_t poison_sum(const void *, size_t bytes);

#endif
