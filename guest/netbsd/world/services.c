/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a segment file calls besides kmem(9): UVM's pages and counters, locks,
 * messages and panics. Messages are not shown, locks do nothing.
 */
#include "guest/netbsd/world/world.h"

#include <sys/condvar.h>
#include <sys/kernel.h>
#include <sys/stdarg.h>

#include "guest/abi/boot.h"

struct uvm uvm;
struct uvmexp uvmexp;
psize_t physmem;
int hz = 100, cold;
kmutex_t uvm_pageqlock, uvm_fpageqlock;
paddr_t pmap_pa_start, pmap_pa_end;
const char *panicstr;

/* Blocks count down in this, as in a guest. */
struct guest_image guest_image;
void __sanitizer_cov_trace_pc(void);
void
__sanitizer_cov_trace_pc(void)
{
	shape.host->stop(SMALL_WORLD_HANG, "it runs without end");
}

static __dead void
stop(const char *format, va_list ap)
{
	char text[SMALL_WORLD_TEXT_MAX];

	vsnprintf(text, sizeof(text), format, ap);
	shape.host->stop(SMALL_WORLD_PANIC, text);
}

void
panic(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	stop(format, ap);
}

void
vpanic(const char *format, va_list ap)
{
	stop(format, ap);
}

void
kern_assert(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	stop(format, ap);
}

#define SILENT(name)                                                           \
	void name(const char *format __unused, ...)                            \
	{                                                                      \
	}
SILENT(printf)
SILENT(printf_nolog)
SILENT(aprint_normal)
SILENT(aprint_error)
SILENT(aprint_naive)
SILENT(aprint_verbose)
SILENT(aprint_debug)

void
vprintf(const char *format __unused, va_list ap __unused)
{
}

/* ---- pages ---- */

static void
check_fields(const struct vm_page *pg, int frame)
{
	const paddr_t pfn = world_pfn(frame);

	if (pg->uobject != NULL || pg->uanon != NULL || pg->flags != 0 ||
	    pg->pqflags != 0 || pg->wire_count != 0 || pg->loan_count != 0)
		broken(RULE_PAGE_ZERO,
		    "uvm_pagefree of frame %#lx: it has flags, an owner, wires "
		    "or loans",
		    pfn);
	if (pg->interlock.mtx_state != __MUTEX_ALIVE)
		broken(RULE_PAGE_LOCK,
		    "uvm_pagefree of frame %#lx: its lock is not initialised",
		    pfn);
}

static void
check_known(const struct vm_page *pg, int frame)
{
	psize_t offset = 0;
	const uvm_physseg_t upm = uvm_physseg_find(world_pfn(frame), &offset);

	if (upm == UVM_PHYSSEG_TYPE_INVALID)
		broken(RULE_PAGE_KNOWN,
		    "uvm_pagefree of frame %#lx, and no segment has it yet",
		    world_pfn(frame));
	else if (uvm_physseg_get_pg(upm, offset) != pg)
		broken(RULE_PAGE_KNOWN,
		    "uvm_pagefree of frame %#lx, and get_pg gives another page",
		    world_pfn(frame));
	else if (pg->free_list != uvm_physseg_get_free_list(upm))
		broken(RULE_PAGE_LIST,
		    "uvm_pagefree of frame %#lx: list %d, and its segment's "
		    "is %d",
		    world_pfn(frame), pg->free_list,
		    uvm_physseg_get_free_list(upm));
}

void
uvm_pagefree(struct vm_page *pg)
{
	const int frame = world_frame_of(atop(pg->phys_addr));

	if (frame == WORLD_NO_FRAME || (pg->phys_addr & PAGE_MASK) != 0) {
		call.stray = true;
		return;
	}
	if (call.wanted != MUST_FAIL) {
		check_fields(pg, frame);
		check_known(pg, frame);
	}
	model.frames[frame].freed++;
	pg->flags = PG_FREE;
	uvmexp.free++;
	if (call.wanted != MUST_FAIL && uvmexp.free > uvmexp.npages)
		broken(RULE_FREE_ABOVE, "free is %d and npages is %d",
		    uvmexp.free, uvmexp.npages);
}

int
uvm_page_lookup_freelist(struct vm_page *pg)
{
	return uvm_physseg_get_free_list(
	    uvm_physseg_find(atop(pg->phys_addr), NULL));
}

int
uvm_page_get_freelist(struct vm_page *pg)
{
	return pg->free_list;
}

struct vm_page *
uvm_phys_to_vm_page(paddr_t address)
{
	psize_t offset;
	const uvm_physseg_t upm = uvm_physseg_find(atop(address), &offset);

	return upm == UVM_PHYSSEG_TYPE_INVALID
		   ? NULL
		   : uvm_physseg_get_pg(upm, offset);
}

paddr_t
uvm_vm_page_to_phys(const struct vm_page *pg)
{
	return pg->phys_addr;
}

void
uvmpdpol_reinit(void)
{
	call.reinits++;
}

void
uvm_kick_pdaemon(void)
{
}

/* ---- locks, levels ---- */

void
mutex_destroy(kmutex_t *lock)
{
	if (lock->mtx_state != __MUTEX_ALIVE)
		broken(RULE_LOCK_UNMADE,
		    "mutex_destroy of a lock that is not initialised");
	lock->mtx_state = __MUTEX_DEAD;
}

#define NOTHING(name)                                                          \
	void name(kmutex_t *lock __unused)                                     \
	{                                                                      \
	}
NOTHING(mutex_enter)
NOTHING(mutex_exit)
NOTHING(mutex_spin_enter)
NOTHING(mutex_spin_exit)

int
mutex_tryenter(kmutex_t *lock __unused)
{
	return 1;
}

int
mutex_owned(const kmutex_t *lock __unused)
{
	return 1;
}

int
splraiseipl(int level __unused)
{
	return 0;
}

void
splx(int level __unused)
{
}

/* ---- what the runtime's extent(9) needs of its own kernel ---- */

static char nobody[512];
struct lwp *current_lwp = (struct lwp *)(void *)nobody;
uintptr_t driver_text, driver_text_bytes;

uint64_t
pointer_shown(const void *pointer __unused)
{
	return 0;
}

int
port_fault(
    unsigned site __unused, uint64_t pfn __unused, uint64_t amount __unused)
{
	return 0;
}

int
thread_sleep(const volatile void *channel __unused, const char *why __unused,
    uint64_t until __unused)
{
	shape.host->stop(SMALL_WORLD_HANG, "it waits");
}

void
thread_wake_all(const volatile void *channel __unused)
{
}

void
cv_init(struct kcondvar *cv __unused, const char *why __unused)
{
}

void
cv_destroy(struct kcondvar *cv __unused)
{
}
