/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * `ballast replay`: runs files in worker processes, and has results written in the order in which the files were named, by
 * replay_writers.c.
 */
#include "harness/ballast/replay_file.h"
#include "harness/ballast/replay_writers.h"
#include "harness/ballast/watch.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "harness/ballast/baseline.h"
#include "harness/ballast/called.h"
#include "harness/ballast/check_driver.h"
#include "harness/ballast/commands.h"
#include "harness/ballast/confinement.h"
#include "harness/ballast/file.h"
#include "harness/ballast/gdb.h"
#include "harness/ballast/interrupt.h"
#include "harness/ballast/judged_scenario.h"
#include "harness/ballast/kept_recording.h"
#include "harness/image/image_copy.h"
#include "harness/image/kernels.h"
#include "harness/ballast/places_file.h"
#include "harness/ballast/replay_report.h"
#include "harness/ballast/segments.h"
#include "harness/segments/worlds.h"
#include "harness/ballast/stderr_line.h"
#include "reports/results.h"

struct replay {
    struct replay_options options;
    struct writing writing;
    struct schedules schedules;       /* the runs of the file whose turn it is */
    struct segments_results segments; /* of check-driver */
    struct words scenarios;           /* of check-driver, when none are named */
    struct report_folder *report;     /* NULL: no pages are written */
    struct baseline *baseline;        /* NULL: nothing is compared */
    char disagreement[256];
    uint64_t told_ms; /* when it was told last how far it is */
};

#define TOLD_EVERY_MS 20000u

/* ---- the command -------------------------------------------------------------------------------- */

/* The first of them is as it would be alone; each other one has a schedule of its own. */
static unsigned runs_of_a_file(const struct replay_options *options)
{
    return options->schedules + 1;
}

static void work(void *context, size_t job, struct outcome *outcome)
{
    struct replay *replay = context;
    const struct replay_options *options = &replay->options;
    const unsigned run = (unsigned)(job % runs_of_a_file(options));
    const size_t file = job / runs_of_a_file(options);
    /* In sentences it is one word, whatever the file is called. */
    char *shown = clean_name(options->files[file]);
    const struct replay_wants wants = {.file = options->files[file],
        .input = scenario_files_input(&options->found, file),
        .places = options->record != NULL || options->report != NULL || options->run.until_event != 0,
        .trails = replay->writing.writer->format == NULL || replay->writing.writer->format->has_text ||
                  options->record != NULL || options->report != NULL,
        .any_schedule = run != 0,
        .free = options->in_debugger};
    struct run_options chosen = options->run;

    assert(file < options->nr_files);
    if (run != 0)
        chosen.schedule_seed = schedules_seed(chosen.seed, run);
    /* It is not freed: the worker process ends when the outcome is delivered. */
    if (shown != NULL)
        (void)replay_file(shown, &chosen, &wants, outcome);
    else
        outcome->sentence = "no memory";
}

/* With what the recording doesn't hold of its run before its source places. */
static bool keep_recording(const struct replay *replay, size_t file, const struct outcome *outcome)
{
    const struct replay_options *options = &replay->options;
    char error[512] = "no memory", *folder = get_current_dir_name();
    size_t head_bytes, places_bytes;
    const bool named = scenario_files_input(&options->found, file) == NULL;
    char *head =
        event_places_head(folder, named ? options->files[file] : NULL, replay->writing.command, &head_bytes);
    char *places = NULL;
    FILE *out = head != NULL ? open_memstream(&places, &places_bytes) : NULL;

    if (out != NULL) {
        fwrite(head, 1, head_bytes, out);
        fwrite(outcome->places, 1, outcome->places_bytes, out);
    }
    bool kept = out != NULL && fclose(out) == 0;
    if (kept) {
        struct outcome whole = *outcome;
        whole.places = places;
        whole.places_bytes = places_bytes;
        kept = kept_recording_write(options->record, &whole, error, sizeof error);
    }
    if (!kept)
        stderr_line("%s", error);
    free(folder);
    free(head);
    free(places);
    return kept;
}

static void add_to_report(struct replay *replay, const char *path, const struct outcome *outcome)
{
    char error[512];

    if (replay->report == NULL || replay_report_add(replay->report, path, path, replay->writing.command,
                                      outcome, NULL, error, sizeof error))
        return;
    stderr_line("%s", error);
    replay->writing.unwritten = true;
}

static bool end_report(struct replay *replay)
{
    char error[512];

    if (replay->report == NULL || report_folder_end(replay->report, error, sizeof error))
        return true;
    stderr_line("%s", error);
    return false;
}

static bool is_bad(enum verdict verdict)
{
    return verdict != VERDICT_PASS && verdict != VERDICT_SKIP && verdict != VERDICT_CUT;
}

/*
 * Good news is believed when the recording is whole and says so, too; a run may be left out where it has a schedule of its
 * own. True: it is as it should be.
 */
static bool is_believed(const struct outcome *outcome, unsigned run, char *why_not, size_t why_not_bytes)
{
    char error[256];
    struct reading *reading;

    if (outcome->left_out) {
        snprintf(why_not, why_not_bytes, "it says that it was not run");
        return run != 0 && outcome->verdict == VERDICT_PASS;
    }
    if (is_bad(outcome->verdict))
        return true;
    snprintf(why_not, why_not_bytes, "it says %s, and its recording doesn't", verdict_name(outcome->verdict));
    if (outcome->recording == NULL)
        return false;
    reading = reading_open(outcome->recording, outcome->recording_bytes, error, sizeof error);
    const int verdict = reading != NULL ? reading_verdict(reading) : -1;
    reading_close(reading);
    return verdict == (int)outcome->verdict;
}

/* Writes the result of a file. Without a recording, the scenario has to say whose files it is about. */
static void write_result(struct replay *replay, size_t file, const struct outcome *outcome)
{
    const struct replay_options *options = &replay->options;
    char *const of_guests = replay->writing.judged;

    replay->writing.judged = outcome->recording == NULL
                                 ? judged_scenario(options->files[file],
                                       scenario_files_input(&options->found, file), options->run.kernel)
                                 : strdup("");
    replay->writing.unwritten = replay->writing.unwritten || replay->writing.judged == NULL;
    replay->writing.writer->write(&replay->writing, options->files[file], outcome);
    replay->writing.nr_results++;
    add_to_report(replay, options->files[file], outcome);
    free(replay->writing.judged);
    replay->writing.judged = of_guests;
}

/* Nothing is printed for long, as causes are at the end and --quiet of what passes. */
static bool is_silent(const struct replay *replay)
{
    const struct replay_options *options = &replay->options;

    return !options->in_debugger &&
           (replay->writing.writer->format == &results_causes ||
               (options->quiet && replay->writing.writer->format == NULL && options->nr_files > 1));
}

static bool shows_progress(const struct replay *replay)
{
    return is_silent(replay) && isatty(STDERR_FILENO);
}

static uint64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* On a terminal a line that changes; elsewhere, unless --quiet asks for none, a line now and then, which says what is quicker. */
static void tell_progress(struct replay *replay, size_t done)
{
    const size_t all = replay->options.nr_files;
    const unsigned runs = runs_of_a_file(&replay->options);

    assert(done <= all);
    if (shows_progress(replay)) {
        if (done < all)
            fprintf(stderr, "\r%zu of %zu scenarios", done, all);
        else
            fputs("\r\033[K", stderr);
    } else if (is_silent(replay) && !replay->options.quiet && done < all &&
               now_ms() - replay->told_ms >= TOLD_EVERY_MS) {
        fprintf(stderr, "%zu of %zu scenarios", done, all);
        if (runs > 1)
            fprintf(stderr, ", %u runs of each; --schedules 0 is quicker", runs);
        fputc('\n', stderr);
        replay->told_ms = now_ms();
    }
}

static void deliver(void *context, size_t job, const struct outcome *outcome)
{
    struct replay *replay = context;
    const struct replay_options *options = &replay->options;
    const unsigned runs = runs_of_a_file(options), run = (unsigned)(job % runs);
    const struct outcome forged = {.verdict = VERDICT_ERROR, .sentence = replay->disagreement, .places = ""};
    char why_not[80];

    if (!is_believed(outcome, run, why_not, sizeof why_not)) {
        snprintf(replay->disagreement, sizeof replay->disagreement,
            "the worker process left an outcome that can't be believed: %s: a fault of Ballast's own, unless "
            "the guest wrote over its memory; please report it",
            why_not);
        outcome = &forged;
    }
    replay->writing.hypercalls += outcome->hypercalls;
    replay->writing.differences += outcome->differences;
    if (runs > 1) {
        schedules_add(&replay->schedules, options->run.seed, run, outcome);
        if (run + 1 < runs)
            return;
        outcome = schedules_worst(&replay->schedules);
    }
    verdicts_add(&replay->writing.counts, outcome->verdict);
    baseline_add(replay->baseline, options->files[job / runs], outcome);
    if (shows_progress(replay) && options->quiet)
        fputs("\r\033[K", stderr); /* what is printed begins its line */
    write_result(replay, job / runs, outcome);
    tell_progress(replay, job / runs + 1);
    if (options->record != NULL && !keep_recording(replay, job / runs, outcome))
        verdicts_add(&replay->writing.counts, VERDICT_ERROR);
    schedules_forget(&replay->schedules);
}

/* Complains about files that can't be read, before anything is run. */
static bool files_are_there(const struct replay_options *options)
{
    bool all = true;
    char error[512];

    if (options->record != NULL &&
        !kept_recording_allowed(options->record, options->files, options->nr_files, error, sizeof error)) {
        stderr_line("%s", error);
        all = false;
    }
    for (size_t f = 0; f < options->nr_files; f++)
        if (scenario_files_input(&options->found, f) == NULL && access(options->files[f], R_OK) != 0) {
            stderr_line("%s: %m", options->files[f]);
            all = false;
        }
    return all;
}

/* The segment file's small worlds are tried beside the scenarios that hold for any driver. */
static bool tries_segments(const struct replay *replay)
{
    const struct replay_options *options = &replay->options;

    return replay->scenarios.count > 0 && options->guest.guest == NULL && options->run.on == ON_SIM &&
           options->kernel == NULL && worlds_are_known(options->guest.recipe);
}

/* A file whose worlds can't be built, though its kernel was, has a row that says so. */
static void try_segments(struct replay *replay)
{
    const struct segments_request request = {
        .jobs = replay->options.jobs, .operations = SEGMENTS_OPERATIONS, .until_interrupted = true};
    const int code = segments_try(&replay->options.guest, &request, &replay->segments);

    if (code == EXIT_NOT_COMPILED && !segments_not_tried(&replay->segments))
        stderr_line("no memory");
    if (code == VERDICT_ERROR || (code == EXIT_NOT_COMPILED && replay->segments.count == 0))
        verdicts_add(&replay->writing.counts, VERDICT_ERROR);
}

/* What is printed is about those scenarios that were run until ^C came. */
static void tell_interrupted(const struct replay *replay)
{
    const size_t all = replay->options.nr_files;

    fflush(stdout);
    stderr_line("interrupted: %zu of %zu scenario%s %s run", replay->writing.nr_results, all,
        all == 1 ? "" : "s", all == 1 ? "was" : "were");
}

static void write_segments(struct replay *replay)
{
    for (size_t s = 0; s < replay->segments.count; s++) {
        const struct segments_result *result = &replay->segments.list[s];
        const struct outcome outcome = {
            .verdict = result->verdict, .sentence = result->text, .rows = result->rows, .places = ""};
        char name[64];
        snprintf(name, sizeof name, "segments %.50s", result->name);
        verdicts_add(&replay->writing.counts, outcome.verdict);
        baseline_add(replay->baseline, name, &outcome);
        replay->writing.writer->write(&replay->writing, name, &outcome);
    }
}

static int run(struct replay *replay, const struct workers *workers)
{
    const struct results_format *format = replay->writing.writer->format;

    assert(replay->writing.state == NULL && !replay->writing.unwritten);
    if (format != NULL && (replay->writing.state = format->begin(
                               stdout, replay->options.nr_files + replay->segments.count)) == NULL) {
        stderr_line("no memory");
        return VERDICT_ERROR;
    }
    replay->told_ms = now_ms();
    const char *lacks = replay->options.run.on != ON_XEN ? confinement_prepare() : NULL;
    if (lacks != NULL)
        fprintf(stderr, "ballast: %s\n", lacks);
    if (!workers_run(workers)) {
        stderr_line("no worker process can be started: %s", strerror(errno));
        replay->writing.unwritten = true;
    }
    write_segments(replay);
    if (interrupt_seen() && shows_progress(replay))
        fputs("\r\033[K", stderr);
    replay->writing.writer->end(&replay->writing);
    if (!end_report(replay))
        replay->writing.unwritten = true;
    if (interrupt_seen()) {
        tell_interrupted(replay);
        return EXIT_INTERRUPTED;
    }
    if (replay->writing.unwritten) {
        stderr_line("the results can't be written whole");
        verdicts_add(&replay->writing.counts, VERDICT_ERROR);
    }
    return (int)verdicts_worst(&replay->writing.counts, replay->options.strict);
}

/* Under a debugger: runs the file in this process, without a time limit. */
static int run_here(struct replay *replay)
{
    struct outcome outcome;

    image_copy_by_loader();
    replay->options.run.debugger = gdb_event;
    work(replay, 0, &outcome);
    deliver(replay, 0, &outcome);
    replay->writing.writer->end(&replay->writing);
    return (int)verdicts_worst(&replay->writing.counts, replay->options.strict);
}

static int run_files(struct replay *replay)
{
    const struct workers workers = {
        .nr_jobs = replay->options.nr_files * runs_of_a_file(&replay->options),
        .at_a_time = replay->options.jobs,
        .timeout_ms = replay->options.timeout_s * 1000,
        .grace_ms = TIMEOUT_GRACE_MS,
        .context = replay,
        .work = work,
        .deliver = deliver,
    };

    replay->writing.command =
        called_command(replay->options.kernel, replay->options.xen, replay->options.run.keep_going);
    replay->writing.judged = judged_guests(replay->options.guest.recipe);
    if (replay->writing.command == NULL || replay->writing.judged == NULL) {
        stderr_line("no memory");
        return VERDICT_ERROR;
    }
    if (tries_segments(replay))
        try_segments(replay);
    if (replay->options.gdb)
        return gdb_replay(&replay->options);
    if (replay->options.in_debugger)
        return run_here(replay);
    interrupt_begin();
    const int code = run(replay, &workers);
    return replay->writing.unwritten || interrupt_seen() ? code : baseline_end(replay->baseline, code);
}

/* Those that hold for any driver, when check-driver is told no others. */
static bool take_driver_scenarios(struct replay *replay, char *error, size_t error_bytes)
{
    struct replay_options *options = &replay->options;

    if (!options->driver || options->nr_files > 0)
        return true;
    if (options->guest.recipe == NULL) {
        snprintf(error, error_bytes, "%s", options->guest.recipe_error);
        return false;
    }
    if (!driver_scenarios(options->guest.recipe, &replay->scenarios, error, error_bytes))
        return false;
    options->files = calloc(replay->scenarios.count + 1, sizeof *options->files);
    if (options->files == NULL) {
        snprintf(error, error_bytes, "no memory");
        return false;
    }
    for (; options->nr_files < replay->scenarios.count; options->nr_files++)
        options->files[options->nr_files] = strdup(replay->scenarios.list[options->nr_files]);
    return true;
}

static int replay_named(struct replay *replay)
{
    struct replay_options *options = &replay->options;
    char error[1024];
    int code = VERDICT_ERROR;

    if (options->kernel != NULL && guest_options_any(&options->guest) &&
        !guest_options_of_kernel(&options->guest, options->kernel, error, sizeof error)) {
        stderr_line("%s", error);
        return code;
    }
    code = guest_options_apply(&options->guest);
    if (code != VERDICT_PASS)
        return code;
    code = VERDICT_ERROR;
    if (!replay_options_kernel_is_there(options, error, sizeof error) ||
        !take_driver_scenarios(replay, error, sizeof error) ||
        !baseline_begin(&replay->baseline, options->baseline, options->new_baseline, error, sizeof error) ||
        (options->report != NULL &&
            (replay->report = report_folder_begin(options->report, error, sizeof error)) == NULL))
        stderr_line("%s", error);
    else if ((replay->writing.writer = writer_find(options->format != NULL ? options->format
                                                   : options->driver       ? "causes"
                                                                           : NULL)) != NULL &&
             files_are_there(options))
        code = run_files(replay);
    return code;
}

int command_replay(int count, const char **arguments)
{
    struct replay replay = {0};
    char error[512];
    int code = VERDICT_ERROR;

    replay.writing.options = &replay.options;
    replay.writing.schedules = &replay.schedules;
    if (!replay_options_parse(&replay.options, count, arguments, error, sizeof error))
        stderr_line("%s", error);
    else if (replay.options.show_help) {
        if (replay_options_help(stdout, &replay.options))
            code = VERDICT_PASS;
        else
            stderr_line("no memory");
    } else if (replay.options.watch)
        code = watch_replay(&replay.options, count, arguments);
    else
        code = replay_named(&replay);
    free(replay.writing.command);
    free(replay.writing.judged);
    segments_results_free(&replay.segments);
    words_free(&replay.scenarios);
    baseline_free(replay.baseline);
    report_folder_free(replay.report);
    schedules_forget(&replay.schedules);
    replay_options_free(&replay.options);
    return interrupt_end(code);
}

int command_check_driver(int count, const char **arguments)
{
    return command_replay(count, arguments);
}
