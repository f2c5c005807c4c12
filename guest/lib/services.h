/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Functions that the kernel has to bring, for the library calls them. The comment of each one names the files that do; a
 * kernel that links none of these files need not have it. Everything else in guest/lib is the library's.
 */
#ifndef GUEST_LIB_SERVICES_H
#define GUEST_LIB_SERVICES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All files but string.c and output.c: ends the domain with a message. */
void panic(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));

/* debug_port.c: brings those of `counters` up to date that the kernel does not keep at all times. It is called
 * before each call that leaves the guest, since the harness may read the counters then. */
void kernel_update_counters(void);

/* window.c: the P2M that the kernel uses now, and how many entries it has. */
const uint64_t *kernel_p2m(uint64_t *entries);

/* quarantine.c: memory of this size was written to after it was freed. The kernel reports it in its own words. */
void kernel_written_after_free(size_t bytes);

/* workload.c: a place where a real kernel could be preempted; and one where it gives up the CPU. */
void kernel_schedule_point(void);
void kernel_yield(void);

/*
 * workload.c: pages of the kernel's allocator. While a page is taken, the workload may use a link and a word in the
 * kernel's structure for the page; the kernel says where they are.
 */
struct kernel_page;
struct kernel_page *kernel_page_take(void); /* NULL: no page is free */
void kernel_page_give(struct kernel_page *);
uint64_t kernel_page_pfn(const struct kernel_page *);
struct kernel_page **kernel_page_link(struct kernel_page *);
uint64_t *kernel_page_word(struct kernel_page *);
uint64_t kernel_free_pages(void);

#endif
