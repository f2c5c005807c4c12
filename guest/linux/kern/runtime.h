/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of this runtime that are compiled against Linux's headers give one another. */
#ifndef LINUX_KERN_RUNTIME_H
#define LINUX_KERN_RUNTIME_H

#include <linux/types.h>
#include <generated/differences.h> /* guest/linux/differences */

/* thread.c: one CPU, and the threads that share it. */
void threads_init(void);
void threads_idle(void) __attribute__((noreturn));
void thread_sleep_on(const void *what); /* until thread_wake_all of the same */
void thread_wake_all(const void *what);
bool threads_can_freeze(void); /* those that a suspend waits for are where they may be stopped */
void clock_follow(void);       /* jiffies from the machine's clock */

/* events.c: event channels. */
void events_init(void);
void events_deliver(void);
bool events_any_pending(void);
void events_resume(void); /* after a restore: the agent's channel is new */
bool agent_is_idle(void);
unsigned int events_ports(u32 *ports, unsigned int room); /* those that have a handler */

/* memory.c: from the memory map to page_alloc. */
void memory_init(void);
void memory_note_boot(void);
unsigned long linux_absent_pages(void); /* on free lists without a frame, in some designs */
bool memory_comes_on_demand(void);	/* Xen's map has more than it has given */

struct page;

/* pages.c: pages that the harness is told of. */
void pages_note(bool freed, unsigned long pfn, unsigned long pages);
struct page *pages_take(gfp_t flags, unsigned int order);
/* The same, and something is written there at once. */
struct page *pages_take_to_use(gfp_t flags, unsigned int order);
void linux_touched(struct page *page, unsigned int order);
void pages_give(struct page *page, unsigned int order);
void pages_put(struct page *page);
void pages_free_reserved(struct page *page);
void pages_note_boot(unsigned long pfn, unsigned long end); /* those of boot memory that are free */
void pages_audit(void);					    /* do the notes come to what is free */

/* pressure.c, for migrate.c: a page off the list that knows whose it is, back onto it, with another in its place there, or given up. */
void pressure_take_off(struct page *page);
void pressure_put_back(struct page *page);
void pressure_pass_on(struct page *from, struct page *to);
void pressure_reclaim(struct page *page); /* of a file's */

/* migrate.c: before and after a call of offline_pages(). In between, who asked for it gives up when there is no room for long. */
void migrate_begin(void);
void migrate_end(void);

/* added.c: memory that was added; and that it is online now, or removed. */
void added_note(unsigned long pfn, unsigned long pages);
void added_online_or_gone(unsigned long pfn, unsigned long pages);

/* vain.c: around what looks at pages of a range, and may not get them (error); and pages that the allocator did not have. */
unsigned long vain_begin(void);
void vain_end(unsigned long begun, int error);
void vain_asked(unsigned long pages);
void vain_tell(void); /* at an audit */

/* vmemmap.c: bytes of the pages that struct pages and their page tables take. */
extern unsigned long vmemmap_bytes;

/* notifier.c: refuses that memory goes online or offline. */
void notifier_init(void);

/* slab.c */
void slab_init(void);

/* p2m.c */
void p2m_init(void);

/* xenbus.c */
void xenbus_start(void);
void xenbus_ready(void);
void xenbus_moved(void); /* after a restore: its channel is another one */

/* suspend.c: what the toolstack writes into control/shutdown. */
void suspend_init(void);

/* choices.c: the kernel's own memory is below that page; ~0: anywhere. */
unsigned long low_memory_pages(void);

/* params.c: what the command line asks for. */
void parameters_early(const char *command_line);
void parameters_late(const char *command_line);
int parameter_cat(const char *path, char *page); /* behind /sys/module/; bytes, or an error */

/* backend.c */
unsigned long backend_ballooned_pages(void);
bool backend_starts_unpopulated(void); /* asked once, right before */
void backend_unpopulated_started(void);
/* Of this memory, pages that the balloon never gets. */
unsigned long backend_unpopulated_pages(unsigned long pfn, unsigned long end);

#endif
