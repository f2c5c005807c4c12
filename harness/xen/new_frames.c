/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Finds the frames that a call gave and did not name. To ask Xen for a frame's owner costs a microsecond or two, so
 * likely frames are asked about first.
 */
#include "harness/xen/new_frames.h"

#include "harness/xen/xen_pages.h"

#include <assert.h>
#include <stdlib.h>

#include "sim/inspect.h"

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

/* The domain's frames in the model, in ascending order. */
static struct frames frames_of(const struct domain *domain)
{
    struct frames frames = {.room = domain_reservation_pages(domain) + 1};

    frames.mfns = calloc(frames.room, sizeof *frames.mfns);
    if (frames.mfns != NULL)
        domain_each_frame(domain, add, &frames);
    return frames;
}

void new_frames_begin(struct new_frames *new_frames, const struct domain *domain)
{
    struct frames before = frames_of(domain);

    new_frames_drop(new_frames);
    *new_frames =
        (struct new_frames){.begun = before.mfns != NULL, .before = before.mfns, .nr_before = before.count};
}

void new_frames_begin_both(struct new_frames *new_frames)
{
    new_frames_drop(new_frames);
    *new_frames = (struct new_frames){.begun = true};
}

void new_frames_drop(struct new_frames *new_frames)
{
    free(new_frames->before);
    *new_frames = (struct new_frames){.begun = false};
}

/* The frames that the domain has now and did not have when the call began. */
static struct frames given(const struct new_frames *new_frames, const struct domain *domain)
{
    struct frames now = frames_of(domain);
    uint64_t kept = 0, before = 0;

    for (uint64_t i = 0; i < now.count; i++) {
        while (before < new_frames->nr_before && new_frames->before[before] < now.mfns[i])
            before++;
        if (before == new_frames->nr_before || new_frames->before[before] != now.mfns[i])
            now.mfns[kept++] = now.mfns[i];
    }
    now.count = kept;
    return now;
}

/* Drops the frames that have a partner already, which is the domain's on Xen. */
static void drop_joined(struct xen_run *run, unsigned xen_domid, struct frames *model)
{
    uint64_t xen[XEN_PAGES_A_QUESTION], which[XEN_PAGES_A_QUESTION], kept = 0;

    for (uint64_t i = 0; i < model->count;) {
        uint64_t asked = 0, first = i;

        for (; i < model->count && asked < XEN_PAGES_A_QUESTION; i++) {
            uint64_t partner = frame_pairs_xen(run->pairs, model->mfns[i]);

            if (partner != PAIR_NONE) {
                which[asked] = i;
                xen[asked++] = partner;
            }
        }
        xen_pages_whose(run->conductor, xen_domid, xen, asked);
        for (uint64_t look = first, answer = 0; look < i; look++) {
            bool joined = answer < asked && which[answer] == look && xen[answer] != XEN_PAGES_NOT_ITS;

            answer += answer < asked && which[answer] == look;
            if (!joined)
                model->mfns[kept++] = model->mfns[look];
        }
    }
    model->count = kept;
}

/* Which of Xen's frames are asked about: first those that have had a partner before, then those that never had. */
enum candidates { KNOWN_FRAMES, STRANGERS };

static bool is_candidate(
    const struct xen_run *run, const struct domain *domain, uint64_t xen_mfn, enum candidates candidates)
{
    uint64_t model = frame_pairs_model(run->pairs, xen_mfn);

    if (model == PAIR_STRANGER)
        return candidates == STRANGERS;
    return candidates == KNOWN_FRAMES && frame_owner(run->machine, MFN(model)) != domain_id(domain);
}

/* Goes down from the machine's end, where Xen begins to give frames. */
static void join(struct xen_run *run, const struct domain *domain, unsigned xen_domid, struct frames *model,
    enum candidates candidates)
{
    uint64_t xen[XEN_PAGES_A_QUESTION], next = frame_pairs_end_xen_mfn(run->pairs);

    while (model->count > 0 && next > 1) {
        uint64_t asked = 0;

        for (; next > 1 && asked < XEN_PAGES_A_QUESTION; next--)
            if (is_candidate(run, domain, next - 1, candidates))
                xen[asked++] = next - 1;
        xen_pages_whose(run->conductor, xen_domid, xen, asked);
        for (uint64_t i = 0; i < asked && model->count > 0; i++)
            if (xen[i] != XEN_PAGES_NOT_ITS)
                frame_pairs_join(run->pairs, xen[i], model->mfns[--model->count]);
    }
}

void new_frames_join(
    struct new_frames *new_frames, struct xen_run *run, const struct domain *domain, unsigned xen_domid)
{
    struct frames model = given(new_frames, domain);

    assert(new_frames->begun);
    if (model.count > 0)
        drop_joined(run, xen_domid, &model);
    join(run, domain, xen_domid, &model, KNOWN_FRAMES);
    join(run, domain, xen_domid, &model, STRANGERS);
    free(model.mfns);
    new_frames_drop(new_frames);
}
