/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kmem(9), and malloc(9) on top of it. An allocation remembers its size, by
 * which a kmem_free with another one is found, and whether physseg code made
 * it.
 */
#include "guest/netbsd/kern/kmem.h"

#include <sys/param.h>
#include <sys/kernel.h>
#include <sys/kmem.h>
#include <sys/malloc.h>
#include <uvm/uvm.h>

#include "guest/lib/boot_block.h"
#include "guest/lib/debug_port.h"
#include "guest/lib/format.h"
#include "guest/lib/heap.h"
#include "guest/lib/poison.h"
#include "guest/lib/quarantine.h"
#include "guest/netbsd/kern/description.h"
#include "guest/netbsd/kern/driver.h"
#include "guest/netbsd/kern/kernel_memory.h"
#include "guest/netbsd/kern/physseg_calls.h"
#include "guest/netbsd/kern/thread.h"
#include "guest/netbsd/kern/uvm_page.h"

#define KMEM_LIVE      0x6b6d656d4c495645ull
#define KMEM_FREED     0x6b6d656d46524545ull
#define RED_ZONE_BYTES 16 /* behind an allocation, at least */
#define RED_ZONE_BYTE  0x5a

struct kmem_header {
	uint64_t
	    size_flags; /* site << SITE_SHIFT | size << SIZE_SHIFT | FROM_PHYSSEG | PAID */
	uint64_t magic; /* kept from the heap's link in a free block */
};
#define FROM_PHYSSEG 1u /* physseg code made it */
#define PAID	     2u /* with pages, after boot */
#define SIZE_SHIFT   2
#define SITE_SHIFT   56

/*
 * Where the driver allocates, and how much of that is not freed: when memory
 * is lost, the place that made it can be named. The first is for all others.
 */
#define SITES 64
static struct kmem_site {
	uintptr_t where; /* the address that the call returned to */
	uint64_t bytes, bytes_attached;
} sites[SITES];

static size_t
size_of(const struct kmem_header *h)
{
	return (size_t)(h->size_flags << (64 - SITE_SHIFT) >>
			(64 - SITE_SHIFT + SIZE_SHIFT));
}

static u_int
site_of(const void *where)
{
	u_int i;

	if (!driver_called(where))
		return 0;
	for (i = 1; i < SITES && sites[i].where != (uintptr_t)where; i++) {
		if (sites[i].where != 0)
			continue;
		sites[i].where = (uintptr_t)where;
		break;
	}
	return i % SITES;
}

void
kmem_sites_attached(void)
{
	for (u_int i = 0; i < SITES; i++)
		sites[i].bytes_attached = sites[i].bytes;
}

uintptr_t
kmem_site_grown(void)
{
	const struct kmem_site *most = NULL;

	for (const struct kmem_site *k = sites + 1; k < sites + SITES; k++)
		if (k->bytes > k->bytes_attached &&
		    (most == NULL || k->bytes - k->bytes_attached >
					 most->bytes - most->bytes_attached))
			most = k;
	return most != NULL ? most->where : 0;
}

/*
 * The red zone reaches from the last byte that was asked for to the end of the
 * block.
 */
static size_t
block_bytes(size_t size)
{
	return sizeof(struct kmem_header) + roundup2(size, sizeof(uint64_t)) +
	       RED_ZONE_BYTES;
}

static void
red_zone_set(struct kmem_header *h, size_t size)
{
	char *p = (char *)(h + 1) + size;

	memset(p, RED_ZONE_BYTE, (size_t)((char *)h + block_bytes(size) - p));
}

static bool
red_zone_intact(const struct kmem_header *h, size_t size)
{
	const char *p = (const char *)(h + 1) + size;
	const char *end = (const char *)h + block_bytes(size);

	while (p != end && *p == RED_ZONE_BYTE)
		p++;
	return p == end;
}

/*
 * What the driver has allocated, as far as there is room: red zones are looked
 * at when the guest is at rest, too, for much is never freed.
 */
#define WATCHED 256
static struct kmem_header *watched[WATCHED];

static void
watch(struct kmem_header *h)
{
	u_int i = 0;

	while (i < WATCHED && watched[i] != NULL)
		i++;
	if (i < WATCHED)
		watched[i] = h;
}

static void
watch_no_more(const struct kmem_header *h)
{
	for (u_int i = 0; i < WATCHED; i++)
		if (watched[i] == h)
			watched[i] = NULL;
}

void
kmem_check_red_zones(void)
{
	for (u_int i = 0; i < WATCHED; i++) {
		struct kmem_header *h = watched[i];

		if (h == NULL || red_zone_intact(h, size_of(h)))
			continue;
		port_misuse_by(sites[h->size_flags >> SITE_SHIFT].where,
		    "memory behind an allocation of %zu bytes was written to",
		    size_of(h));
		red_zone_set(h, size_of(h)); /* it is told once */
	}
}

static void
count(const struct kmem_header *h, bool alloc)
{
	uint64_t size = size_of(h), one = alloc ? 1 : -1ull;

	if (!alloc)
		size = -size;
	counters.heap_live += one;
	counters.heap_live_bytes += size;
	sites[h->size_flags >> SITE_SHIFT].bytes += size;
	if (h->size_flags & FROM_PHYSSEG) {
		counters.segment_live += one;
		counters.segment_live_bytes += size;
	}
}

/*
 * Finds room for an allocation in the heap, and pays for it. NULL: one of the
 * two was refused, and the caller doesn't wait.
 */
static struct kmem_header *
block_get(size_t size, bool wait, bool *zeroed)
{
	struct kmem_header *h;

	/* With the header added, a size near 2^64 would wrap to a small one. */
	while (size > boot_block->heap_bytes ||
	       (h = heap_get(block_bytes(size), zeroed)) == NULL) {
		if (quarantine_release())
			continue;
		if (!wait)
			return NULL;
		page_wait("kmem");
	}
	if (kernel_bytes_take(size, wait))
		return h;
	heap_put(h, block_bytes(size));
	return NULL;
}

static void *
kmem_get(size_t size, km_flag_t flags, bool zero, const void *caller)
{
	const bool by_driver = driver_called(caller);
	struct kmem_header *h;
	bool zeroed, physseg = in_physseg();

	if (size == 0)
		panic("kmem_alloc: size 0");
	if ((flags & (KM_SLEEP | KM_NOSLEEP)) == 0 ||
	    (flags & (KM_SLEEP | KM_NOSLEEP)) == (KM_SLEEP | KM_NOSLEEP))
		panic("kmem_alloc: neither KM_SLEEP nor KM_NOSLEEP");
	if (flags & KM_SLEEP && by_driver && !cold)
		(void)thread_may_sleep("kmem_alloc(KM_SLEEP)");
	if (flags & KM_NOSLEEP && by_driver &&
	    port_fault(
		physseg ? FAULT_SITE_KMEM_UVM_PHYSSEG : FAULT_SITE_KMEM_DRIVER,
		0, size) != 0)
		return NULL;
	h = block_get(size, (flags & KM_SLEEP) != 0, &zeroed);
	if (h == NULL) {
		kernel_memory_failed();
		return NULL;
	}
	h->magic = KMEM_LIVE;
	h->size_flags = (uint64_t)size << SIZE_SHIFT |
			(physseg ? FROM_PHYSSEG : 0) |
			(uvm.page_init_done ? PAID : 0) |
			(uint64_t)site_of(caller) << SITE_SHIFT;
	count(h, true);
	if (h->size_flags >> SITE_SHIFT != 0)
		watch(h);
	red_zone_set(h, size);
	if (!zero)
		poison_fill(h + 1, size, PORT_POISON_NEW);
	else if (!zeroed)
		memset(h + 1, 0, size);
	schedule_point();
	return h + 1;
}

size_t
kmem_size(const void *p)
{
	const struct kmem_header *h = (const struct kmem_header *)p - 1;

	if ((uintptr_t)h - (uintptr_t)boot_block->heap >=
		boot_block->heap_bytes ||
	    (uintptr_t)p % sizeof(uint64_t) != 0 || h->magic != KMEM_LIVE)
		return 0;
	return size_of(h);
}

void *
kmem_alloc(size_t size, km_flag_t flags)
{
	return kmem_get(size, flags, false, __builtin_return_address(0));
}

void *
kmem_zalloc(size_t size, km_flag_t flags)
{
	return kmem_get(size, flags, true, __builtin_return_address(0));
}

static void
kmem_put(void *p, size_t size)
{
	struct kmem_header *h;
	bool paid;

	if (p == NULL)
		panic("kmem_free: NULL");
	h = (struct kmem_header *)p - 1;
	if (h->magic == KMEM_FREED)
		panic("kmem_free: %zu bytes freed twice", size);
	if (h->magic != KMEM_LIVE)
		panic("kmem_free: not memory that kmem_alloc gave");
	if (size_of(h) != size)
		panic("kmem_free: freed as %zu bytes, allocated as %zu", size,
		    size_of(h));
	if (!red_zone_intact(h, size))
		port_misuse(
		    "kmem_free: memory behind an allocation of %zu bytes "
		    "was written to",
		    size);
	if (h->size_flags >> SITE_SHIFT != 0)
		watch_no_more(h);
	count(h, false);
	paid = (h->size_flags & PAID) != 0;
	h->magic = KMEM_FREED;
	quarantine_put(h, block_bytes(size), p, size);
	if (paid)
		kernel_bytes_give(size);
	schedule_point();
}

void
kmem_free(void *p, size_t size)
{
	kmem_put(p, size);
}

void *
kmem_intr_alloc(size_t size, km_flag_t flags)
{
	return kmem_get(size, flags, false, __builtin_return_address(0));
}

void *
kmem_intr_zalloc(size_t size, km_flag_t flags)
{
	return kmem_get(size, flags, true, __builtin_return_address(0));
}

void
kmem_intr_free(void *p, size_t size)
{
	kmem_put(p, size);
}

char *
kmem_asprintf(const char *fmt, ...)
{
	va_list ap;
	size_t bytes;
	char *text;

	va_start(ap, fmt);
	bytes = format_text(NULL, 0, fmt, ap);
	va_end(ap);
	text = kmem_get(bytes + 1, KM_SLEEP, false, NULL);
	va_start(ap, fmt);
	(void)format_text(text, bytes + 1, fmt, ap);
	va_end(ap);
	return text;
}

char *
kmem_strdupsize(const char *s, size_t *size, km_flag_t flags)
{
	size_t bytes = strlen(s) + 1;
	char *copy;

	copy = kmem_get(bytes, flags, false, __builtin_return_address(0));
	if (copy == NULL)
		return NULL;
	memcpy(copy, s, bytes);
	if (size != NULL)
		*size = bytes;
	return copy;
}

void
kmem_strfree(char *s)
{
	if (s != NULL)
		kmem_put(s, strlen(s) + 1);
}

void *
kmem_tmpbuf_alloc(size_t size, void *buf, size_t room, km_flag_t flags)
{
	return size <= room
		   ? buf
		   : kmem_get(size, flags, false, __builtin_return_address(0));
}

void
kmem_tmpbuf_free(void *p, size_t size, void *buf)
{
	if (p != buf)
		kmem_put(p, size);
}

/* malloc(9) */
struct malloc_type M_DEVBUF[1] = {{"devbuf"}};
struct malloc_type M_TEMP[1] = {{"temp"}};

void *
kern_malloc(unsigned long size, int flags)
{
	return kmem_get(size,
	    flags & (M_NOWAIT | M_CANFAIL) ? KM_NOSLEEP : KM_SLEEP,
	    (flags & M_ZERO) != 0, __builtin_return_address(0));
}

void
kern_free(void *p)
{
	if (p != NULL)
		kmem_put(p, size_of((struct kmem_header *)p - 1));
}

void *
kern_realloc(void *p, unsigned long size, int flags)
{
	size_t before;
	void *new;

	new = kern_malloc(size, flags);
	if (new == NULL || p == NULL)
		return new;
	before = size_of((struct kmem_header *)p - 1);
	memcpy(new, p, MIN(before, size));
	kern_free(p);
	return new;
}
