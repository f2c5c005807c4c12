/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Freed memory that is filled with a pattern and kept from the heap for a while, so that a write to it is found when it is
 * given back to the heap, or by quarantine_check. kernel_written_after_free() tells the kernel of each one.
 */
#ifndef GUEST_LIB_QUARANTINE_H
#define GUEST_LIB_QUARANTINE_H

#include <stdbool.h>
#include <stddef.h>

/* The block is what the heap gave; `memory` is the part of it that the kernel's user had. */
void quarantine_put(void *block, size_t block_bytes, void *memory, size_t bytes);
bool quarantine_release(void); /* gives all of it back to the heap; false: there was none */
void quarantine_check(void);

#endif
