/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What this kernel says of itself to the harness (guest/abi/kernel.h), where
 * its own code needs the same facts: fault sites, functions that a scenario
 * may call, the driver's nodes. Each stands here once.
 */
#ifndef KERN_DESCRIPTION_H
#define KERN_DESCRIPTION_H

#include "guest/abi/sites.h"

/* X(ID, "name and options", "what a refusal is", "why it may be") */
#define NETBSD_SITES(X)                                                        \
	X(UVM_PHYSSEG_PLUG, "uvm_physseg_plug interface pages ends=plug",      \
	    "false, before the call",                                          \
	    "uvm_hotplug(9): plug returns false on failure")                   \
	X(UVM_PHYSSEG_UNPLUG,                                                  \
	    "uvm_physseg_unplug interface pages ends=unplug",                  \
	    "false, before the call",                                          \
	    "uvm_hotplug(9): unplug returns false on failure")                 \
	X(KMEM_UVM_PHYSSEG, "kmem.uvm_physseg interface bytes",                \
	    "NULL from a KM_NOSLEEP allocation inside physseg code",           \
	    "kmem(9): KM_NOSLEEP may return NULL; KM_SLEEP may not, and is "   \
	    "never refused")                                                   \
	X(EXTENT_UVM_PHYSSEG, "extent.uvm_physseg interface",                  \
	    "ENOMEM from an EX_NOWAIT allocation inside physseg code",         \
	    "extent(9): EX_NOWAIT may fail for want of a descriptor")          \
	X(KMEM_DRIVER, "kmem.driver interface bytes",                          \
	    "NULL from a KM_NOSLEEP allocation outside physseg code",          \
	    "kmem(9): as above")                                               \
	X(POOL_CACHE_GET, "pool_cache_get interface bytes",                    \
	    "NULL with PR_NOWAIT",                                             \
	    "pool_cache(9): PR_NOWAIT may return NULL; PR_WAITOK gives NULL "  \
	    "only when the constructor fails")                                 \
	X(UVM_PAGEALLOC, "uvm_pagealloc interface", "NULL",                    \
	    "uvm(9): uvm_pagealloc returns NULL when no page is free; each "   \
	    "page "                                                            \
	    "that uvm_pglistalloc would give, too, counts as a call")          \
	X(KTHREAD_CREATE, "kthread_create interface errno bars=nothing",       \
	    "errno= (ENOMEM)",                                                 \
	    "kthread(9): returns an error number on failure")

enum netbsd_fault_site {
	NETBSD_SITES_BEGIN = FAULT_SITE_OF_KERNEL - 1,
#define X(id, words, refusal, source) FAULT_SITE_##id,
	NETBSD_SITES(X)
#undef X
};

/* X("command that is typed inside the guest", what runs it) */
#define NETBSD_COMMANDS(X)                                                     \
	X("sysctl", agent_sysctl)                                              \
	X("xenstore-read", agent_xenstore_read)                                \
	X("xenstore-write", agent_xenstore_write)                              \
	X("xenstore-rm", agent_xenstore_rm)                                    \
	X("xenstore-exists", agent_xenstore_exists)                            \
	X("xenstore-list", agent_xenstore_list)                                \
	X("hold", workload_hold)                                               \
	X("churn", workload_churn)                                             \
	X("verify", workload_verify)                                           \
	X("release", workload_release)                                         \
	X("cache", agent_cache)                                                \
	X("plug-cycles", agent_plug_cycles)                                    \
	X("plug-pieces", agent_plug_pieces)                                    \
	X("selftest", agent_selftest)                                          \
	X("misbehave", agent_misbehave)

/* X(function, "its parameters"): agent_call.c calls them. */
#define NETBSD_CALLS(X)                                                        \
	X(uvm_physseg_plug, " pfn pages")                                      \
	X(uvm_physseg_unplug, " pfn pages")                                    \
	X(uvm_physseg_find, " pfn")                                            \
	X(uvm_physseg_get_start, " pfn")                                       \
	X(uvm_physseg_get_end, " pfn")                                         \
	X(uvm_physseg_get_avail_start, " pfn")                                 \
	X(uvm_physseg_get_avail_end, " pfn")                                   \
	X(uvm_physseg_get_highest_frame, "")                                   \
	X(uvm_physseg_get_free_list, " pfn")                                   \
	X(uvm_physseg_valid_p, " pfn")                                         \
	X(uvm_physseg_get_first, "")                                           \
	X(uvm_physseg_get_last, "")                                            \
	X(uvm_physseg_get_next, " pfn")                                        \
	X(uvm_physseg_get_prev, " pfn")                                        \
	X(uvm_physseg_set_avail_start, " pfn to")                              \
	X(uvm_physseg_set_avail_end, " pfn to")                                \
	X(uvm_physseg_init_seg, " pfn")                                        \
	X(uvm_page_physload, " start end avail_start avail_end freelist")      \
	X(uvm_page_physunload, " pfn freelist")                                \
	X(uvm_page_physunload_force, " pfn freelist")

/* X(ID, "its name in the description", "name of its sysctl"): all in KiB. */
#define NETBSD_NODES(X)                                                        \
	X(MIN, "min", "machdep.xen.balloon.min")                               \
	X(CURRENT, "current", "machdep.xen.balloon.current")                   \
	X(TARGET, "target", "machdep.xen.balloon.target")                      \
	X(MAX, "max", "machdep.xen.balloon.max")

#endif /* !KERN_DESCRIPTION_H */
