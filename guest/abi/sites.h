/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The fault sites: each place where a scenario's `fault` may refuse, and what a refusal may be there.
 * The one table that the language, the model, the guests' runtimes, the docs and `ballast list faults`
 * read. It holds no behaviour.
 *
 *   X(ID, "name", KERNEL, CLASS, ANSWER, ERROR, PAGES, END, BARS, "what a refusal looks like",
 *     "why the interface allows it")
 *
 * KERNEL XEN: the model answers so, before the call has done anything beyond what it says. Otherwise the
 *        family of the kernels that have the site; their runtime asks over the debug port before the call.
 * CLASS  INTERFACE: a real machine can do it. HOSTILE: none does; off unless asked for by name.
 * ANSWER SHORT: a refusal may say how many extents are done, short=. ERRNO: it may say an error number,
 *        errno=. FIXED: the interface knows one answer only.
 * ERROR  the error number of a refusal that says none; 0 where the call answers short.
 * PAGES  PAGED: the caller says which pfns it is about, so that page= can mark one. UNPAGED: it doesn't.
 * END    the note with which the runtime tells that the call returned; NONE: it is seen only when it is
 *        entered. At a site of XEN a call always returns.
 * BARS   what a refusal keeps a driver from: MOVING toward its target, READING its target, or NOTHING of both.
 */
#ifndef GUEST_ABI_SITES_H
#define GUEST_ABI_SITES_H

#define FAULT_SITES(X) \
    X(INCREASE_RESERVATION, "increase_reservation", XEN, INTERFACE, SHORT, 0, UNPAGED, NONE, MOVING, \
        "returns short= extents (0)", \
        "measured on Xen 4.17: a host or a maximum that runs out answers short, never negative") \
    X(POPULATE_PHYSMAP, "populate_physmap", XEN, INTERFACE, SHORT, 0, UNPAGED, NONE, MOVING, \
        "returns short= extents (0)", "measured on Xen 4.17: as increase_reservation") \
    X(DECREASE_RESERVATION, "decrease_reservation", XEN, INTERFACE, SHORT, 0, UNPAGED, NONE, MOVING, \
        "returns short= extents (0)", "measured on Xen 4.17: stops at the first frame it can't release") \
    X(INCREASE_RESERVATION_ERRNO, "increase_reservation.errno", XEN, HOSTILE, ERRNO, ENOMEM, UNPAGED, NONE, \
        MOVING, "returns -errno=", "no Xen was seen to answer negative here") \
    X(DECREASE_RESERVATION_ERRNO, "decrease_reservation.errno", XEN, HOSTILE, ERRNO, ENOMEM, UNPAGED, NONE, \
        MOVING, "returns -errno=", "no Xen was seen to answer negative here") \
    X(MMU_UPDATE, "mmu_update", XEN, HOSTILE, ERRNO, EINVAL, UNPAGED, NONE, MOVING, \
        "returns -errno= (EINVAL)", "measured on Xen 4.17: fails only for a frame that isn't the caller's") \
    X(XENSTORE_READ, "xenstore.read", XEN, INTERFACE, ERRNO, EAGAIN, UNPAGED, NONE, READING, \
        "error errno= (EAGAIN)", "xenstore protocol: any request may be answered by XS_ERROR") \
    X(XENSTORE_WRITE, "xenstore.write", XEN, INTERFACE, ERRNO, EAGAIN, UNPAGED, NONE, NOTHING, \
        "error errno= (EAGAIN)", \
        "xenstore protocol: any request may be answered by XS_ERROR; quota gives E2BIG, ENOSPC") \
    X(XENSTORE_WATCH, "xenstore.watch", XEN, INTERFACE, ERRNO, E2BIG, UNPAGED, NONE, NOTHING, \
        "error errno= (E2BIG)", "xenstore protocol: quota of watches") \
    X(UVM_PHYSSEG_PLUG, "uvm_physseg_plug", NETBSD, INTERFACE, FIXED, ENOMEM, PAGED, PLUG_END, MOVING, \
        "false, before the call", "uvm_hotplug(9): plug returns false on failure") \
    X(UVM_PHYSSEG_UNPLUG, "uvm_physseg_unplug", NETBSD, INTERFACE, FIXED, ENOMEM, PAGED, UNPLUG_END, MOVING, \
        "false, before the call", "uvm_hotplug(9): unplug returns false on failure") \
    X(KMEM_UVM_PHYSSEG, "kmem.uvm_physseg", NETBSD, INTERFACE, FIXED, ENOMEM, UNPAGED, NONE, MOVING, \
        "NULL from a KM_NOSLEEP allocation inside physseg code", \
        "kmem(9): KM_NOSLEEP may return NULL; KM_SLEEP may not, and is never refused") \
    X(EXTENT_UVM_PHYSSEG, "extent.uvm_physseg", NETBSD, INTERFACE, FIXED, ENOMEM, UNPAGED, NONE, MOVING, \
        "ENOMEM from an EX_NOWAIT allocation inside physseg code", \
        "extent(9): EX_NOWAIT may fail for want of a descriptor") \
    X(KMEM_DRIVER, "kmem.driver", NETBSD, INTERFACE, FIXED, ENOMEM, UNPAGED, NONE, MOVING, \
        "NULL from a KM_NOSLEEP allocation outside physseg code", "kmem(9): as above") \
    X(POOL_CACHE_GET, "pool_cache_get", NETBSD, INTERFACE, FIXED, ENOMEM, UNPAGED, NONE, MOVING, \
        "NULL with PR_NOWAIT", \
        "pool_cache(9): PR_NOWAIT may return NULL; PR_WAITOK gives NULL only when the constructor fails") \
    X(UVM_PAGEALLOC, "uvm_pagealloc", NETBSD, INTERFACE, FIXED, ENOMEM, UNPAGED, NONE, MOVING, "NULL", \
        "uvm(9): uvm_pagealloc returns NULL when no page is free") \
    X(KTHREAD_CREATE, "kthread_create", NETBSD, INTERFACE, ERRNO, ENOMEM, UNPAGED, NONE, NOTHING, \
        "errno= (ENOMEM)", "kthread(9): returns an error number on failure")

enum fault_site {
#define X(id, name, kernel, class, answer, error, pages, end, bars, refusal, source) FAULT_SITE_##id,
    FAULT_SITES(X)
#undef X
        NR_FAULT_SITES
};

#endif
