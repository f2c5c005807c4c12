/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Writes and reads the contents of pages. A page is mapped into the boot block's window, written or read, and unmapped in
 * one call, since a frame that is still mapped can't go back to Xen.
 */
#ifndef GUEST_LIB_WINDOW_H
#define GUEST_LIB_WINDOW_H

#include <stdbool.h>
#include <stdint.h>

#define WINDOW_BATCH 64u /* how many frames can be zeroed at once */

/* A page's contents are one 64-bit pattern, repeated; 0 is a zeroed page. */
void window_write(uint64_t pfn, uint64_t stamp);
uint64_t window_read(uint64_t pfn);

/* Zeroes frames of the guest's own, all of them or none. False: they can't be zeroed at once, only page by page. */
bool window_zero(const uint64_t *mfns, unsigned n);

#endif
