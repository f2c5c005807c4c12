/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What amd64 tells UVM: its page, how many segments at boot, which free lists.
 * A build may set other limits with KPI_CFLAGS, and a test in user space its
 * own.
 */
#ifndef _MACHINE_VMPARAM_H_
#define _MACHINE_VMPARAM_H_

#ifndef PAGE_SHIFT
#define PAGE_SHIFT 12
#endif
#ifndef PAGE_SIZE
#define PAGE_SIZE (1 << PAGE_SHIFT)
#endif
#ifndef PAGE_MASK
#define PAGE_MASK (PAGE_SIZE - 1)
#endif

#ifndef VM_PHYSSEG_MAX
#define VM_PHYSSEG_MAX 64
#endif

#ifndef VM_PHYSSEG_STRAT
#define VM_PHYSSEG_STRAT VM_PSTRAT_BSEARCH
#endif
#define VM_PHYSSEG_NOADD

#ifndef VM_NFREELIST
#define VM_NFREELIST	    3
#define VM_FREELIST_DEFAULT 0
#define VM_FREELIST_FIRST4G 1
#define VM_FREELIST_FIRST16 2
#endif

#define KERNBASE    0xffffffff80000000UL
#define KERNTEXTOFF (KERNBASE + 0x200000UL)

#endif /* !_MACHINE_VMPARAM_H_ */
