/* SPDX-License-Identifier: BSD-2-Clause */
/* Xen's frames and the model's, joined both ways. 0 stands for no partner: frame 0 is never given to a domain. */
#include "harness/xen/frame_pairs.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct frame_pairs {
    uint64_t end_xen_mfn, end_model_mfn;
    uint32_t *model_of, *xen_of;
};

struct frame_pairs *frame_pairs_new(uint64_t end_xen_mfn, uint64_t end_model_mfn)
{
    struct frame_pairs *pairs = calloc(1, sizeof *pairs);

    assert(end_xen_mfn <= UINT32_MAX && end_model_mfn <= UINT32_MAX);
    if (pairs == NULL)
        return NULL;
    pairs->end_xen_mfn = end_xen_mfn;
    pairs->end_model_mfn = end_model_mfn;
    pairs->model_of = calloc(end_xen_mfn, sizeof *pairs->model_of);
    pairs->xen_of = calloc(end_model_mfn, sizeof *pairs->xen_of);
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
    /* The model's table is as long as the largest host needs, so only entries that were joined are cleared. */
    for (uint64_t mfn = 0; mfn < pairs->end_xen_mfn; mfn++) {
        pairs->xen_of[pairs->model_of[mfn]] = 0;
        pairs->model_of[mfn] = 0;
    }
}

void frame_pairs_join(struct frame_pairs *pairs, uint64_t xen_mfn, uint64_t model_mfn)
{
    assert(xen_mfn != 0 && model_mfn != 0);
    if (xen_mfn >= pairs->end_xen_mfn || model_mfn >= pairs->end_model_mfn)
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
    if (xen_mfn >= pairs->end_xen_mfn)
        return xen_mfn;
    return pairs->model_of[xen_mfn] != 0 ? pairs->model_of[xen_mfn] : PAIR_STRANGER;
}

uint64_t frame_pairs_xen(const struct frame_pairs *pairs, uint64_t model_mfn)
{
    if (model_mfn >= pairs->end_model_mfn || pairs->xen_of[model_mfn] == 0)
        return PAIR_NONE;
    return pairs->xen_of[model_mfn];
}

uint64_t frame_pairs_end_xen_mfn(const struct frame_pairs *pairs)
{
    return pairs->end_xen_mfn;
}
