/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One file replayed, as a worker does it: read, run, and its events' places put into words while the
 * images are still there. It prints nothing.
 */
#include "harness/replay.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct replayed {
    struct scenario *scenario;
    struct runner *runner;
    char *places;
    size_t places_bytes;
    char sentence[2048];
};

/* Reports name source places by event; a line each, in the order of events. */
static void put_places(struct replayed *replayed)
{
    size_t count;
    const struct place *places = runner_places(replayed->runner, &count);
    FILE *out = open_memstream(&replayed->places, &replayed->places_bytes);

    if (out == NULL)
        return;
    for (size_t p = 0; p < count; p++) {
        char text[256];
        if (runner_place_text(replayed->runner, &places[p], text, sizeof text))
            fprintf(out, "%" PRIu64 " %s\n", places[p].event, text);
    }
    fclose(out);
}

struct replayed *replay_file(
    const char *path, const struct run_options *options, bool want_places, struct outcome *outcome)
{
    struct replayed *replayed = calloc(1, sizeof *replayed);
    struct complaint complaint;

    assert(path != NULL && options != NULL);
    *outcome = (struct outcome){.verdict = VERDICT_ERROR, .sentence = "no memory", .places = ""};
    if (replayed == NULL)
        return NULL;
    outcome->sentence = replayed->sentence;
    replayed->scenario = scenario_read(path, &complaint);
    if (replayed->scenario == NULL) {
        complaint_text(path, NULL, &complaint, replayed->sentence, sizeof replayed->sentence);
        return replayed;
    }
    replayed->runner = runner_new();
    if (replayed->runner == NULL) {
        snprintf(replayed->sentence, sizeof replayed->sentence, "%s: no memory", path);
        return replayed;
    }
    outcome->verdict = runner_run(replayed->runner, replayed->scenario, options);
    outcome->sentence = runner_sentence(replayed->runner);
    outcome->recording = runner_recording(replayed->runner, &outcome->recording_bytes);
    if (want_places || outcome->verdict == VERDICT_FAIL || outcome->verdict == VERDICT_CRASH) {
        put_places(replayed);
        outcome->places = replayed->places != NULL ? replayed->places : "";
        outcome->places_bytes = replayed->places_bytes;
    }
    return replayed;
}

void replay_file_done(struct replayed *replayed)
{
    if (replayed == NULL)
        return;
    runner_free(replayed->runner);
    scenario_free(replayed->scenario);
    free(replayed->places);
    free(replayed);
}

void verdict_count(struct verdict_counts *counts, enum verdict verdict)
{
    switch (verdict) {
    case VERDICT_PASS:
        counts->pass++;
        break;
    case VERDICT_SKIP:
        counts->skip++;
        break;
    case VERDICT_ERROR:
        counts->error++;
        break;
    case VERDICT_FAIL:
        counts->fail++;
        break;
    case VERDICT_CRASH:
        counts->crash++;
        break;
    case VERDICT_TIMEOUT:
        counts->timeout++;
        break;
    }
}

enum verdict verdict_worst(const struct verdict_counts *counts, bool strict)
{
    if (counts->timeout > 0)
        return VERDICT_TIMEOUT;
    if (counts->crash > 0)
        return VERDICT_CRASH;
    if (counts->fail > 0)
        return VERDICT_FAIL;
    if (counts->error > 0)
        return VERDICT_ERROR;
    if (counts->skip > 0 && (strict || counts->pass == 0))
        return VERDICT_SKIP;
    return VERDICT_PASS;
}
