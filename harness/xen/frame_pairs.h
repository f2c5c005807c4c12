/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which of Xen's frames corresponds to which of the model's. The two give frames in different orders; everything else
 * about a frame must be the same. This is only about numbers.
 */
#ifndef HARNESS_XEN_FRAME_PAIRS_H
#define HARNESS_XEN_FRAME_PAIRS_H

#include <stdbool.h>
#include <stdint.h>

struct frame_pairs;

#define PAIR_NONE     UINT64_MAX
#define PAIR_STRANGER 1u /* in the model: a frame of Xen's own, which no domain may use */

/* Frame numbers are below these ends. NULL: no memory. */
struct frame_pairs *frame_pairs_new(uint64_t end_xen_mfn, uint64_t end_model_mfn);
void frame_pairs_free(struct frame_pairs *);
void frame_pairs_clear(struct frame_pairs *);
uint64_t frame_pairs_end_xen_mfn(const struct frame_pairs *);

/* From now on these two correspond; former partners are forgotten. Numbers past an end are ignored. */
void frame_pairs_join(struct frame_pairs *, uint64_t xen_mfn, uint64_t model_mfn);
/* PAIR_STRANGER for one of the machine's frames that has no partner; a number past the machine's end stays. */
uint64_t frame_pairs_model(const struct frame_pairs *, uint64_t xen_mfn);
/* PAIR_NONE when it has no partner. */
uint64_t frame_pairs_xen(const struct frame_pairs *, uint64_t model_mfn);

#endif
