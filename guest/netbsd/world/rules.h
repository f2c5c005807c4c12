/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What has to hold in a small world: RULE(id, name, ours, hard, text). ours:
 * uvm_hotplug(9) does not promise it; hard: nothing is tried behind it.
 */
RULE(PANIC, "panic", false, true, "a call that is in order returns")
RULE(HANG, "hang", false, true, "each call returns")
RULE(SIGNAL, "signal", false, true, "no call uses memory that is not there")
RULE(PANIC_REFUSED, "panic-where-false", true, true,
    "what can't be done is refused by an answer, not by a panic")
RULE(PLUG_REFUSED, "plug-refused", false, false,
    "memory that nobody has is plugged when there is memory for it")
RULE(LOAD_REFUSED, "load-refused", false, false,
    "at boot a segment is loaded as long as there is room")
RULE(LOAD_NONE, "load-none-refused", true, false,
    "a segment of which nothing is available is loaded, too")
RULE(UNPLUG_REFUSED, "unplug-refused", true, false,
    "any part of a segment can be unplugged when its pages are unused")
RULE(UNLOAD_REFUSED, "unload-refused", false, false,
    "at boot a page at an end of a segment is unloaded when it is available")
RULE(OVERLAP, "overlap", false, true,
    "memory that is there is not plugged or loaded again")
RULE(LATE, "late", true, true,
    "after boot nothing is loaded, unloaded, or, without UVM_HOTPLUG, plugged")
RULE(NO_RANGE, "no-range", true, true,
    "a range of no page, or past the last frame, is refused")
RULE(ARGUMENTS, "arguments", true, true,
    "a physload with an available range or a free list that can not be is "
    "refused")
RULE(ABSENT, "absent", false, true,
    "what no segment has can't be unplugged or unloaded")
RULE(IN_USE, "in-use", true, true,
    "pages that UVM or somebody else still uses are not unplugged")
RULE(TAKEN, "taken", false, true,
    "what an unplug says it has taken is in no segment any more")
RULE(HANDLE_GIVEN, "handle-given", false, false,
    "plug and physload give the handle of what they made")
RULE(HANDLE_STAYS, "handle-stays", true, false,
    "a handle stays good when an end of its segment is unplugged")
RULE(SLAB, "slab", true, false,
    "the slab gives each struct vm_page once, and a segment its own")
RULE(AVAIL_RANGE, "avail-range", true, true,
    "an available range that can not be is not set")
RULE(UNLOADED, "unloaded", false, true,
    "physunload tells an available page, and takes it and no other away")
RULE(FIND, "find", false, true, "find knows each frame's segment and offset")
RULE(WALK, "walk", false, true,
    "first, next, previous and last lead through all segments")
RULE(WALK_ENDS, "walk-ends", false, false,
    "a walk ends with the value that uvm_hotplug(9) names")
RULE(WALK_SORTED, "walk-sorted", true, false,
    "segments are met in the order of their frames")
RULE(LIMIT, "boot-limit", true, true,
    "at boot there are no more segments than VM_PHYSSEG_MAX")
RULE(HIGHEST, "highest-frame", false, false,
    "get_highest_frame is the last frame of all")
RULE(BOUNDS, "bounds", false, true, "a segment begins before it ends")
RULE(AVAIL, "avail", false, false,
    "the available frames of a segment are those that were said to be")
RULE(FREE_LIST, "free-list", false, false,
    "get_free_list is the list that the segment was loaded for")
RULE(HINT, "start-hint", false, false, "a start hint that is set is kept")
RULE(HINT_PAST, "start-hint-past", true, false,
    "a start hint is an index of one of the segment's pages")
RULE(VALID, "valid", false, false, "valid_p knows each segment")
RULE(INVALID, "invalid-handle", false, false,
    "an invalid handle is told from a valid one by all that "
    "uvm_hotplug(9) says it of")
RULE(INVALID_OTHER, "invalid-handle-elsewhere", true, false,
    "an invalid handle does no harm to the other functions either")
RULE(PAGE, "page", false, true,
    "get_pg gives each frame's own struct vm_page, with its address")
RULE(PAGE_EARLY, "page-early", true, false,
    "get_pg gives NULL before the struct vm_pages are made")
RULE(PAGE_PAST, "page-past", true, false,
    "get_pg gives NULL behind the last page of a segment")
RULE(PAGE_ZERO, "page-zero", false, false,
    "a struct vm_page comes to UVM without what its memory held before")
RULE(
    PAGE_LIST, "page-list", true, false, "a struct vm_page knows its free list")
RULE(PAGE_LOCK, "page-lock", true, false,
    "a struct vm_page's lock is initialised while it is there, and no longer")
RULE(PAGE_KNOWN, "page-known", true, false,
    "a page is found by its frame when UVM gets it")
RULE(FREED, "freed", false, true,
    "each available page comes to UVM once, and no other does")
RULE(NPAGES, "npages", false, false, "uvmexp.npages counts the available pages")
RULE(PHYSMEM, "physmem", false, false, "physmem counts all pages")
RULE(FREE_ABOVE, "free-above-npages", true, false,
    "uvmexp.free never counts more pages than uvmexp.npages")
RULE(REINIT, "reinit", true, false,
    "uvmpdpol_reinit is called when the number of pages has changed")
RULE(SLEEPS, "sleeps", true, false, "no call waits for memory (KM_SLEEP)")
RULE(MEMORY, "memory", false, true,
    "memory is freed once, by its address and size, and used only between")
RULE(LOCK_UNMADE, "lock-unmade", false, false,
    "no lock is destroyed that was not initialised")
RULE(LOCK_FREED, "lock-freed", false, false,
    "no lock that was initialised is in memory that is freed")
RULE(CHANGES, "changes", false, true, "a call that fails changes nothing")
RULE(LEAK, "leak", false, false,
    "what is plugged and unplugged again and again holds no more memory each "
    "time")
RULE(KEPT, "kept", true, false, "when all is unplugged, no memory is held")
RULE(INIT_TWICE, "init-twice", true, true,
    "a segment that has its struct vm_pages is not given others")
RULE(FIELDS, "late-avail", true, false,
    "what is available does not change once UVM has the pages")
