/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * uvm(9): pages, the page allocator's functions, and UVM's statistics.
 */
#ifndef _UVM_UVM_EXTERN_H_
#define _UVM_UVM_EXTERN_H_

#include <sys/types.h>
#ifdef _KERNEL
#include <sys/systm.h>
#include <uvm/uvm_param.h>
#endif

struct uvm_object;
struct vm_anon;
struct vm_page;

/* uvm_pagealloc's flags and strategies */
#define UVM_PGA_USERESERVE     0x0001
#define UVM_PGA_ZERO	       0x0002
#define UVM_PGA_STRAT_NORMAL   0
#define UVM_PGA_STRAT_ONLY     1
#define UVM_PGA_STRAT_FALLBACK 2
#define UVM_PGA_STRAT_NUMA     3

/* uvm_km_alloc's flags */
#define UVM_KMF_WIRED  0x1
#define UVM_KMF_VAONLY 0x2
#define UVM_KMF_NOWAIT 0x4
#define UVM_KMF_ZERO   0x8

/* Pages, unless the name says otherwise. */
struct uvmexp {
	int pagesize; /* bytes */
	int pagemask;
	int pageshift;
	int npages; /* known to UVM */
	int free;
	int paging;
	int wired;
	int active;
	int inactive;
	int ncolors;
	int colormask;
	int zeropages;
	int reserve_pagedaemon;
	int reserve_kernel;
	int freemin; /* the page daemon's lower limit */
	int freetarg;
	int inactarg;
	int wiredmax;
	int swpages;
	int swpginuse;
	int pga_zerohit;
	int pga_zeromiss;
	int kmem_nowait_fails;
	int pdwoke;
	int anonpages;
	int filepages;
	int execpages;
};

#ifdef _KERNEL
extern struct uvmexp uvmexp;

struct vm_page *uvm_pagealloc_strat(
    struct uvm_object *, voff_t, struct vm_anon *, int, int, int);
#define uvm_pagealloc(obj, off, anon, flags)                                   \
	uvm_pagealloc_strat(                                                   \
	    (obj), (off), (anon), (flags), UVM_PGA_STRAT_NORMAL, 0)
void uvm_wait(const char *);
int uvm_availmem(bool);
void uvm_estimatepageable(int *, int *);

void uvm_setpagesize(void);

#include <uvm/uvm_pmap.h>
#endif /* _KERNEL */

#include <uvm/uvm_prot.h>
#include <uvm/uvm_page.h>
#include <uvm/uvm_physseg.h>

#endif /* !_UVM_UVM_EXTERN_H_ */
