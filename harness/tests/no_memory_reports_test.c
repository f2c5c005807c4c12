/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The reports and the commands when memory runs out: each request is refused once, and the result must be an error
 * that says so, or the very same output. no_memory_test.c does this for scenarios and their runs.
 */
#include "harness/tests/scarce.h"

#include <assert.h>
#include <check.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/ballast/commands.h"
#include "harness/ballast/file.h"
#include "harness/ballast/replay_file.h"
#include "harness/ballast/places_file.h"
#include "harness/ballast/worker.h"
#include "reports/html.h"
#include "reports/results.h"
#include "reports/reading.h"
#include "reports/text_console.h"
#include "reports/text_event.h"
#include "reports/text_failures.h"
#include "reports/text_picture.h"
#include "reports/trace.h"

#define SAMPLES "harness/tests/samples/"
#define FORMATS "harness/tests/formats/"

/* ---- reports of recordings --------------------------------------------------------------------- */

struct sample {
    const char *path;
    void *bytes;
    size_t count;
    const struct results_format *format;
};

/* A scenario whose expectation fails, and one that breaks an invariant. */
static const char *const samples[] = {
    FORMATS "fail.scn", SAMPLES "1-fail-mid-plug-100.rec", SAMPLES "1-write-to-m2p.rec"};
static const struct results_format *const formats[] = {
    &results_json, &results_junit, &results_tap, &results_table, &results_causes};

/* Reads a recording, or makes one by replaying a scenario. */
static struct sample sample_of(const char *path)
{
    const struct run_options options = {.seed = 1};
    char error[512];
    struct sample sample = {.path = path};
    struct outcome outcome;

    if (strcmp(path + strlen(path) - 4, ".rec") == 0)
        sample.bytes = file_read(path, 1u << 24, &sample.count, error, sizeof error);
    else {
        struct replayed *replayed =
            replay_file(path, &options, &(struct replay_wants){.free = true}, &outcome);
        ck_assert_msg(outcome.verdict == VERDICT_FAIL, "%s: %s", path, outcome.sentence);
        sample.count = outcome.recording_bytes;
        sample.bytes = malloc(sample.count);
        memcpy(sample.bytes, outcome.recording, sample.count);
        replay_file_done(replayed);
    }
    ck_assert_msg(sample.bytes != NULL, "%s", error);
    return sample;
}

static struct reading *open_sample(const struct sample *sample)
{
    char error[256] = "";
    struct reading *reading = reading_open(sample->bytes, sample->count, error, sizeof error);

    assert(reading != NULL || scarce_is_said(error));
    return reading;
}

/* Writes all texts that a person may read of a recording. Where memory lacks, a text must say so in its place. */
static bool write_text(void *context, FILE *out)
{
    const struct sample *sample = context;
    struct reading *reading = open_sample(sample);
    const struct text_style style = {.path = sample->path};
    static char all[1 << 22];

    if (reading == NULL)
        return false;
    FILE *print = tmpfile();
    assert(print != NULL);
    text_verdict_line(print, reading, &style);
    text_failures(print, reading, &style);
    text_console(print, reading, NULL, NULL);
    text_picture(print, reading, &(struct picture_paper){.columns = 72, .rows = 16});
    for (uint64_t event = 1; event <= reading_events(reading); event++)
        text_event(print, reading, event, &style);
    reading_close(reading);
    rewind(print);
    const size_t bytes = fread(all, 1, sizeof all - 1, print);
    assert(feof(print) != 0);
    all[bytes] = 0;
    fclose(print);
    if (scarce_is_said(all))
        return false;
    fwrite(all, 1, bytes, out);
    return true;
}

static bool write_format(void *context, FILE *out)
{
    const struct sample *sample = context;
    struct reading *reading = open_sample(sample);
    const struct result results[] = {{.path = sample->path, .verdict = 5, .sentence = "", .reading = reading},
        {.path = "missing.scn", .verdict = 4, .sentence = "it is missing\n"},
        {.path = "skipped.scn", .verdict = 3, .sentence = "not on this machine"}};
    bool whole = reading != NULL;
    void *state = whole ? sample->format->begin(out, 3) : NULL;

    whole = state != NULL;
    for (size_t r = 0; r < 3 && state != NULL; r++)
        whole = sample->format->add(state, &results[r]) && whole;
    if (state != NULL)
        whole = sample->format->end(state) && whole;
    reading_close(reading);
    return whole;
}

/* The page of a run, its row in an index, and its trace. */
static bool write_pages(void *context, FILE *out)
{
    const struct sample *sample = context;
    struct reading *reading = open_sample(sample);
    const struct text_style style = {.path = sample->path, .command = "ballast replay"};
    const struct html_page page = {
        .reading = reading, .style = &style, .name = "fail.html", .verdict = 5, .sentence = "it failed"};
    const bool whole = reading != NULL && html_run(out, &page) && html_index_begin(out) &&
                       html_index_add(out, &page, 0) && trace_print(out, reading, &style);

    if (whole)
        html_index_end(out);
    reading_close(reading);
    return whole;
}

START_TEST(pages_are_whole_or_there_is_no_memory)
{
    struct sample sample = sample_of(samples[0]);

    json_set_alloc_funcs(malloc, free);
    ck_assert_uint_gt(scarce_try("pages", write_pages, &sample, 20, 40), 100);
    free(sample.bytes);
}
END_TEST

START_TEST(a_text_is_whole_or_there_is_no_memory)
{
    struct sample sample = sample_of(samples[_i]);

    ck_assert_uint_gt(scarce_try(sample.path, write_text, &sample, 100, 1), 3);
    free(sample.bytes);
}
END_TEST

START_TEST(results_are_whole_or_there_is_no_memory)
{
    struct sample sample = sample_of(samples[0]);

    json_set_alloc_funcs(malloc, free); /* as refusable as ours */
    sample.format = formats[_i];
    ck_assert_uint_gt(scarce_try(sample.format->name, write_format, &sample, 40, 5), 3);
    free(sample.bytes);
}
END_TEST

/* ---- commands ---------------------------------------------------------------------------------- */

struct command {
    int (*run)(int, const char **);
    const char *words[8];
};

static int count_words(const struct command *command)
{
    int count = 0;

    while (command->words[count] != NULL)
        count++;
    return count;
}

/* What a command prints to standard output and to standard error, and its exit code. */
static bool run_command(void *context, FILE *out)
{
    static char all[1 << 22];
    const struct command *command = context;
    const char *words[8];
    int status, kept[2] = {dup(1), dup(2)};
    FILE *print = tmpfile();

    memcpy(words, command->words, sizeof words);
    fflush(NULL);
    dup2(fileno(print), 1);
    dup2(fileno(print), 2);
    status = command->run(count_words(command), words);
    fflush(NULL);
    for (int stream = 1; stream <= 2; stream++) {
        dup2(kept[stream - 1], stream);
        close(kept[stream - 1]);
    }
    rewind(print);
    const size_t bytes = fread(all, 1, sizeof all - 1, print);
    fclose(print);
    all[bytes] = 0;
    if (status != VERDICT_PASS && (scarce_is_said(all) || strstr(all, "can't be written whole") != NULL ||
                                      strstr(all, "no worker process can be started") != NULL))
        return false;
    fprintf(out, "%d\n%s", status, all);
    return true;
}

/* A name that no other run of the tests has. */
static char record[] = "--record=/tmp/ballast-no-memory-XXXXXX";
#define RECORD_FILE (record + sizeof "--record=" - 1)

static const struct command commands[] = {
    {command_list, {"list", "scenarios", "scenarios/physseg"}},
    {command_list, {"list", "kernels"}},
    {command_explain, {"explain", "no-leak"}},
    {command_diff, {"diff", SAMPLES "1-write-to-m2p.rec", SAMPLES "1-fail-mid-plug-100.rec"}},
    {command_diff, {"diff", SAMPLES "1-write-to-m2p.rec", SAMPLES "1-write-to-m2p.rec"}},
    {command_replay, {"replay", "--help"}},
    {command_replay, {"replay", "--format=json", FORMATS "fail.scn", FORMATS "crash.scn"}},
    {command_replay, {"replay", "--show=log,picture", "--jobs=2", FORMATS "pass.scn", FORMATS "fail.scn"}},
    {command_replay, {"replay", "--format=table", record, FORMATS "fail.scn"}},
    {command_replay,
        {"replay", "--until=60", "scenarios/bad/language-2.scn", FORMATS "fail.scn", FORMATS "crash.scn"}},
};

START_TEST(a_command_is_done_or_there_is_no_memory)
{
    struct command command = commands[_i];

    char places[sizeof record + sizeof ".places"];
    const int fd = mkstemp(RECORD_FILE);

    ck_assert_int_ge(fd, 0);
    close(fd);
    scarce_try(command.words[0], run_command, &command, 60, 10);
    snprintf(places, sizeof places, "%s.places", RECORD_FILE);
    unlink(RECORD_FILE);
    unlink(places);
}
END_TEST

/* Runs a scenario as a worker does it, with the places in the source of its events. */
static bool replay_here(void *context, FILE *out)
{
    const struct run_options options = {.seed = 1};
    struct outcome outcome;
    struct replayed *replayed =
        replay_file(context, &options, &(struct replay_wants){.places = true, .free = true}, &outcome);
    const bool said = outcome.verdict == VERDICT_ERROR && scarce_is_said(outcome.sentence);

    if (!said) {
        fprintf(out, "%d\n%s\n", (int)outcome.verdict, outcome.sentence);
        fwrite(outcome.recording, 1, outcome.recording_bytes, out);
        fwrite(outcome.places, 1, outcome.places_bytes, out);
    }
    replay_file_done(replayed);
    return !said;
}

START_TEST(a_replay_has_its_places_or_there_is_no_memory)
{
    ck_assert_uint_gt(scarce_try("replay", replay_here, FORMATS "crash.scn", 40, 40), 50);
}
END_TEST

Suite *no_memory_reports_suite(void)
{
    Suite *suite = suite_create("no memory for reports");
    TCase *tests = tcase_create("each request refused");

    tcase_add_test(tests, pages_are_whole_or_there_is_no_memory);
    tcase_add_loop_test(
        tests, a_text_is_whole_or_there_is_no_memory, 0, (int)(sizeof samples / sizeof samples[0]));
    tcase_add_loop_test(
        tests, results_are_whole_or_there_is_no_memory, 0, (int)(sizeof formats / sizeof formats[0]));
    tcase_add_loop_test(
        tests, a_command_is_done_or_there_is_no_memory, 0, (int)(sizeof commands / sizeof commands[0]));
    tcase_add_test(tests, a_replay_has_its_places_or_there_is_no_memory);
    suite_add_tcase(suite, tests);
    return suite;
}
