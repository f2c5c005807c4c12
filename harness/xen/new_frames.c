/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Frames that were given without the guest being told which: a list that is absent, or out of its reach.
 * Both sides' new ones are joined in any order, for nobody has named them yet. Asking Xen whose a frame
 * is costs a microsecond or two each, so the likely ones are asked about first.
 */
#include "harness/xen/xen_guests_internal.h"

#include <assert.h>
#include <stdlib.h>

struct frames {
    uint64_t *mfns;
    uint64_t count, room;
};

static bool add(void *context, mfn_t mfn)
{
    struct frames *frames = context;

    assert(frames->count < frames->room);
    frames->mfns[frames->count++] = mfn.mfn;
    return true;
}

/* In ascending order. */
static struct frames frames_of(const struct domain *domain)
{
    struct frames frames = {.room = domain_reservation_pages(domain) + 1};

    frames.mfns = calloc(frames.room, sizeof *frames.mfns);
    if (frames.mfns != NULL)
        domain_each_frame(domain, add, &frames);
    return frames;
}

void new_frames_begin(struct xen_guest *rd)
{
    struct frames before = frames_of(rd->domain);

    free(rd->before); /* of a call that was refused before Xen saw it */
    rd->before = before.mfns;
    rd->nr_before = before.count;
}

/* Of the frames that the domain has now, those it had not when the call began. */
static struct frames new_frames(const struct xen_guest *rd)
{
    struct frames now = frames_of(rd->domain);
    uint64_t kept = 0, before = 0;

    for (uint64_t i = 0; i < now.count; i++) {
        while (before < rd->nr_before && rd->before[before] < now.mfns[i])
            before++;
        if (before == rd->nr_before || rd->before[before] != now.mfns[i])
            now.mfns[kept++] = now.mfns[i];
    }
    now.count = kept;
    return now;
}

/* Drops the frames whose partner is the domain's on Xen, too. */
static void drop_joined(const struct xen_guest *rd, struct frames *model)
{
    uint64_t xen[XEN_FRAMES_A_QUESTION], which[XEN_FRAMES_A_QUESTION], kept = 0;

    for (uint64_t i = 0; i < model->count;) {
        uint64_t asked = 0, first = i;

        for (; i < model->count && asked < XEN_FRAMES_A_QUESTION; i++) {
            uint64_t partner = frame_pairs_xen(rd->guests->pairs, model->mfns[i]);

            if (partner != PAIR_NONE) {
                which[asked] = i;
                xen[asked++] = partner;
            }
        }
        xen_whose_frames(rd->guests->xen, rd->on_xen->domid, xen, asked);
        for (uint64_t look = first, answer = 0; look < i; look++) {
            bool joined = answer < asked && which[answer] == look && xen[answer] != XEN_NOT_ITS_FRAME;

            answer += answer < asked && which[answer] == look;
            if (!joined)
                model->mfns[kept++] = model->mfns[look];
        }
    }
    model->count = kept;
}

/* One of Xen's frames that may be a new one: first the question is put for those that were once somebody's. */
static bool is_candidate(const struct xen_guest *rd, uint64_t xen_mfn, bool stranger)
{
    uint64_t model = frame_pairs_model(rd->guests->pairs, xen_mfn);

    if (model == PAIR_STRANGER)
        return stranger;
    return !stranger && frame_owner(rd->guests->machine, MFN(model)) != domain_id(rd->domain);
}

/* From the machine's end, where Xen begins to deal out. */
static void join_new_ones(struct xen_guest *rd, struct frames *model, bool stranger)
{
    uint64_t xen[XEN_FRAMES_A_QUESTION], next = xen_memory_frames(rd->guests->xen);

    while (model->count > 0 && next > 1) {
        uint64_t asked = 0;

        for (; next > 1 && asked < XEN_FRAMES_A_QUESTION; next--)
            if (is_candidate(rd, next - 1, stranger))
                xen[asked++] = next - 1;
        xen_whose_frames(rd->guests->xen, rd->on_xen->domid, xen, asked);
        for (uint64_t i = 0; i < asked && model->count > 0; i++)
            if (xen[i] != XEN_NOT_ITS_FRAME)
                frame_pairs_join(rd->guests->pairs, xen[i], model->mfns[--model->count]);
    }
}

void new_frames_join(struct xen_guest *rd)
{
    struct frames model = new_frames(rd);

    if (model.count > 0)
        drop_joined(rd, &model);
    join_new_ones(rd, &model, false);
    join_new_ones(rd, &model, true);
    free(model.mfns);
    free(rd->before);
    rd->before = NULL;
    rd->nr_before = 0;
}
