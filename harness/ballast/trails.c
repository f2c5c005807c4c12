/* SPDX-License-Identifier: BSD-2-Clause */
/* Asks about the events that lead to failures, runs, and writes the answers. */
#include "harness/ballast/trails.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "harness/run/trail.h"
#include "reports/leads.h"

/* What runs longer isn't run again. It is no time, which would differ from computer to computer. */
#define EVENTS_MAX 2000000u
#define BLOCKS_MAX (UINT64_C(1) << 31)

static size_t ask(const struct reading *reading, struct trail_asked asked[TRAIL_ASKED_MAX])
{
    struct lead leads[TRAIL_ASKED_MAX];
    const size_t count = leads_collect(reading, leads, TRAIL_ASKED_MAX);

    assert(count <= TRAIL_ASKED_MAX);
    for (size_t l = 0; l < count; l++)
        asked[l] = (struct trail_asked){leads[l].event, leads[l].domid};
    return count;
}

typedef const char *answer_t(const struct trail *, size_t asked, unsigned nth);

static void put_answers(FILE *out, const char *word, const struct trail *trail,
    const struct trail_asked *asked, size_t count, answer_t *answer)
{
    for (size_t a = 0; a < count; a++) {
        const char *place, *between = " ";
        if (answer(trail, a, 0) == NULL)
            continue;
        fprintf(out, "%s %" PRIu64, word, asked[a].event);
        for (unsigned n = 0; (place = answer(trail, a, n)) != NULL; n++) {
            fprintf(out, "%s%s", between, place);
            between = "\t";
        }
        fputc('\n', out);
    }
}

bool trails_put(struct runner *runner, const struct scenario *scenario, const struct run_options *options,
    const void *recording, size_t recording_bytes, FILE *out)
{
    struct trail_asked asked[TRAIL_ASKED_MAX];
    struct run_options again = *options;
    char error[256];
    size_t bytes;

    struct reading *reading = reading_open(recording, recording_bytes, error, sizeof error);
    if (reading == NULL)
        return false;
    const bool is_long = reading_events(reading) > EVENTS_MAX || runner_blocks(runner) > BLOCKS_MAX;
    const size_t count = is_long ? 0 : ask(reading, asked);
    reading_close(reading);
    if (count == 0)
        return true;
    again.trail = trail_new(asked, count);
    if (again.trail == NULL)
        return false;
    (void)runner_run(runner, scenario, &again);
    const void *second = runner_recording(runner, &bytes);
    const bool whole = trail_end(again.trail);
    if (whole && second != NULL && bytes == recording_bytes && memcmp(second, recording, bytes) == 0) {
        put_answers(out, "before", again.trail, asked, count, trail_before);
        put_answers(out, "after", again.trail, asked, count, trail_after);
        put_answers(out, "most", again.trail, asked, count, trail_most);
    }
    trail_free(again.trail);
    return whole;
}
