/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A guest's shadow: a piece of this process's memory where the model finds the arguments of a guest's call with the
 * model's frame numbers in place of Xen's. It counts as the guest's memory (real_xen_memory.h). It has room for the
 * stack frame that the call came from, one structure, a count that the call writes, and two lists.
 *
 * The first list ends where the shadow ends. So a list that is out of the guest's reach from some entry on is out of
 * the model's reach from there on, too.
 */
#ifndef HARNESS_XEN_SHADOW_H
#define HARNESS_XEN_SHADOW_H

#include "harness/xen/frame_pairs.h"
#include "sim/domain/real_xen_memory.h"

#define SHADOW_LIST_ENTRIES 65536u /* of a list; longer ones are compared in part */

/* Gives the memory a shadow. False: there is no memory for it. */
bool shadow_make(struct real_xen_memory *);
void shadow_free(struct real_xen_memory *);

uint64_t *shadow_caller_frame(const struct real_xen_memory *);
#define SHADOW_STRUCTURE_BYTES_MAX 3968u
void *shadow_structure(const struct real_xen_memory *);
uint32_t *shadow_count(const struct real_xen_memory *);

enum shadow_list { SHADOW_FIRST_LIST, SHADOW_SECOND_LIST };
/* Where a list of this many entries begins. */
uint64_t *shadow_list(const struct real_xen_memory *, enum shadow_list, uint64_t entries);

/* Copies bytes of the guest's memory; false, and nothing copied, when they are not in its boot mapping. */
bool shadow_read(const struct real_xen_memory *, uint64_t guest_va, void *to, size_t bytes);
/* The guest's list at an address, as this process sees it. */
uint64_t *shadow_guest_list(const struct real_xen_memory *, uint64_t guest_va);
/* How many of a list's entries the guest itself can read, or write: SHADOW_LIST_ENTRIES at most. */
uint64_t shadow_reach(const struct real_xen_memory *, uint64_t guest_va, uint64_t entries, bool write);

#endif
