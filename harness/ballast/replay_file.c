/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Replays one file in a worker: reads it, runs it, and makes text of its events' places, which needs the images that the
 * run has loaded. It prints nothing.
 */
#include "harness/ballast/replay_file.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/ballast/confinement.h"
#include "harness/ballast/trails.h"
#include "harness/ballast/verdicts.h"
#include "harness/builder/build.h"
#include "harness/image/image_cache.h"
#include "harness/image/kernels.h"
#include "harness/image/source_places.h"
#include "harness/xen/xen_found.h"
#include "reports/text_diff.h"
#include "reports/text_style.h"

struct replayed {
    struct scenario *scenario;
    char *files; /* where a user's files lie, as lines */
    size_t files_bytes;
    struct runner *runner;
    char *places;
    size_t places_bytes;
    void *on_sim; /* the recording of the first of two runs */
    size_t on_sim_bytes;
    void *kept; /* that of a run which was run again for its trails */
    char *difference;
    size_t difference_bytes;
    char sentence[2048];
};

/*
 * Is it a function that only carries a call out of the guest, such as panic()? Reports name its caller instead.
 */
static bool is_way_out(const char *frame)
{
    static const char *const files[] = {
        "gate_sim.c:", "debug_port.c:", "page_notes.c:", "console.c:", "ways_out.c:"};

    for (size_t f = 0; f < sizeof files / sizeof files[0]; f++)
        if (strncmp(frame, files[f], strlen(files[f])) == 0)
            return true;
    return false;
}

/* Writes the callers behind the place, each with a tab before it; a frame that equals the one before is left out. */
static void put_backtrace(struct replayed *replayed, const struct place *place, FILE *out)
{
    const uint64_t *frames = runner_frames(replayed->runner) + place->first_frame;
    char text[SOURCE_PLACE_BYTES], before[SOURCE_PLACE_BYTES] = "";
    bool out_of_way = false;

    for (unsigned f = 0; f < place->nr_frames; f++) {
        const struct place frame = {.domid = place->domid, .text_offset = frames[f]};
        if (!runner_place_text(replayed->runner, &frame, text, sizeof text))
            continue;
        out_of_way = out_of_way || !is_way_out(text);
        if (out_of_way && strcmp(text, before) != 0)
            fprintf(out, "\t%s", text);
        memcpy(before, text, sizeof before);
    }
}

/* The place as text. For a place outside the driver: the caller of functions that only carry a panic out. */
static bool place_text(struct replayed *replayed, struct place place, char *text, size_t bytes)
{
    const uint64_t *frames = runner_frames(replayed->runner) + place.first_frame;
    bool known = runner_place_text(replayed->runner, &place, text, bytes);

    for (unsigned f = 0; f < place.nr_frames && known && is_way_out(text); f++) {
        place.text_offset = frames[f];
        known = runner_place_text(replayed->runner, &place, text, bytes);
    }
    return known;
}

/* Where a user's files lie, a line "PART PATH" each, which no event begins: a recording itself has no paths. False: there
 * is no memory. */
static bool put_files(FILE *out)
{
    char *path = NULL, *line = NULL;
    size_t room = 0;
    ssize_t bytes;

    if (asprintf(&path, "%s/" BUILT_FILE, image_folder()) < 0)
        return false;
    FILE *in = fopen(path, "re");
    free(path);
    if (in == NULL)
        return errno != ENOMEM; /* images that nobody built here have no such file */
    errno = 0;
    for (unsigned number = 0; (bytes = getline(&line, &room, in)) > 0; number++)
        if (number > 0)
            fwrite(line, 1, (size_t)bytes, out);
    const bool whole = errno != ENOMEM;
    free(line);
    fclose(in);
    return whole;
}

static bool read_files(struct replayed *replayed)
{
    FILE *out = open_memstream(&replayed->files, &replayed->files_bytes);

    if (out == NULL)
        return false;
    const bool read = put_files(out);
    return fclose(out) == 0 && read;
}

static void prepare_kernel(const char *name)
{
    const struct kernel_info *kernel = kernel_info(name);

    if (kernel != NULL)
        image_cache_prepare(kernel);
}

/* Opens all that the run will want, and gives up the means to open more. False: the sentence says why not. */
static bool prepare(struct replayed *replayed, const char *path, const struct run_options *options, bool free)
{
    const struct scenario *scenario = replayed->scenario;
    const enum confinement how = free || options->on == ON_XEN ? CONFINE_NOTHING
                                 : options->on == ON_BOTH      ? CONFINE_GUESTS
                                                               : CONFINE_ALTOGETHER;

    for (size_t d = 0; d < scenario->nr_domains; d++)
        prepare_kernel(kernel_in_place(options->kernel, scenario->domains[d].kernel));
    for (size_t s = 0; s < scenario->nr_statements; s++)
        if (scenario->statements[s].domain_decl != NULL)
            prepare_kernel(kernel_in_place(options->kernel, scenario->statements[s].domain_decl->kernel));
    if (scenario->host.has_dom0)
        prepare_kernel(DOM0_KERNEL);
    replayed->runner = runner_new();
    if (replayed->runner == NULL || !read_files(replayed)) {
        snprintf(replayed->sentence, sizeof replayed->sentence, "%s: no memory", path);
        return false;
    }
    if (confinement_enter(how))
        return true;
    snprintf(replayed->sentence, sizeof replayed->sentence, "%s: its process can't be confined: %s", path,
        strerror(errno));
    return false;
}

/* Writes a line for each event's place, in the order of events. */
static void put_events(struct replayed *replayed, FILE *out)
{
    size_t count;
    const struct place *places = runner_places(replayed->runner, &count);

    fwrite(replayed->files, 1, replayed->files_bytes, out);
    for (size_t p = 0; p < count; p++) {
        char text[SOURCE_PLACE_BYTES];
        if (!place_text(replayed, places[p], text, sizeof text))
            continue;
        const char *own = source_places_own(text);
        fprintf(out, "%" PRIu64 " %.*s", places[p].event, (int)strcspn(own, "\t"), own);
        put_backtrace(replayed, &places[p], out);
        fputc('\n', out);
    }
}

/* In a build for coverage the loader has an image once in a process: a run can't be done again. */
#ifdef BALLAST_COVERAGE
#define CAN_RUN_AGAIN false
#else
#define CAN_RUN_AGAIN true
#endif

/* Runs a failure once more, for what the driver did before and after it. The outcome keeps the recording of the first run. */
static bool put_trails(
    struct replayed *replayed, const struct run_options *options, struct outcome *outcome, FILE *out)
{
    replayed->kept = malloc(outcome->recording_bytes);
    if (replayed->kept == NULL)
        return false;
    outcome->recording = memcpy(replayed->kept, outcome->recording, outcome->recording_bytes);
    return trails_put(
        replayed->runner, replayed->scenario, options, replayed->kept, outcome->recording_bytes, out);
}

/* All that goes into FILE.places. False: there is no memory for all of it. */
static bool put_places(
    struct replayed *replayed, const struct run_options *options, bool trails, struct outcome *outcome)
{
    const bool failed = outcome->verdict == VERDICT_FAIL || outcome->verdict == VERDICT_CRASH;
    FILE *out = open_memstream(&replayed->places, &replayed->places_bytes);

    if (out == NULL)
        return false;
    put_events(replayed, out);
    bool whole = !runner_places_lost(replayed->runner);
    if (CAN_RUN_AGAIN && whole && failed && options->on == ON_SIM && trails && outcome->recording != NULL)
        whole = put_trails(replayed, options, outcome, out) && !runner_places_lost(replayed->runner);
    return fclose(out) == 0 && whole;
}

/* Are two recordings of one scenario the same but for their heads and checksums? */
static bool same_events(const void *a, size_t a_bytes, const void *b, size_t b_bytes)
{
    const size_t head = sizeof(struct recording_head),
                 end = sizeof(struct record) + sizeof(struct record_value);

    assert(a_bytes >= head + end && b_bytes >= head + end);
    return a_bytes == b_bytes &&
           memcmp((const char *)a + head, (const char *)b + head, a_bytes - head - end) == 0;
}

/* Where the recordings part. */
static void put_first_difference(
    FILE *out, const struct replayed *replayed, const char *path, const struct outcome *on_xen)
{
    char error[256];
    const struct text_style style = {.path = path};
    struct reading *sim = reading_open(replayed->on_sim, replayed->on_sim_bytes, error, sizeof error);
    struct reading *xen = reading_open(on_xen->recording, on_xen->recording_bytes, error, sizeof error);

    if (sim != NULL && xen != NULL) {
        fprintf(out, "the simulator (A) and the real Xen (B) part:\n");
        text_diff(out, sim, xen, &style, &style);
    }
    reading_close(sim);
    reading_close(xen);
}

/* The verdicts or the recordings part: both verdicts, what is known of Xen's failure, and the first difference, in words. */
static void put_difference(
    struct replayed *replayed, const char *path, enum verdict on_sim, struct outcome *on_xen)
{
    FILE *out = open_memstream(&replayed->difference, &replayed->difference_bytes);

    if (out == NULL)
        return;
    if (verdicts_part(on_sim, on_xen->verdict))
        fprintf(out, "the simulator says %s, the real Xen %s\n", verdict_name(on_sim),
            verdict_name(on_xen->verdict));
    if (on_xen->sentence[0] != '\0')
        fprintf(out, "%s\n", on_xen->sentence);
    if (replayed->on_sim != NULL && on_xen->recording != NULL)
        put_first_difference(out, replayed, path, on_xen);
    if (fclose(out) == 0)
        on_xen->sentence = replayed->difference;
}

/*
 * The run failed on the simulator and was not judged on the real Xen, which must not hide it. The runner has only its last
 * run's recording and places, so that the scenario is run once more.
 */
static void show_simulators(struct replayed *replayed, struct run_options *options, struct outcome *outcome)
{
    const char *before =
        outcome->verdict == VERDICT_SKIP ? "it was not run on the real Xen" : "the real Xen's run was none";

    snprintf(replayed->sentence, sizeof replayed->sentence, "%s: %s", before, outcome->sentence);
    options->on = ON_SIM;
    outcome->verdict = runner_run(replayed->runner, replayed->scenario, options);
    outcome->sentence = replayed->sentence;
    outcome->recording = runner_recording(replayed->runner, &outcome->recording_bytes);
}

/* Runs the scenario on the simulator, then on Xen; the second recording is kept. */
static void run_on_both(
    struct replayed *replayed, const char *path, struct run_options options, struct outcome *outcome)
{
    options.on = ON_XEN;
    options.xen.known = runner_known_xen(replayed->runner, replayed->scenario, &options);
    options.on = ON_SIM;
    options.whole_calls = true; /* or the schedules part where the model's calls are preempted */
    const enum verdict on_sim = runner_run(replayed->runner, replayed->scenario, &options);
    const void *recording = runner_recording(replayed->runner, &replayed->on_sim_bytes);

    if (on_sim == VERDICT_TIMEOUT) { /* its time is over: there is none left for Xen */
        outcome->verdict = on_sim;
        outcome->sentence = runner_sentence(replayed->runner);
        return;
    }
    replayed->on_sim = recording != NULL ? malloc(replayed->on_sim_bytes) : NULL;
    if (replayed->on_sim != NULL)
        memcpy(replayed->on_sim, recording, replayed->on_sim_bytes);
    options.on = ON_XEN;
    outcome->verdict = runner_run(replayed->runner, replayed->scenario, &options);
    outcome->sentence = runner_sentence(replayed->runner);
    outcome->recording = runner_recording(replayed->runner, &outcome->recording_bytes);
    runner_agreement(replayed->runner, &outcome->hypercalls, &outcome->differences);
    const bool part = verdicts_part(on_sim, outcome->verdict);
    outcome->differences += part;
    if ((outcome->verdict == VERDICT_SKIP || outcome->verdict == VERDICT_ERROR) &&
        (on_sim == VERDICT_FAIL || on_sim == VERDICT_CRASH)) {
        show_simulators(replayed, &options, outcome);
        return;
    }
    if (part && outcome->verdict != VERDICT_PASS)
        put_difference(replayed, path, on_sim, outcome);
    if (outcome->verdict != VERDICT_PASS && outcome->verdict != VERDICT_CUT)
        return;
    if (replayed->on_sim == NULL) {
        outcome->verdict = VERDICT_ERROR;
        outcome->sentence = replayed->sentence;
        snprintf(
            replayed->sentence, sizeof replayed->sentence, "%s: no memory to keep both recordings", path);
        return;
    }
    assert(outcome->recording != NULL);
    if (same_events(replayed->on_sim, replayed->on_sim_bytes, outcome->recording, outcome->recording_bytes))
        return;
    put_difference(replayed, path, on_sim, outcome);
    outcome->verdict = on_sim > VERDICT_FAIL && on_sim != VERDICT_CUT ? on_sim : VERDICT_FAIL;
    outcome->differences += !part;
}

/* A run that has nothing else to say says which Xen it was on, if that is a build of the user's or not quite a known one. */
static void put_xen(struct replayed *replayed, const struct run_options *options, struct outcome *outcome)
{
    const struct xen_found *xen = runner_xen(replayed->runner);
    char text[XEN_FOUND_TEXT_BYTES];

    if (xen == NULL || outcome->sentence[0] != '\0' || (options->xen.path == NULL && xen_found_is_known(xen)))
        return;
    xen_found_text(xen, text, sizeof text);
    snprintf(replayed->sentence, sizeof replayed->sentence, "on %s", text);
    outcome->sentence = replayed->sentence;
}

/* Reads the scenario. NULL: what is wrong with it is the sentence. */
static struct scenario *read_scenario(const char *path, const struct replay_wants *wants,
    const struct kernels *kernels, char *sentence, size_t bytes)
{
    struct complaint complaint;
    const char *file = wants->file != NULL ? wants->file : path;
    size_t text_bytes = wants->input != NULL ? wants->input->bytes : 0;
    char *read = wants->input == NULL ? scenario_text(file, &text_bytes, &complaint) : NULL;
    const char *text = wants->input != NULL ? wants->input->text : read;
    struct scenario *scenario =
        text != NULL ? scenario_parse(path, text, text_bytes, kernels, &complaint) : NULL;

    if (scenario == NULL)
        complaint_text(path, text != NULL ? text : "", &complaint, sentence, bytes);
    free(read);
    return scenario;
}

struct replayed *replay_file(const char *path, const struct run_options *options,
    const struct replay_wants *wants, struct outcome *outcome)
{
    struct replayed *replayed = calloc(1, sizeof *replayed);

    assert(path != NULL && options != NULL);
    *outcome = (struct outcome){.verdict = VERDICT_ERROR, .sentence = "no memory", .places = ""};
    if (replayed == NULL)
        return NULL;
    outcome->sentence = replayed->sentence;
    const struct kernels kernels = {
        .describe = kernel_describe, .instead = options->kernel, .in_place = kernel_in_place};
    replayed->scenario = read_scenario(path, wants, &kernels, replayed->sentence, sizeof replayed->sentence);
    if (replayed->scenario == NULL)
        return replayed;
    if (wants->first_times != 0 && !scenario_keep_first(replayed->scenario, wants->first_times)) {
        snprintf(
            replayed->sentence, sizeof replayed->sentence, "%s: it has no first domain to boot alone", path);
        return replayed;
    }
    if (wants->any_schedule && replayed->scenario->host.schedule == SCHEDULE_FIXED) {
        *outcome = (struct outcome){.verdict = VERDICT_PASS, .sentence = "", .places = "", .left_out = true};
        return replayed;
    }
    if (!prepare(replayed, path, options, wants->free))
        return replayed;
    if (options->on == ON_BOTH) {
        run_on_both(replayed, path, *options, outcome);
    } else {
        outcome->verdict = runner_run(replayed->runner, replayed->scenario, options);
        outcome->sentence = runner_sentence(replayed->runner);
        outcome->recording = runner_recording(replayed->runner, &outcome->recording_bytes);
        runner_agreement(replayed->runner, &outcome->hypercalls, &outcome->differences);
    }
    put_xen(replayed, options, outcome);
    if (wants->places || outcome->verdict == VERDICT_FAIL || outcome->verdict == VERDICT_CRASH ||
        runner_remarked(replayed->runner)) {
        if (put_places(replayed, options, wants->trails && !wants->free, outcome)) {
            outcome->places = replayed->places;
            outcome->places_bytes = replayed->places_bytes;
        } else {
            outcome->verdict = VERDICT_ERROR;
            outcome->sentence = replayed->sentence;
            snprintf(
                replayed->sentence, sizeof replayed->sentence, "%s: no memory for its source places", path);
        }
    }
    return replayed;
}

void replay_file_done(struct replayed *replayed)
{
    if (replayed == NULL)
        return;
    runner_free(replayed->runner);
    scenario_free(replayed->scenario);
    free(replayed->files);
    free(replayed->places);
    free(replayed->on_sim);
    free(replayed->kept);
    free(replayed->difference);
    free(replayed);
}
