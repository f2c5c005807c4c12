/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a run took, in numbers that can stand beside those of another kernel. All guests but dom0 are counted together. Virtual
 * time is the model's, and says nothing of a real machine's; the other numbers are what the guests did.
 */
#ifndef REPORTS_MEASURES_H
#define REPORTS_MEASURES_H

#include <stdbool.h>
#include <stdio.h>

#include "reports/reading.h"

/* Tables of measures: the first is what is printed when nobody asks for more. X(ID, "name", "what it is about") */
#define MEASURE_TABLES(X) \
    X(SUMMARY, "summary", "what it took") \
    X(STEPS, "steps", "how it went there") \
    X(MEMORY, "memory", "the guest's memory") \
    X(HOST, "host", "the host's memory") \
    X(GROWTH, "growth", "what its growth is worth, by runs of their own")

enum measure_table {
#define X(id, name, about) MEASURES_##id,
    MEASURE_TABLES(X)
#undef X
        NR_MEASURE_TABLES
};

#define MEASURE_UNKNOWN UINT64_MAX /* the recording does not say */

/* How a number is printed in a table. */
enum measure_unit { MEASURE_COUNT, MEASURE_NS };

/* Why some runs do not say a number. */
#define UNTOLD_BY_KERNEL "its kernel does not say it, or no settle asked"
#define UNTOLD_OF_PV     "a PV guest's memory is in its own page tables, in none of Xen's"
#define UNTOLD_BY_GROWTH "that run was not made, or one of both ended early"

/* X(member, TABLE, UNIT, "name for programs", "column's head", "meaning", "why some runs do not say it; or \"\"") */
#define MEASURES(X) \
    X(to_targets_ns, SUMMARY, NS, "to_targets_ns", "to targets", \
        "from each accepted mem-set to the last step toward it, added up", "") \
    X(missed_pages, SUMMARY, COUNT, "missed_pages", "missed", \
        "pages between the targets and what was reached before the next target, or the end, came", "") \
    X(calls, SUMMARY, COUNT, "hypercalls", "hypercalls", "recorded ones; mapping and zeroing pages is not", \
        "") \
    X(extents_a_call, SUMMARY, COUNT, "extents_a_call", "extents/call", \
        "that Xen gave or took, to each call that gives or takes memory, rounded down", "") \
    X(structs_boot_pages, SUMMARY, COUNT, "structures_at_boot_pages", "structures", \
        "pages that the structures of pages take at boot", "its kernel does not say it") \
    X(structs_added_pages, SUMMARY, COUNT, "structures_added_pages", "added", \
        "and pages that more of them took later, at the most; told at a settle", \
        "its kernel does not say it") \
    X(wake_ups, SUMMARY, COUNT, "wake_ups", "wake-ups", \
        "the driver's thread went back to sleep so many times", "") \
    X(idle_wake_ups, SUMMARY, COUNT, "idle_wake_ups", "in vain", \
        "those of them since the sleep before which no memory came or went", "") \
    X(host_peak_pages, SUMMARY, COUNT, "host_peak_pages", "host peak", \
        "pages that the host lacked for a moment, beyond those that it lacks in the end", "") \
    X(memory_calls, STEPS, COUNT, "memory_calls", "memory calls", "hypercalls that give or take memory", "") \
    X(extents, STEPS, COUNT, "extents", "extents", "that Xen gave or took in them", "") \
    X(plugs, STEPS, COUNT, "plugs", "plugs", \
        "calls by which pages become memory (or go online) that succeeded", "") \
    X(plugged_pages, STEPS, COUNT, "plugged_pages", "plugged", "pages in them", "") \
    X(largest_plug_pages, STEPS, COUNT, "largest_plug_pages", "largest plug", \
        "pages of the largest of them", "") \
    X(failed_plugs, STEPS, COUNT, "failed_plugs", "failed plugs", "those that failed", "") \
    X(touched_in_plugs, STEPS, COUNT, "touched_in_plugs", "touched", \
        "frames whose contents were read, written or zeroed during a plug", "") \
    X(stranded_pages, STEPS, COUNT, "stranded_pages", "stranded", \
        "frames that the guest owned at a rest and no page of it named, at the most (no-leak)", "") \
    X(recovered_pages, STEPS, COUNT, "recovered_pages", "recovered", \
        "pages that came after the last injected refusal, beyond what was left then", \
        "nothing was refused on purpose") \
    X(scanned_pages, STEPS, COUNT, "scanned_in_vain_pages", "scanned", \
        "pages that the kernel looked at to give memory back, or its driver asked for, without getting " \
        "them", \
        UNTOLD_BY_KERNEL) \
    X(present_pages, MEMORY, COUNT, "present_pages", "present", \
        "pages of memory that the kernel says it has, at the last settle", UNTOLD_BY_KERNEL) \
    X(managed_pages, MEMORY, COUNT, "managed_pages", "managed", \
        "pages that its allocator says it has, in use or free", UNTOLD_BY_KERNEL) \
    X(reservation_pages, MEMORY, COUNT, "reservation_pages", "reservation", \
        "pages that Xen gave it, in the end", "") \
    X(structs_end_pages, MEMORY, COUNT, "structures_at_end_pages", "structures", \
        "pages that the structures of pages take, at the last settle", UNTOLD_BY_KERNEL) \
    X(fragmented_pages, MEMORY, COUNT, "fragmented_pages", "fragmented", \
        "free pages in no free block of 2 MiB at the last settle (in no 2 MiB that are all free, where its " \
        "kernel has no blocks)", \
        "its kernel does not say which pages are free, or no settle asked") \
    X(whole_2m, MEMORY, COUNT, "host_mappings_2m_whole", "2M whole", \
        "2 MiB that one mapping in Xen's table of a PVH guest has, or a part of one", UNTOLD_OF_PV) \
    X(shattered_2m, MEMORY, COUNT, "host_mappings_2m_shattered", "shattered", \
        "2 MiB that such a mapping had, and that are in pieces", UNTOLD_OF_PV) \
    X(direct_map_pages, MEMORY, COUNT, "direct_map_built_pages", "direct map", \
        "pages that a PV guest mapped in its direct map after boot", \
        "a PVH guest maps without Xen, and a kernel that maps pages as it uses them has no direct map") \
    X(reclaimed_pages, MEMORY, COUNT, "reclaimed_pages", "reclaimed", \
        "pages taken back from their users for want of memory, up to the last settle", "") \
    X(image_pages, MEMORY, COUNT, "image_pages", "image", \
        "of boot memory, by the rule for the model's boot image", "") \
    X(host_least_free_pages, HOST, COUNT, "host_least_free_pages", "least free", "free pages, at the least", \
        "") \
    X(host_end_free_pages, HOST, COUNT, "host_free_at_end_pages", "free at end", \
        "free pages at the last hypercall", "") \
    X(frames_given, HOST, COUNT, "frames_given", "frames", "that Xen gave guests after boot", "") \
    X(frame_runs, HOST, COUNT, "frame_runs", "in runs", "so many runs of neighbours are they, call by call", \
        "") \
    X(largest_times, GROWTH, COUNT, "largest_maxmem_times_memory", "largest", \
        "with so many times its memory as maxmem the first domain boots alone, and with no more; at most " \
        "1024 times, 1 TiB", \
        "it boots with no maxmem above its memory, a boot took too long, or it was not tried") \
    X(ungrown_reclaimed_pages, GROWTH, COUNT, "reclaimed_without_growth_pages", "ungrown", \
        "pages taken back from their users in the same run where mem-set gives nobody more than at boot", \
        UNTOLD_BY_GROWTH) \
    X(spared_pages, GROWTH, COUNT, "page_outs_spared_pages", "spared", \
        "so many fewer were taken back with growth (`reclaimed`); 0: none were spared", UNTOLD_BY_GROWTH)

struct measures {
    int verdict;      /* exit code; -1: none */
    char version[64]; /* of the first guest's kernel, "" when it is not known */
    uint64_t broken;  /* invariants, one bit each by number */
#define X(member, table, unit, name, head, meaning, unknown) uint64_t member;
    MEASURES(X)
#undef X
};

/* The table growth is left unknown, which no recording of one run says. False: no memory. */
bool measures_take(const struct reading *, struct measures *);
/* Adds what the same run came to in which nobody got more memory than at boot. */
void measures_add_ungrown(struct measures *, const struct measures *ungrown);

/* One of several kernels' measures, under one head or in one list. The writers return false when there was no memory. */
struct measured {
    const char *scenario, *kernel;
    char *reason; /* why there are no numbers, in one line; NULL: there are some */
    struct measures measures;
};
/* The tables of which a bit is set, 1 << enum measure_table. */
bool measures_print_tables(FILE *, const struct measured *, size_t count, unsigned tables);
bool measures_print_json(FILE *, const struct measured *, size_t count);
/* For a page, JSON arrays: each column with head, meaning, table and why a run may not say it; and the values of a run as texts. */
void measures_write_heads(FILE *);
void measures_write_values(FILE *, const struct measures *);
/* For a help text: what each column means. */
void measures_print_meanings(FILE *);

#endif
