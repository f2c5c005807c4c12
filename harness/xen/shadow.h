/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A guest's shadow: memory of this process in which the model finds the arguments of a guest's call, with the model's
 * frame numbers in place of Xen's. The model treats it as the guest's memory (real_xen_memory.h). It has room for the
 * stack frame from which the call came, one structure, a count that the call writes, and two lists.
 *
 * The first list ends where the shadow ends. So if the guest can reach a list only up to some entry, the model can reach
 * its copy only up to that entry, too.
 */
#ifndef HARNESS_XEN_SHADOW_H
#define HARNESS_XEN_SHADOW_H

#include "harness/xen/frame_pairs.h"
#include "sim/domain/real_xen_memory.h"

#define SHADOW_LIST_ENTRIES 65536u /* of a list; longer ones are compared in part */

/* Makes a shadow for the guest's memory. False: no memory. */
bool shadow_make(struct real_xen_memory *);
void shadow_free(struct real_xen_memory *);

uint64_t *shadow_caller_frame(const struct real_xen_memory *);
#define SHADOW_STRUCTURE_BYTES_MAX 3968u
void *shadow_structure(const struct real_xen_memory *);
uint32_t *shadow_count(const struct real_xen_memory *);

/* An entry of a list of the guest's own, which may lie at any address. */
typedef uint64_t guest_entry __attribute__((aligned(1)));

enum shadow_list { SHADOW_FIRST_LIST, SHADOW_SECOND_LIST };
/* Where a list of this many entries begins. */
uint64_t *shadow_list(const struct real_xen_memory *, enum shadow_list, uint64_t entries);

/* Copies bytes of the guest's memory. False, and nothing is copied: they are not in its boot mapping. */
bool shadow_read(const struct real_xen_memory *, uint64_t guest_va, void *to, size_t bytes);
/* The guest's list at an address, as this process sees it. */
guest_entry *shadow_guest_list(const struct real_xen_memory *, uint64_t guest_va);
/* How many of a list's entries the guest itself can read, or write: SHADOW_LIST_ENTRIES at most. */
uint64_t shadow_reach(const struct real_xen_memory *, uint64_t guest_va, uint64_t entries, bool write);

#endif
