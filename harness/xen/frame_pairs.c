/* SPDX-License-Identifier: BSD-2-Clause */
/* Xen's frames and the model's, joined both ways. 0 is no partner: neither side conductor out frame 0. */
#include "harness/xen/frame_pairs.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct frame_pairs {
    uint64_t xen_frames, model_frames;
    uint32_t *model_of, *xen_of;
};

struct frame_pairs *frame_pairs_new(uint64_t xen_frames, uint64_t model_frames)
{
    struct frame_pairs *pairs = calloc(1, sizeof *pairs);

    assert(xen_frames <= UINT32_MAX && model_frames <= UINT32_MAX);
    if (pairs == NULL)
        return NULL;
    pairs->xen_frames = xen_frames;
    pairs->model_frames = model_frames;
    pairs->model_of = calloc(xen_frames, sizeof *pairs->model_of);
    pairs->xen_of = calloc(model_frames, sizeof *pairs->xen_of);
    if (pairs->model_of != NULL && pairs->xen_of != NULL)
        return pairs;
    frame_pairs_free(pairs);
    return NULL;
}

void frame_pairs_free(struct frame_pairs *pairs)
{
    if (pairs == NULL)
        return;
    free(pairs->model_of);
    free(pairs->xen_of);
    free(pairs);
}

void frame_pairs_clear(struct frame_pairs *pairs)
{
    /* The model's side is as long as the largest host: only what was joined is looked at. */
    for (uint64_t mfn = 0; mfn < pairs->xen_frames; mfn++) {
        pairs->xen_of[pairs->model_of[mfn]] = 0;
        pairs->model_of[mfn] = 0;
    }
}

void frame_pairs_join(struct frame_pairs *pairs, uint64_t xen_mfn, uint64_t model_mfn)
{
    assert(xen_mfn != 0 && model_mfn != 0);
    if (xen_mfn >= pairs->xen_frames || model_mfn >= pairs->model_frames)
        return;
    uint32_t old_model = pairs->model_of[xen_mfn], old_xen = pairs->xen_of[model_mfn];
    if (old_model != 0)
        pairs->xen_of[old_model] = 0;
    if (old_xen != 0)
        pairs->model_of[old_xen] = 0;
    pairs->model_of[xen_mfn] = (uint32_t)model_mfn;
    pairs->xen_of[model_mfn] = (uint32_t)xen_mfn;
    assert(frame_pairs_model(pairs, xen_mfn) == model_mfn && frame_pairs_xen(pairs, model_mfn) == xen_mfn);
}

uint64_t frame_pairs_model(const struct frame_pairs *pairs, uint64_t xen_mfn)
{
    if (xen_mfn >= pairs->xen_frames)
        return xen_mfn;
    return pairs->model_of[xen_mfn] != 0 ? pairs->model_of[xen_mfn] : PAIR_STRANGER;
}

uint64_t frame_pairs_xen(const struct frame_pairs *pairs, uint64_t model_mfn)
{
    if (model_mfn >= pairs->model_frames || pairs->xen_of[model_mfn] == 0)
        return PAIR_NONE;
    return pairs->xen_of[model_mfn];
}
