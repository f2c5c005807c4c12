/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a user's options change in the kernel's interface: compiled with them,
 * beside the file, for the rest of the world is not.
 */
#include <sys/param.h>
#include <uvm/uvm.h>

extern const size_t world_page_bytes;
extern const unsigned world_slots;
extern const bool world_sorted;

const size_t world_page_bytes = sizeof(struct vm_page);
const unsigned world_slots = VM_PHYSSEG_MAX;
#if defined(UVM_HOTPLUG) || VM_PHYSSEG_STRAT == VM_PSTRAT_BSEARCH
const bool world_sorted = true;
#else
const bool world_sorted = false;
#endif
