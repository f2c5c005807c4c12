/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * uvm_hotplug(9): segments of physical memory. Start, end and frames are page
 * frame numbers; ends are exclusive. A handle's type differs by the option
 * UVM_HOTPLUG: a pointer with it, an index into a static array without.
 */
#ifndef _UVM_UVM_PHYSSEG_H_
#define _UVM_UVM_PHYSSEG_H_

#if defined(_KERNEL_OPT)
#include "opt_uvm_hotplug.h"
#endif

#include <sys/cdefs.h>
#ifdef _KERNEL
#include <sys/param.h>
#endif
#include <sys/types.h>

struct vm_page;

/* how the static array is ordered and searched */
#define VM_PSTRAT_RANDOM   1
#define VM_PSTRAT_BSEARCH  2
#define VM_PSTRAT_BIGFIRST 3

#ifdef UVM_HOTPLUG
typedef struct uvm_physseg *uvm_physseg_t;
#define PRIxPHYSSEG			  "p"
#define UVM_PHYSSEG_TYPE_INVALID	  NULL
#define UVM_PHYSSEG_TYPE_INVALID_EMPTY	  NULL
#define UVM_PHYSSEG_TYPE_INVALID_OVERFLOW NULL
#else
typedef int uvm_physseg_t;
#define PRIxPHYSSEG			  "d"
#define UVM_PHYSSEG_TYPE_INVALID	  (-1)
#define UVM_PHYSSEG_TYPE_INVALID_EMPTY	  (-1)
#define UVM_PHYSSEG_TYPE_INVALID_OVERFLOW (uvm_physseg_get_last() + 1)
#endif

/*
 * The start hint was a u_int before it became a u_long: a build of such a file
 * says -DUVM_PHYSSEG_HINT_T=u_long.
 */
#ifdef UVM_PHYSSEG_HINT_T
typedef UVM_PHYSSEG_HINT_T __uvm_physseg_hint_t;
#else
typedef u_int __uvm_physseg_hint_t;
#endif

void uvm_physseg_init(void);

/* walking; none of them changes anything */
bool uvm_physseg_valid_p(uvm_physseg_t);
uvm_physseg_t uvm_physseg_get_first(void);
uvm_physseg_t uvm_physseg_get_last(void);
uvm_physseg_t uvm_physseg_get_next(uvm_physseg_t);
uvm_physseg_t uvm_physseg_get_prev(uvm_physseg_t);
uvm_physseg_t uvm_physseg_find(paddr_t, psize_t *);
paddr_t uvm_physseg_get_highest_frame(void);

/* of one segment: (paddr_t)-1 for an invalid handle */
paddr_t uvm_physseg_get_start(uvm_physseg_t);
paddr_t uvm_physseg_get_end(uvm_physseg_t);
paddr_t uvm_physseg_get_avail_start(uvm_physseg_t);
paddr_t uvm_physseg_get_avail_end(uvm_physseg_t);
struct vm_page *uvm_physseg_get_pg(uvm_physseg_t, paddr_t);
/* a program says __HAVE_PMAP_PHYSSEG behind this, perhaps */
#if defined(__HAVE_PMAP_PHYSSEG) || !defined(_KERNEL)
struct pmap_physseg;
struct pmap_physseg *uvm_physseg_get_pmseg(uvm_physseg_t);
#endif
int uvm_physseg_get_free_list(uvm_physseg_t);
__uvm_physseg_hint_t uvm_physseg_get_start_hint(uvm_physseg_t);
bool uvm_physseg_set_start_hint(uvm_physseg_t, __uvm_physseg_hint_t);

/* pmap's boot code moves what is available */
void uvm_physseg_set_avail_start(uvm_physseg_t, paddr_t);
void uvm_physseg_set_avail_end(uvm_physseg_t, paddr_t);

/* at boot: start, end, avail_start, avail_end, free list */
uvm_physseg_t uvm_page_physload(paddr_t, paddr_t, paddr_t, paddr_t, int);
bool uvm_page_physunload(uvm_physseg_t, int, paddr_t *);
bool uvm_page_physunload_force(uvm_physseg_t, int, paddr_t *);

/* after boot: first frame, pages */
bool uvm_physseg_plug(paddr_t, size_t, uvm_physseg_t *);
bool uvm_physseg_unplug(paddr_t, size_t);
/* as the first patch called them */
#define uvm_physmem_plug   uvm_physseg_plug
#define uvm_physmem_unplug uvm_physseg_unplug

/* for uvm_page_init only: the slab that the boot segments' pages come from */
void uvm_physseg_init_seg(uvm_physseg_t, struct vm_page *);
void uvm_physseg_seg_chomp_slab(uvm_physseg_t, struct vm_page *, size_t);
struct vm_page *uvm_physseg_seg_alloc_from_slab(uvm_physseg_t, size_t);

#endif /* !_UVM_UVM_PHYSSEG_H_ */
