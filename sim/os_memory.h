/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory in whole pages from the operating system: the one place of sim/ that asks it. Tables of frames and the
 * memory of guests are made of it, because most of either is never touched, and must cost nothing then. Sizes are
 * in bytes; what is got is all zeros.
 */
#ifndef SIM_OS_MEMORY_H
#define SIM_OS_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

void *os_memory_get(size_t bytes); /* NULL: there is none */
void os_memory_free(void *, size_t bytes);
/* The same memory at two addresses: writable, and read-only for guests, with a guard behind it. NULL: none. */
void *os_memory_get_shared(size_t bytes, const void **read_only);
void os_memory_free_shared(void *writable, const void *read_only, size_t bytes);

/* Any access to it faults from now on. False: the system refuses. start is at a page. */
bool os_memory_forbid(void *start, size_t bytes);
/* It is all zeros again, and costs nothing until it is touched. start is at a page. */
void os_memory_forget(void *start, size_t bytes);
/* Much of it will be used often and at random: asks for huge pages. start is at a page. */
void os_memory_huge(void *start, size_t bytes);
/* All of it will be written: asks for its pages at once, instead of one at each fault. */
void os_memory_touch(void *start, size_t bytes);

#endif
