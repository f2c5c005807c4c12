/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a guest does by itself when Xen translates for it (type=pvh), and asks Xen for when it is PV: its descriptor tables, and
 * entries of its page tables, which name gfns.
 */
#ifndef GUEST_PV_PVH_H
#define GUEST_PV_PVH_H

#include <stdint.h>
#include <xen/xen.h>

extern int pvh_is_translated; /* 0: it is a PV guest, and has nothing to do here */

/* Before anything else that could fault. */
void pvh_begin(const start_info_t *);
/* Writes the entry of a page of its own, for which its builder made page tables, and touches what is mapped there now. */
void pvh_map(uint64_t va, uint64_t entry);
uint64_t pvh_fault_address(void);

#endif
