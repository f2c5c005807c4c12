/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The model's xenstore beside Debian's own xenstored: the same requests, made up by chance, and the same answers. When they differ,
 * the run is repeated without the requests that don't matter, and the few that do are printed.
 *     store-check XENSTORED SHIM SEED REQUESTS [at-once]
 * at-once: the requests that matter are not looked for.
 */
#include "harness/tests/xenstored/play.h"
#include "harness/tests/xenstored/requests.h"

#include <err.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define EPISODE 500u /* requests, then both begin anew */

struct episode {
    const char *xenstored, *shim;
    struct request *requests[EPISODE];
    bool left_out[EPISODE];
    uint32_t count;
};

/* Plays the requests that are not left out. The number of the one at which they differ; count: only at the end; UINT32_MAX: nowhere. */
static uint32_t differs_at(const struct episode *e, bool print)
{
    struct play *p = play_begin(e->xenstored, e->shim, EPISODE);
    uint32_t at = UINT32_MAX;
    bool good;

    for (uint32_t i = 0; i < e->count && at == UINT32_MAX; i++) {
        if (e->left_out[i])
            continue;
        if (print)
            request_print(stdout, e->requests[i], i);
        if (!play_request(p, e->requests[i], i, &good))
            at = i;
    }
    if (at == UINT32_MAX && !play_read_all(p))
        at = e->count;
    if (at != UINT32_MAX && print)
        play_print_difference(stdout, p);
    play_end(p);
    return at;
}

/* Leaves out runs of requests, shorter and shorter ones, as long as what is left still differs. */
static void shrink(struct episode *e)
{
    bool tried[EPISODE];

    for (uint32_t run = e->count / 2; run > 0; run /= 2) {
        for (uint32_t first = 0; first < e->count; first += run) {
            const uint32_t end = first + run < e->count ? first + run : e->count;
            bool is_new = false;
            for (uint32_t i = first; i < end; i++) {
                tried[i] = e->left_out[i];
                is_new = is_new || !tried[i];
                e->left_out[i] = true;
            }
            if (is_new && differs_at(e, false) == UINT32_MAX)
                for (uint32_t i = first; i < end; i++)
                    e->left_out[i] = tried[i];
        }
    }
}

/* Plays an episode that is made up on the way. False: a difference, which was printed. */
static bool play_episode(struct episode *e, uint64_t seed, uint32_t count, bool at_once, uint64_t *good_count)
{
    struct play *p = play_begin(e->xenstored, e->shim, EPISODE);
    struct maker maker;
    bool same = true, good;

    maker_begin(&maker, seed);
    for (e->count = 0; e->count < count && same;) {
        struct request *r = e->requests[e->count] = maker_next(&maker);
        e->left_out[e->count] = false;
        same = play_request(p, r, e->count, &good);
        e->count++;
        maker_answered(&maker, r, good);
        *good_count += good;
    }
    same = same && play_read_all(p);
    play_end(p);
    if (!same)
        printf("xenstore-check: our xenstore and xenstored differ (seed %" PRIu64 ")\n", seed);
    if (!same && !at_once) {
        puts("this is enough:");
        shrink(e);
        if (differs_at(e, true) == UINT32_MAX)
            puts("  (and this time they do not differ)");
    }
    for (uint32_t i = 0; i < e->count; i++)
        free(e->requests[i]);
    return same;
}

int main(int argc, char **argv)
{
    static struct episode e;
    uint64_t done = 0, good = 0;
    const bool at_once = argc == 6 && strcmp(argv[5], "at-once") == 0;

    if (argc != 5 && !at_once)
        errx(4, "usage: store-check XENSTORED SHIM SEED REQUESTS [at-once]");
    e.xenstored = argv[1], e.shim = argv[2];
    const uint64_t seed = strtoull(argv[3], NULL, 10), wanted = strtoull(argv[4], NULL, 10);
    for (uint64_t episode = 0; done < wanted; episode++) {
        const uint64_t left = wanted - done;
        if (!play_episode(&e, seed + episode, left < EPISODE ? (uint32_t)left : EPISODE, at_once, &good))
            return 1;
        done += e.count;
    }
    printf("xenstore-check: %" PRIu64 " requests with seeds from %" PRIu64 " on, no difference; %" PRIu64
           " %% of them did as they were asked\n",
        done, seed, done == 0 ? 0 : good * 100 / done);
    return 0;
}
