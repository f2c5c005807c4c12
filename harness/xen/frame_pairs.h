/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which of Xen's frames is which of the model's: they are dealt out in different orders, and everything
 * else about them must agree. Knows numbers only.
 */
#ifndef HARNESS_XEN_FRAME_PAIRS_H
#define HARNESS_XEN_FRAME_PAIRS_H

#include <stdbool.h>
#include <stdint.h>

struct pairs;

#define PAIR_NONE     UINT64_MAX
/* What a frame that the model can't know becomes there: one of Xen's own, which nobody may touch. */
#define PAIR_STRANGER 1u

struct pairs *pairs_new(
    uint64_t xen_frames, uint64_t model_frames); /* highest numbers + 1; NULL: no memory */
void pairs_free(struct pairs *);
void pairs_clear(struct pairs *);
/* From now on these are one frame; what either was before is forgotten. */
void pairs_join(struct pairs *, uint64_t xen_mfn, uint64_t model_mfn);
/* PAIR_STRANGER for one of the machine's frames that has no partner; numbers past the machine's end stay. */
uint64_t pairs_model(const struct pairs *, uint64_t xen_mfn);
uint64_t pairs_xen(const struct pairs *, uint64_t model_mfn); /* PAIR_NONE: no partner */

#endif
