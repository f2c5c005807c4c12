/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The texts of `ballast explain`: what each invariant means, how and when it is checked, what it can't see and what
 * usually breaks it. docs/invariants.md has the same sentences; a test compares them.
 */
#include "sim/invariants/explanations.h"

#include <assert.h>
#include <stddef.h>

static const struct invariant_explanation explanations[NR_INVARIANTS] = {
    [INVARIANT_FRAME_CONSERVATION] =
        {
            .checked = "After each reservation call and at rest, the sums of Xen's counters; at rest, too, "
                       "the free lists are counted when enough has moved since the last time.",
            .blind = "Two errors of the same size that cancel out between two rests.",
            .broken_by = "An error in the model or in Xen, not in a driver: a frame freed twice, a claim "
                         "counted twice.",
            .example = "the host has 131072 frames, but 114281 free + 16384 owned by domains + 21 overhead "
                       "are 130686 at rest",
        },
    [INVARIANT_RESERVATION] =
        {
            .checked =
                "After each reservation call the new reservation against the maximum; at rest the counter "
                "against the frames that its P2M names or, where they differ, against all in its name.",
            .blind = "A maximum lowered below the reservation is allowed: only growing past it is not.",
            .broken_by =
                "An error in the model or in Xen: a limit compared off by one, a maximum cut to 32 bits.",
            .example = "a call gave nb 512 pages more, to a reservation of 16896 pages; its maximum is 16640",
        },
    [INVARIANT_P2M_M2P] =
        {
            .checked = "When a page reaches the allocator, when a frame leaves its domain, and for every P2M "
                       "entry and every owned frame at rest.",
            .blind = "A guest's stores into its P2M are invisible until then; an entry that is wrong and put "
                     "right in between is not seen.",
            .broken_by = "A P2M entry not invalidated before its frame goes back; a failed step undone on "
                         "one side only.",
            .example = "nb releases mfn 0x8123 while P2M[0x3fff] still names it",
        },
    [INVARIANT_P2M_BOUNDS] =
        {
            .checked = "A mark behind the last entry is looked at after each reservation call and at rest; a "
                       "write further on is trapped and ends the guest.",
            .blind = "A write behind the P2M's end that puts the mark's own value there; reads past the end.",
            .broken_by = "Plugging behind the end of memory without asking how long the P2M is (p2m=exact "
                         "has no room to grow).",
            .example = "nb wrote past the end of its P2M, which has 32768 entries (up to pfn 0x7fff)",
        },
    [INVARIANT_NO_ALIAS] =
        {
            .checked = "At rest, over the whole P2M.",
            .blind = "An alias that is gone again by the next rest.",
            .broken_by = "The same frame of a batch bound twice: an index that isn't advanced, a list read "
                         "again after a short answer.",
            .example = "mfn 0x8123 of nb is named by two pfns, 0x4000 and 0x4001",
        },
    [INVARIANT_NO_LEAK] =
        {
            .checked = "At rest, every owned frame, against the segments that a walk with the kernel's own "
                       "getters finds. The event of the loss is the first refusal after the frame was given "
                       "or bound last, or that event itself. An HVM guest's frame buffer and the page of a "
                       "PVH dom0's ACPI tables are named where the builder put them.",
            .blind = "Pages that the kernel allocated and forgot: their frames have a name. A domain that "
                     "attaches no driver and announces no segment (a probe) is not judged.",
            .broken_by = "A plug that fails in the middle of a batch: the rest of the frames is neither "
                         "bound nor given back.",
            .example = "413 frames of nb named by no plugged pfn (first mfn 0x8123, given or bound last at "
                       "event 2630)",
        },
    [INVARIANT_BACKED_BEFORE_USE] =
        {
            .checked = "At the very moment at which each page is handed to the guest's allocator.",
            .blind = "A page that is used without ever going through the allocator.",
            .broken_by = "A page freed or plugged before the queued M2P updates are flushed; the M2P update "
                         "forgotten; the P2M set after the plug; the page freed before `update_va_mapping`.",
            .example = "pfn 0x4000 of nb was handed to the guest's allocator before the M2P entry of its "
                       "frame was flushed: M2P[0x8123] is 0xffffffffffffffff",
        },
    [INVARIANT_ACCOUNTING] =
        {
            .checked =
                "When the driver's thread sleeps and at rest, never inside a plug or unplug; idle objects of "
                "caches when a plug begins and when an allocation failed, unless memory is so short that the "
                "kernel takes them back by itself; at rest, how much more is allocated than when as many "
                "pages "
                "were managed and ballooned after attach, whose the pages in use are, and whether new pages "
                "were plugged while ballooned ones got no frame.",
            .blind =
                "Up to 64 allocations, and 256 KiB and two P2Ms, that are kept for good; up to 64 pages that "
                "were allocated and forgotten; ballooned pages that were forgotten, by a driver that never "
                "grows "
                "again or gave up frames before the next rest, too.",
            .broken_by =
                "A count of the kernel's memory not changed, or changed twice, with a plug or an "
                "unplug; growing while a cache of objects holds pages that were given back to it; a balloon "
                "that begins anew when its guest was saved and restored.",
            .example = "present pages of nb went from 16384 to 16384 since boot, a change of 0 pages, but "
                       "512 were plugged less unplugged",
        },
    [INVARIANT_SEGMENTS] =
        {
            .checked = "Each plug and unplug that returned true, against what was plugged before; at rest a "
                       "walk with the kernel's getters, against both, and the highest frame and the validity "
                       "of handles as "
                       "segment code tells them.",
            .blind = "A page's structure shared by two different segments is seen only if one walk meets it "
                     "twice in a segment.",
            .broken_by = "The same range plugged twice, pages' structures that overlap, a range past the end "
                         "of the P2M.",
            .example = "nb plugged [0x4000, 0x4200), of which a part was plugged already",
        },
    [INVARIANT_ROLLBACK] =
        {
            .checked =
                "Counters and allocations when plug or unplug returns false; P2M, M2P, frames and the "
                "end of memory when the driver's thread sleeps next, the end of memory also when it goes on "
                "behind what was refused; kernel memory and pools when attach was refused a watch or a "
                "thread "
                "and gave up.",
            .blind =
                "Free pages and allocations are not compared when another thread ran inside the call; nodes, "
                "mutexes and condition variables that a failed attach leaves.",
            .broken_by = "An error path that undoes one page of a batch, frees one allocation of two, or "
                         "leaves the end of memory where success would have put it.",
            .example =
                "a plug by nb returned false, and when its thread slept next, 413 of the 512 frames taken "
                "for it were neither used nor given back (first mfn 0x8123, reservation 16896 pages)",
        },
    [INVARIANT_NO_OVERSHOOT] =
        {
            .checked = "After each reservation call of a domain whose driver attached; at rest, frames that "
                       "were taken and never used.",
            .blind =
                "A target that reaches the driver by another way than memory/target, and that no kernel "
                "tells of; what "
                "a driver does while the thread that read a new target is ready to run, and gets no "
                "processor. When a user of the guest sets a target in that time, the thread may set the one "
                "that it read before that or behind it, and which of them comes last can't be seen: both "
                "hold for this invariant, `floor` and `last-target-wins`, until the guest reads a target, or "
                "is given one when no such thread waits.",
            .broken_by =
                "KiB taken for pages, a last step that isn't cut to what is left, a second step towards "
                "a target that is no longer the one.",
            .example = "nb grew from 32512 to 33024 pages, 256 past its target of 32768 (131072 KiB)",
        },
    [INVARIANT_FLOOR] =
        {
            .checked =
                "At rest: the lowest reservation since the last rest against the node min, what that was set "
                "to against "
                "freemin and 256 pages, each node against "
                "Xen's numbers, the numbers and limits in the documented messages against the facts then: of "
                "a "
                "short reservation call, of the frames that were plugged, of a target that is out of reach.",
            .blind = "A minimum that was changed since the last rest; messages of other forms; with threads "
                     "switched by a seed, a message with a reservation that is out of date, if it was right "
                     "since the target was written.",
            .broken_by = "Pages shown as KiB, a node that is read from a variable nobody updates, a minimum "
                         "that is checked for sysctl and not for xenstore.",
            .example =
                "the driver's node current of nb says 16384 KiB; what Xen counts is 65536 KiB (16384 pages)",
        },
    [INVARIANT_LAST_TARGET_WINS] =
        {
            .checked =
                "At rest, against what the guest read last from memory/target, of an HVM guest less the "
                "VGA hole, for which it has no frames. A driver whose timer is armed may take ten "
                "minutes to say why.",
            .blind =
                "Whether a reason in words that the kernel's description doesn't have is true: any such line "
                "since the target counts. With holes in the boot map, or threads switched by a seed, a "
                "clipped target is believed. A target of which a fault kept the "
                "driver from hearing, until it is told again.",
            .broken_by = "A target that arrives in the middle of a step and is overwritten by its end; a "
                         "short answer taken for the end; no retry after a refusal; no word about it.",
            .example = "the reservation of nb is 16483 pages, 16285 from its target of 32768; it was "
                       "refused, and no timer is armed to try again",
        },
    [INVARIANT_PROGRESS] =
        {
            .checked =
                "Port calls and basic blocks against pages moved, refusals of Xen's and of the kernel's own "
                "memory in a row and the pauses "
                "between attempts without effect, as they happen; virtual time when a settle gives "
                "up. After 2,048 attempts in a row, in haste and without any effect, or four times "
                "the basic blocks allowed, the run ends; so it does when 64 MiB were recorded since "
                "something last came from outside, and 256 bytes for each page that moved or has to. What is "
                "tried again and again is counted by the hour of virtual time, not over years. At rest, "
                "whether a request in "
                "control/shutdown has been read.",
            .blind = "Time that a real machine would take, other than by the basic blocks it runs; on the "
                     "real Xen nobody counts those.",
            .broken_by = "Trying again at once, a pause that doesn't grow or starts over after each failure, "
                         "work per page that grows with what is plugged; a sleep after each step.",
            .example = "nb was refused 128 times since event 2841 at a reservation of 16483 pages, and tried "
                       "again each time without sleeping",
        },
    [INVARIANT_ISOLATION] =
        {
            .checked = "Each frame that a living domain gives back, at that call; every P2M entry at rest.",
            .blind = "Contents that no workload wrote; a frame that was still mapped when it was given back "
                     "and goes later.",
            .broken_by = "A page given back without having been zeroed; a stale P2M entry kept while its "
                         "frame went on to another domain.",
            .example = "12 of 512 frames left nb with a workload's contents in them, not zeroed (first mfn "
                       "0x8123, stamp 0x8000000000000041)",
        },
    [INVARIANT_INTEGRITY] =
        {
            .checked = "Whenever a workload reads its pages back: verify, churn and release.",
            .blind = "Pages that no workload holds.",
            .broken_by = "A page in use taken for the balloon, a frame bound to two pages, a stale mapping "
                         "used after a page came back.",
            .example = "pfn 0x1200 of nb: the workload wrote 0x8000000000000041 and read back "
                       "0x0000000000000000; the page changed under it",
        },
    [INVARIANT_TOOLSTACK] =
        {
            .checked = "After each accepted xl mem-set and xl mem-max.",
            .blind = "xm, and targets written past the toolstack.",
            .broken_by = "A toolstack that writes one of the three and not the others: xl before 4.17 left "
                         "static-max alone in mem-max.",
            .example = "after `xl mem-max nb 256m` memory/static-max of nb is 131072 KiB, not 262144",
        },
    [INVARIANT_GUEST_CONTAINED] =
        {
            .checked =
                "Whenever a guest panics, is stopped by a trap, or its runtime sees an interface misused; "
                "and when a driver's reservation call has mem_flags that Xen gives no meaning to. "
                "A write around a static object of the driver's files is seen at the next plug, unplug or "
                "memory_op, when a thread of the driver's sleeps, and at rest; one behind an allocation of "
                "the driver's when that is freed, and at rest.",
            .blind = "What a wrong access finds in the guest's own memory without a trap: reads, and writes "
                     "more than 128 bytes behind a static object or 64 in front of it, or around one of 8 "
                     "bytes or fewer.",
            .broken_by =
                "An assertion or panic where false should be returned, a wild pointer, a lock "
                "entered twice or held over a sleep, an interrupt level left raised, memory used after "
                "it was freed, a structure for Xen that was not cleared.",
            .example = "nb panicked: tried to add memory before the allocator was there",
        },
    [INVARIANT_STALE_TRANSLATION] =
        {
            .checked = "At each read and write of a page through the window where frames are mapped: was the "
                       "entry changed since it was used last, and neither UVMF_INVLPG nor a flush of the TLB "
                       "came between?",
            .blind = "A flush that is missing where nobody uses the mapping again; other processors' TLBs, "
                     "since a domain has one vcpu. What Xen itself or another vcpu on the processor dropped "
                     "is no fault.",
            .broken_by =
                "update_va_mapping without UVMF_INVLPG, a flush that is left for later or is meant for "
                "another address.",
            .example = "nb wrote to a page of its window that names mfn 0x8200 now, and named 0x8123 before, "
                       "without a flush between; the write went to mfn 0x8123",
        },
};

const struct invariant_explanation *invariant_explain(enum invariant which)
{
    assert((unsigned)which < NR_INVARIANTS);
    assert(explanations[which].checked != NULL);
    return &explanations[which];
}
