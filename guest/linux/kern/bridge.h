/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the two halves of this runtime say to each other. One half is compiled against Linux's headers and gives Linux
 * the functions that it lacks; the other is compiled against guest/lib and guest/abi, as any guest is. Their headers
 * can't meet in one file (both have a struct xen_memory_reservation, and a uint64_t of another type), so that this
 * page has plain types only.
 */
#ifndef LINUX_KERN_BRIDGE_H
#define LINUX_KERN_BRIDGE_H

/* What the boot block says, and memory for tables that real hardware would reach through page tables. */
extern struct bridge {
	void *start_info, *shared_info, *xenstore;
	const unsigned long *builder_p2m, *m2p;
	unsigned long p2m_entries, m2p_entries;
	unsigned long boot_pages, image_pages;
	unsigned long built_pages; /* of a translated guest: frames that it was given or promised */
	/* What the firmware of an HVM guest says of memory, for each range first page, end and E820 type; NULL: it has none. */
	const unsigned long *firmware_map;
	unsigned long nr_firmware_map;
	const char *command_line;
	char *direct; /* the direct map: page 0 of it is pfn 0 */
	unsigned long direct_pages;
	char *structs; /* room for a struct page for each page of the direct map */
	/* By pages of that room, and by page tables of them: the pfn that is taken for it (vmemmap.c); 0: none. */
	unsigned long *struct_pfns, *struct_table_pfns;
	unsigned long *p2m; /* Linux's own P2M, of so many entries */
	char *stacks;
	unsigned long nr_stacks, stack_bytes, stack_stride_bytes;
	int seeded_schedule;
} bridge;

#define BRIDGE_STRUCT_PAGE_BYTES 64ul /* asserted where Linux's headers are */

/* Gates of the half that knows guest/lib. The first two are guest/lib's own. */
long xen_hypercall(unsigned long op, unsigned long a1, unsigned long a2, unsigned long a3,
		   unsigned long a4);
unsigned long port_clock_ns(void);
void *bridge_table(unsigned long bytes); /* zeroed memory that is never given back */
void bridge_log(const char *text, unsigned long bytes);
void bridge_die(const char *text, unsigned long bytes) __attribute__((noreturn));
void bridge_misuse(const char *text);
int bridge_schedule(void); /* may the thread go on: 0; 1: another one runs */
void bridge_publish_p2m(unsigned long *table, unsigned long entries);
void bridge_publish_agent(unsigned int port);
unsigned long bridge_format(char *text, unsigned long room, const char *format, __builtin_va_list);

/* Notes (guest/abi/port.h). */
void bridge_note_page(int freed, unsigned long pfn);
void bridge_note_boot(unsigned long pfn, unsigned long end, unsigned long struct_bytes);
void bridge_note_plug(int begin, unsigned long pfn, unsigned long pages, int ok);
void bridge_note_unplug(int begin, unsigned long pfn, unsigned long pages, int ok);
void bridge_note_sleep(int by_driver);
void bridge_note_attached(int attached);
void bridge_note_audit_begin(unsigned long present, unsigned long managed,
			     unsigned long fragmented);
void bridge_note_audit_end(unsigned long struct_bytes, unsigned long unpopulated);
void bridge_note_reclaimed(unsigned long pages);
void bridge_note_in_vain(unsigned long pages);
void bridge_note_segment(unsigned long pfn, unsigned long end, unsigned long structs);
void bridge_note_target(unsigned long kib);
void bridge_note_node(int target, unsigned long kib, int error);

/* Asks at one of this kernel's fault sites, in the order of description.h: 0, or an errno. */
enum bridge_site {
	BRIDGE_ALLOC_PAGE,
	BRIDGE_KMALLOC,
	BRIDGE_ADD_MEMORY,
	BRIDGE_ONLINE,
	BRIDGE_KTHREAD,
	BRIDGE_RESOURCE,
	BRIDGE_UEVENT,
	BRIDGE_MEMMAP,
	BRIDGE_GOING_ONLINE,
	BRIDGE_GOING_OFFLINE,
};
int bridge_fault(enum bridge_site, unsigned long pfn, unsigned long amount);

/* Zeroes a page's frame: at once, or before anything leaves the guest. */
void bridge_zero_frame(unsigned long pfn);
void bridge_zero_flush(void);
void bridge_use_page(unsigned long pfn); /* something is written there that nobody will read */
/* A page's contents are one word, repeated. */
void bridge_write_page(unsigned long pfn, unsigned long word);
unsigned long bridge_read_page(unsigned long pfn);
void bridge_copy_page(unsigned long from, unsigned long to);

/* The agent, which runs on a thread of Linux's, and how it waits. */
struct output;
void bridge_agent(void) __attribute__((noreturn));
void linux_agent_wait(void);
int linux_agent_cat(const char *path, char *text, unsigned long room);
int linux_agent_echo(const char *path, const char *value);
int linux_backend(unsigned int pages); /* takes so many for others' frames; 0, or an error */
void linux_audit(void);

/* Linux's side. */
void linux_start(void) __attribute__((noreturn));
/* pressure.c: a file's pages in the page cache, and a process that wants memory. */
unsigned long linux_read_file(unsigned long pages); /* how many could be had */
unsigned long linux_cached_pages(void);
unsigned long linux_reclaimed_pages(void);
unsigned long linux_drop_caches(void);
unsigned long linux_process_touches(unsigned long pages, int *died);
unsigned long linux_process_pages(void);
unsigned long linux_process_exits(void);
unsigned long linux_process_lost(void); /* pages that hold something else than it wrote */

unsigned long linux_free_pages(void);
unsigned long linux_managed_pages(void);
unsigned long linux_as_xen_counts(unsigned long kib);
unsigned long linux_total_pages(void);
unsigned long linux_live_allocations(void);
unsigned long linux_ballooned_pages(void);    /* as of the last audit */
unsigned long linux_never_online_pages(void); /* added, and never online since */
void linux_schedule_point(void);
void linux_yield(void);
int linux_watch_interrupted(void); /* guest/abi/port.h: watch_interrupted */
void *linux_page_take(void);
void linux_page_give(void *page);
unsigned long linux_page_pfn(const void *page);
void **linux_page_link(void *page);
unsigned long *linux_page_word(void *page);

#endif
