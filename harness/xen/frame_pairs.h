/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which of Xen's frames is which of the model's: they are dealt out in different orders, and everything
 * else about them must agree. Knows numbers only.
 */
#ifndef HARNESS_XEN_FRAME_PAIRS_H
#define HARNESS_XEN_FRAME_PAIRS_H

#include <stdbool.h>
#include <stdint.h>

struct frame_pairs;

#define PAIR_NONE     UINT64_MAX
/* What a frame that the model can't know becomes there: one of Xen's own, which nobody may touch. */
#define PAIR_STRANGER 1u

struct frame_pairs *frame_pairs_new(
    uint64_t xen_frames, uint64_t model_frames); /* highest numbers + 1; NULL: no memory */
void frame_pairs_free(struct frame_pairs *);
void frame_pairs_clear(struct frame_pairs *);
/* From now on these are one frame; what either was before is forgotten. */
void frame_pairs_join(struct frame_pairs *, uint64_t xen_mfn, uint64_t model_mfn);
/* PAIR_STRANGER for one of the machine's frames that has no partner; numbers past the machine's end stay. */
uint64_t frame_pairs_model(const struct frame_pairs *, uint64_t xen_mfn);
uint64_t frame_pairs_xen(const struct frame_pairs *, uint64_t model_mfn); /* PAIR_NONE: no partner */

#endif
