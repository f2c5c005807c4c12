/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * struct vm_page: what UVM knows of one physical page. Files of several years
 * name members that no single NetBSD had together; all of them are here.
 */
#ifndef _UVM_UVM_PAGE_H_
#define _UVM_UVM_PAGE_H_

#include <sys/types.h>
#include <sys/queue.h>
#include <sys/rbtree.h>
#include <sys/mutex.h>
#include <uvm/uvm_extern.h>
#include <uvm/uvm_physseg.h>
#include <uvm/uvm_pglist.h>

/*
 * A build with -D__HAVE_VM_PAGE_MD gives each page a part of pmap's own.
 */
#ifdef __HAVE_VM_PAGE_MD
struct vm_page_md {
	uint32_t mdpg_attrs;
};
#define VM_MDPAGE_INIT(pg) ((pg)->mdpage.mdpg_attrs = 0)
#endif

struct uvm_object;
struct vm_anon;

struct vm_page {
	union {
		TAILQ_ENTRY(vm_page) queue; /* free list, paging queues */
		LIST_ENTRY(vm_page) list;
	} pageq;
	/*
	 * With options, members move in where the runtime, which is built
	 * without, has others that it doesn't use: nothing else may move.
	 */
#ifdef UVM_PAGE_TRKOWN
	union {
		TAILQ_ENTRY(vm_page) listq;
		struct {
			pid_t owner;
			const char *owner_tag;
		};
	};
#else
	TAILQ_ENTRY(vm_page) listq; /* pages of an object */
#endif
	struct uvm_object *uobject;
	struct vm_anon *uanon;
	voff_t offset;
	paddr_t phys_addr;
	uint32_t flags;	  /* PG_* below */
	uint16_t pqflags; /* PQ_* below */
	uint16_t loan_count;
	uint16_t wire_count;
	uint16_t free_list; /* VM_FREELIST_* */
#ifdef __HAVE_VM_PAGE_MD
	struct vm_page_md mdpage;
#else
	uint32_t __mdpage_room;
#endif
	kmutex_t interlock;
};

/* flags */
#define PG_CLEAN    0x0001
#define PG_DIRTY    0x0002
#define PG_BUSY	    0x0004
#define PG_PAGEOUT  0x0008
#define PG_RELEASED 0x0010
#define PG_FAKE	    0x0020
#define PG_RDONLY   0x0040
#define PG_ZERO	    0x0080
#define PG_TABLED   0x0100
#define PG_AOBJ	    0x0200
#define PG_ANON	    0x0400
#define PG_FILE	    0x0800
#define PG_WANTED   0x1000
#define PG_FREE	    0x2000
#define PG_MARKER   0x4000
#define PG_PAGER1   0x8000

/* pqflags: PQ_FREE is how older files name PG_FREE */
#define PQ_FREE	      0x0001
#define PQ_ANON	      0x0002
#define PQ_AOBJ	      0x0004
#define PQ_SWAPBACKED (PQ_ANON | PQ_AOBJ)
#define PQ_PRIVATE1   0x0100
#define PQ_PRIVATE2   0x0200

#define UVM_PAGE_TREE_PENALTY 4

#ifdef _KERNEL
struct vm_page *uvm_phys_to_vm_page(paddr_t);
paddr_t uvm_vm_page_to_phys(const struct vm_page *);
#define PHYS_TO_VM_PAGE(pa) uvm_phys_to_vm_page(pa)
#define VM_PAGE_TO_PHYS(pg) ((pg)->phys_addr)

void uvm_page_init(vaddr_t *, vaddr_t *);
void uvm_pagefree(struct vm_page *);
void uvm_pagezero(struct vm_page *);
void uvm_pagecopy(struct vm_page *, struct vm_page *);
void uvm_pagewire(struct vm_page *);
void uvm_pageunwire(struct vm_page *);
void uvm_pagedeactivate(struct vm_page *);
void uvm_pageactivate(struct vm_page *);

int uvm_page_lookup_freelist(struct vm_page *);
int uvm_page_get_freelist(struct vm_page *);
static __inline void
uvm_page_set_freelist(struct vm_page *pg, int free_list)
{
	pg->free_list = (uint16_t)free_list;
}
bool uvm_pageismanaged(paddr_t);
bool uvm_page_locked_p(struct vm_page *);
bool uvm_page_owner_locked_p(struct vm_page *, bool);

#ifdef UVM_PAGE_TRKOWN
void uvm_page_own(struct vm_page *, const char *);
#define UVM_PAGE_OWN(pg, tag) uvm_page_own((pg), (tag))
#else
#define UVM_PAGE_OWN(pg, tag)
#endif
#endif /* _KERNEL */

#endif /* !_UVM_UVM_PAGE_H_ */
