/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a kernel file finds that a test in user space includes: all that the
 * test did not bring itself.
 *
 * A test's own macros stay. Its own functions and variables stay as well, those
 * that are static too: C lets a plain declaration follow a static one, but not
 * come before it. So the headers declare no function of the kernel's to a test
 * without _KERNEL, and this one, which a test does not get, does it once the
 * kernel file has begun. The types are those of NetBSD; a panic may return, for
 * a test's own does without DIAGNOSTIC.
 */
#ifndef _BALLAST_USER_KERNEL_FILE_H
#define _BALLAST_USER_KERNEL_FILE_H

#include <sys/param.h>
#include <sys/mutex.h>
#include <uvm/uvm_extern.h>
#include <machine/vmparam.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct kcondvar;

extern struct uvmexp uvmexp;
extern psize_t physmem;
extern int hz, cold;
extern kmutex_t uvm_pageqlock, uvm_fpageqlock;

#ifndef panic
void panic(const char *, ...);
#endif
#ifndef aprint_normal
void aprint_normal(const char *, ...);
#endif
#ifndef aprint_error
void aprint_error(const char *, ...);
#endif
#ifndef aprint_verbose
void aprint_verbose(const char *, ...);
#endif
#ifndef aprint_debug
void aprint_debug(const char *, ...);
#endif

#ifndef mutex_init
void mutex_init(kmutex_t *, kmutex_type_t, int);
#endif
#ifndef mutex_destroy
void mutex_destroy(kmutex_t *);
#endif
#ifndef mutex_enter
void mutex_enter(kmutex_t *);
#endif
#ifndef mutex_exit
void mutex_exit(kmutex_t *);
#endif
#ifndef mutex_tryenter
int mutex_tryenter(kmutex_t *);
#endif
#ifndef mutex_owned
int mutex_owned(const kmutex_t *);
#endif
#ifndef mutex_spin_enter
void mutex_spin_enter(kmutex_t *);
#endif
#ifndef mutex_spin_exit
void mutex_spin_exit(kmutex_t *);
#endif
#ifndef splvm
#define splvm() splraiseipl(IPL_VM)
int splraiseipl(int);
#endif
#ifndef splx
void splx(int);
#endif

#ifndef uvm_pagefree
void uvm_pagefree(struct vm_page *);
#endif
#ifndef uvmpdpol_reinit
void uvmpdpol_reinit(void);
#endif
#ifndef uvm_page_lookup_freelist
int uvm_page_lookup_freelist(struct vm_page *);
#endif
#ifndef uvm_page_get_freelist
int uvm_page_get_freelist(struct vm_page *);
#endif
#ifndef uvm_page_set_freelist
void uvm_page_set_freelist(struct vm_page *, int);
#endif
#ifndef uvm_lock_fpageq
#define uvm_lock_fpageq()   mutex_spin_enter(&uvm_fpageqlock)
#define uvm_unlock_fpageq() mutex_spin_exit(&uvm_fpageqlock)
#define uvm_lock_pageq()    mutex_enter(&uvm_pageqlock)
#define uvm_unlock_pageq()  mutex_exit(&uvm_pageqlock)
#endif

#ifndef atop
#define atop(x) ((paddr_t)(x) >> PAGE_SHIFT)
#endif
#ifndef ptoa
#define ptoa(x) ((paddr_t)(x) << PAGE_SHIFT)
#endif
#ifndef round_page
#define round_page(x) (((vaddr_t)(x) + PAGE_MASK) & ~(vaddr_t)PAGE_MASK)
#endif
#ifndef trunc_page
#define trunc_page(x) ((vaddr_t)(x) & ~(vaddr_t)PAGE_MASK)
#endif
#ifndef mstohz
#define mstohz(ms) ((ms)*hz / 1000)
#endif

#define _BALLAST_ASSERTION                                                     \
	"kernel assertion \"%s\" failed: file \"%s\", line %d "
#ifdef DIAGNOSTIC
#define _BALLAST_ASSERT(e, msg, ...)                                           \
	((e) ? (void)0                                                         \
	     : panic(_BALLAST_ASSERTION msg, #e, __FILE__, __LINE__,           \
		   ##__VA_ARGS__))
#else
#define _BALLAST_ASSERT(e, ...) ((void)0)
#endif
#ifndef KASSERT
#define KASSERT(e) _BALLAST_ASSERT(e, "")
#endif
#ifndef KASSERTMSG
#define KASSERTMSG(e, ...) _BALLAST_ASSERT(e, __VA_ARGS__)
#endif
#ifndef KDASSERT
#define KDASSERT(e) KASSERT(e)
#endif
#ifndef KDASSERTMSG
#define KDASSERTMSG(e, ...) KASSERTMSG(e, __VA_ARGS__)
#endif

#endif
