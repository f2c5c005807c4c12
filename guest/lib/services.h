/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the library asks of the kernel that is built on it. Each service is named with the files that ask for it:
 * a kernel that links none of them need not give it. Everything else in guest/lib is offered by the library.
 */
#ifndef GUEST_LIB_SERVICES_H
#define GUEST_LIB_SERVICES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Every file but string.c and output.c: ends the domain with a message. */
void panic(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));

/* debug_port.c: bring those of `counters` up to date that the kernel does not keep at all times. It is called
 * before each call that leaves the guest, since the harness may read them then. */
void kernel_update_counters(void);

/* quarantine.c: somebody wrote to memory of this size after it was freed. The kernel says so in its own words. */
void kernel_written_after_free(size_t bytes);

/* workload.c: a place where a real kernel could be preempted; and one where it gives up the CPU. */
void kernel_schedule_point(void);
void kernel_yield(void);

/*
 * workload.c: pages of the kernel's allocator. While a page is taken, the two words that follow belong to
 * whoever took it; the kernel shows where in its own description of the page they are.
 */
struct kernel_page;
struct kernel_page *kernel_page_take(void); /* NULL: no page is free */
void kernel_page_give(struct kernel_page *);
uint64_t kernel_page_pfn(const struct kernel_page *);
struct kernel_page **kernel_page_link(struct kernel_page *);
uint64_t *kernel_page_word(struct kernel_page *);
uint64_t kernel_free_pages(void);

#endif
