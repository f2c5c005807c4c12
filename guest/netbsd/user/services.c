/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a test of a kernel file in user space doesn't bring itself. All of it is
 * weak, so that a test's own stubs win. There is an object with UVM_HOTPLUG and one
 * without, as the types of handles differ. Memory is the C library's, locks do
 * nothing, and a panic prints its message and aborts.
 */
#include "kernel_file.h"

#include <sys/condvar.h>
#include <sys/kernel.h>
#include <sys/kmem.h>

#include <stdlib.h>

#define SERVICE __attribute__((weak))

/* Whatever a test says a struct uvm is. */
SERVICE char uvm[1024] __attribute__((aligned(64)));
SERVICE struct uvmexp uvmexp = {.pagesize = PAGE_SIZE};
SERVICE psize_t physmem;
SERVICE int hz = 100, cold;
SERVICE kmutex_t uvm_pageqlock, uvm_fpageqlock;

SERVICE void
panic(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	(void)vfprintf(stderr, format, ap);
	va_end(ap);
	(void)fputc('\n', stderr);
	abort();
}

SERVICE void
aprint_normal(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	(void)vfprintf(stderr, format, ap);
	va_end(ap);
}

SERVICE void
aprint_error(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	(void)vfprintf(stderr, format, ap);
	va_end(ap);
}

SERVICE void
aprint_verbose(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	(void)vfprintf(stderr, format, ap);
	va_end(ap);
}

SERVICE void
aprint_debug(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	(void)vfprintf(stderr, format, ap);
	va_end(ap);
}

SERVICE void
kern_assert(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	(void)vfprintf(stderr, format, ap);
	va_end(ap);
	(void)fputc('\n', stderr);
	abort();
}

SERVICE void *
kmem_alloc(size_t bytes, km_flag_t flags)
{
	return malloc(bytes);
}

SERVICE void *
kmem_zalloc(size_t bytes, km_flag_t flags)
{
	return calloc(1, bytes);
}

SERVICE void
kmem_free(void *memory, size_t bytes)
{
	memset(memory, 0x5a, bytes);
	free(memory);
}

SERVICE void
mutex_init(kmutex_t *lock, kmutex_type_t type, int ipl)
{
	*lock = (kmutex_t){.mtx_state = __MUTEX_ALIVE, .mtx_ipl = (uint8_t)ipl};
}
SERVICE void
mutex_destroy(kmutex_t *lock)
{
}
SERVICE void
mutex_enter(kmutex_t *lock)
{
}
SERVICE void
mutex_exit(kmutex_t *lock)
{
}
SERVICE int
mutex_tryenter(kmutex_t *lock)
{
	return 1;
}
SERVICE int
mutex_owned(const kmutex_t *lock)
{
	return 1;
}
SERVICE void
mutex_spin_enter(kmutex_t *lock)
{
}
SERVICE void
mutex_spin_exit(kmutex_t *lock)
{
}

SERVICE int
splraiseipl(int ipl)
{
	return 0;
}
SERVICE void
splx(int ipl)
{
}

SERVICE void
uvm_pagefree(struct vm_page *pg)
{
	uvmexp.free++;
}

SERVICE int
uvm_page_lookup_freelist(struct vm_page *pg)
{
	return uvm_physseg_get_free_list(
	    uvm_physseg_find(atop(pg->phys_addr), NULL));
}

SERVICE int
uvm_page_get_freelist(struct vm_page *pg)
{
	return pg->free_list;
}

SERVICE void
uvm_page_set_freelist(struct vm_page *pg, int free_list)
{
	pg->free_list = (uint16_t)free_list;
}

SERVICE void
uvmpdpol_reinit(void)
{
}

/*
 * What rbtree.o and extent.o of the runtime need: nothing waits, and nothing is
 * refused.
 */
struct lwp;
static char services_thread[512];
extern const char __start_driver_text[], __stop_driver_text[];
SERVICE const char __start_driver_text[1], __stop_driver_text[1];
extern uintptr_t driver_text, driver_text_bytes;
SERVICE uintptr_t driver_text, driver_text_bytes;
SERVICE struct lwp *current_lwp = (struct lwp *)services_thread;
SERVICE char counters[512];
SERVICE int
port_fault(int site, uint64_t a, uint64_t b)
{
	return 0;
}
SERVICE int
thread_sleep(const void *channel, const char *why, uint64_t until)
{
	return 0;
}
SERVICE void
thread_wake_all(const void *channel)
{
}
SERVICE void
cv_init(struct kcondvar *cv, const char *why)
{
}
SERVICE void
cv_destroy(struct kcondvar *cv)
{
}
SERVICE void
__sanitizer_cov_trace_pc(void)
{
}
