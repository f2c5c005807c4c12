/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * `ballast compare FILE... --kernels A,B`: each scenario on each kernel, and what the runs took beside each other. The runs
 * are in worker processes, as those of `ballast replay --kernel` are; reports/measures.c counts.
 */
#include <assert.h>
#include <errno.h>
#include <popt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/ballast/called.h"
#include "harness/ballast/commands.h"
#include "harness/ballast/compare_growth.h"
#include "harness/ballast/designs.h"
#include "harness/ballast/confinement.h"
#include "harness/ballast/option_value.h"
#include "harness/ballast/options.h"
#include "harness/ballast/replay_file.h"
#include "harness/ballast/replay_report.h"
#include "harness/ballast/scenario_files.h"
#include "harness/ballast/stderr_line.h"
#include "harness/image/kernels.h"
#include "harness/run/runner.h"
#include "reports/measures.h"
#include "reports/results.h"

struct compared {
    char *kernels, *designs, *format, *tables_text, *seed_text, *timeout_text, *folder;
    struct report_folder *report; /* NULL: no pages are written */
    bool report_failed;
    unsigned tables;          /* a bit for each enum measure_table */
    bool grown;               /* the table growth is wanted, which takes runs of its own */
    uint64_t seed, timeout_s; /* of wall clock, for each run */
    struct words kernels_wanted;
    struct scenario_files files;
    struct measured *runs; /* each file with each kernel */
    struct growth *growth; /* of each; NULL: nobody asks for it */
};

static bool name_kernels(struct compared *c, struct words *named, char *error, size_t error_bytes)
{
    char unknown[512], *rest = c->kernels, *name;

    while ((name = strsep(&rest, ",")) != NULL) {
        if (kernel_info(name) == NULL) {
            kernel_unknown(name, unknown, sizeof unknown);
            snprintf(error, error_bytes, "--kernels: %s", *name != 0 ? unknown : "a name is empty");
            return false;
        }
        words_add(named, name);
    }
    return true;
}

/* Those of both options, each once, for its runs would be the same. */
static bool take_kernels(struct compared *c, char *error, size_t error_bytes)
{
    struct words named = {0};
    bool known = (c->kernels == NULL || name_kernels(c, &named, error, error_bytes)) &&
                 (c->designs == NULL || designs_add(&named, c->designs, error, error_bytes));

    for (size_t k = 0; k < named.count; k++)
        if (!words_have(&c->kernels_wanted, named.list[k]))
            words_add(&c->kernels_wanted, named.list[k]);
    if (named.failed || c->kernels_wanted.failed) {
        snprintf(error, error_bytes, "no memory");
        known = false;
    }
    words_free(&named);
    return known;
}

static bool is_json(const struct compared *c)
{
    return c->format != NULL && strcmp(c->format, "json") == 0;
}

/* Names of tables, or all. JSON has all, and so have pages. */
static bool take_tables(struct compared *c, char *error, size_t error_bytes)
{
    static const char *const names[] = {
#define X(id, name, about) name,
        MEASURE_TABLES(X)
#undef X
    };
    char *rest = c->tables_text, *name;

    if (rest == NULL)
        c->tables = 1u << MEASURES_SUMMARY;
    c->grown = rest == NULL && (is_json(c) || c->folder != NULL);
    while ((name = strsep(&rest, ",")) != NULL) {
        unsigned found = 0;

        for (size_t i = 0; i < NR_MEASURE_TABLES; i++)
            if (strcmp(name, names[i]) == 0 || strcmp(name, "all") == 0)
                found |= 1u << i;
        c->tables |= found;
        c->grown = (c->tables >> MEASURES_GROWTH & 1) != 0;
        if (found != 0)
            continue;
#define X(id, name, about) ", " name
        snprintf(error, error_bytes, "--measures %.40s: there are all" MEASURE_TABLES(X), name);
#undef X
        return false;
    }
    return true;
}

static void work(void *context, size_t job, struct outcome *outcome)
{
    const struct compared *c = context;
    const size_t file = job / c->kernels_wanted.count;
    const struct replay_wants wants = {
        .file = c->files.names.list[file], .input = scenario_files_input(&c->files, file)};
    const struct run_options options = {.seed = c->seed, .kernel = c->runs[job].kernel};
    char *shown = clean_name(wants.file);

    /* It is not freed: the worker process ends when the outcome is delivered. */
    if (shown != NULL)
        (void)replay_file(shown, &options, &wants, outcome);
    else
        outcome->sentence = "no memory";
}

/* Each run once more where nobody grows, and boots with larger and larger maxmem: only for who asks. */
static bool find_growth(struct compared *c)
{
    if (!c->grown)
        return true;
    c->growth =
        growth_find(c->runs, c->kernels_wanted.count, &c->files, c->seed, (unsigned)(c->timeout_s * 1000));
    return c->growth != NULL;
}

/* "tour/shrink-netbsd", after which the page of tour/shrink.scn with that kernel is named. NULL: no memory. */
static char *page_name(const struct measured *run)
{
    const size_t bytes = strlen(run->scenario);
    const bool ending = bytes > 4 && strcmp(run->scenario + bytes - 4, ".scn") == 0;
    char *name = NULL;

    return asprintf(&name, "%.*s-%s", (int)(ending ? bytes - 4 : bytes), run->scenario, run->kernel) >= 0
               ? name
               : NULL;
}

/* The run's page, with the command that repeats it. */
static void add_page(struct compared *c, const struct measured *run, const struct outcome *outcome)
{
    char error[512] = "no memory";

    if (c->report == NULL)
        return;
    char *command = called_command(run->kernel, NULL, false), *name = page_name(run);
    if (command == NULL || name == NULL ||
        !replay_report_add(
            c->report, name, run->scenario, command, outcome, &run->measures, error, sizeof error)) {
        stderr_line("%s", error);
        c->report_failed = true;
    }
    free(command);
    free(name);
}

/* Was it told of an earlier run? A host that is too small is so for each kernel. */
static bool is_told(const struct compared *c, const struct measured *run)
{
    for (const struct measured *before = c->runs; before < run; before++)
        if (before->reason != NULL && run->reason != NULL && strcmp(before->scenario, run->scenario) == 0 &&
            strcmp(before->reason, run->reason) == 0)
            return true;
    return false;
}

/* Why a run has no numbers: one line, told on standard error, and kept for who reads JSON. */
static void tell_reason(const struct compared *c, struct measured *run, enum verdict verdict, const char *why)
{
    run->reason = strndup(why, strcspn(why, "\n"));
    if (is_told(c, run))
        return;
    stderr_line("%s with %s: %s: %s", run->scenario, run->kernel, verdict_name(verdict),
        run->reason != NULL ? run->reason : "no memory");
}

/* A run that left no recording has no numbers; nor has one that came to an ERROR, or was not made for the kernel. */
static void deliver(void *context, size_t job, const struct outcome *outcome)
{
    struct compared *c = context;
    struct measured *run = &c->runs[job];
    char error[512] = "";
    const char *why = error;
    struct reading *reading = NULL;

    if (outcome->recording != NULL)
        reading = reading_open(outcome->recording, outcome->recording_bytes, error, sizeof error);
    else
        why = outcome->sentence;
    if (reading == NULL || !measures_take(reading, &run->measures)) {
        run->measures.verdict = -1;
        tell_reason(c, run, outcome->verdict, reading == NULL ? why : "no memory");
    } else if (outcome->verdict == VERDICT_ERROR || outcome->verdict == VERDICT_SKIP)
        tell_reason(c, run, outcome->verdict, outcome->sentence);
    else if (outcome->verdict == VERDICT_CRASH ||
             (outcome->verdict == VERDICT_FAIL && run->measures.broken == 0))
        stderr_line("%s with %s: %s: `ballast replay --kernel %s %s` tells why", run->scenario, run->kernel,
            verdict_name(outcome->verdict), run->kernel, run->scenario);
    if (c->growth != NULL && run->measures.verdict >= 0)
        growth_add(&c->growth[job], &run->measures);
    reading_close(reading);
    add_page(c, run, outcome);
}

/* False: pages were wanted, and not all are there. */
static bool end_report(struct compared *c)
{
    char error[512];

    if (c->report == NULL || report_folder_end(c->report, error, sizeof error))
        return !c->report_failed;
    stderr_line("%s", error);
    return false;
}

static int run_all(struct compared *c)
{
    const size_t kernels = c->kernels_wanted.count, nr_runs = c->files.names.count * kernels;
    const struct workers workers = {
        .nr_jobs = nr_runs,
        .at_a_time = 1,
        .timeout_ms = (unsigned)(c->timeout_s * 1000),
        .grace_ms = TIMEOUT_GRACE_MS,
        .context = c,
        .work = work,
        .deliver = deliver,
    };

    c->runs = calloc(nr_runs, sizeof *c->runs);
    for (size_t r = 0; c->runs != NULL && r < nr_runs; r++)
        c->runs[r] = (struct measured){.scenario = c->files.names.list[r / kernels],
            .kernel = c->kernels_wanted.list[r % kernels],
            .measures.verdict = -1};
    const char *lacks = confinement_prepare();
    if (lacks != NULL)
        stderr_line("%s", lacks);
    if (c->runs == NULL || !find_growth(c) || !workers_run(&workers)) {
        stderr_line("no worker process can be started: %s", strerror(errno));
        return VERDICT_ERROR;
    }
    if (!(is_json(c) ? measures_print_json(stdout, c->runs, nr_runs)
                     : measures_print_tables(stdout, c->runs, nr_runs, c->tables))) {
        stderr_line("the comparison could not be written");
        return VERDICT_ERROR;
    }
    if (!end_report(c))
        return VERDICT_ERROR;
    for (size_t r = 0; r < nr_runs; r++)
        if (c->runs[r].measures.verdict < 0 || c->runs[r].measures.verdict == VERDICT_ERROR)
            return VERDICT_ERROR;
    return VERDICT_PASS;
}

static void help(poptContext context)
{
    poptPrintHelp(context, stdout, 0);
    printf("\nWhat the columns mean, in the table summary and in those that --measures adds:\n");
    measures_print_meanings(stdout);
    printf("\nExit codes: 0 all ran, whatever the verdicts are; 4 one did not.\n");
}

static bool take_arguments(struct compared *c, const char **files, char *error, size_t error_bytes)
{
    for (; files != NULL && *files != NULL; files++)
        if (!scenario_files_add(&c->files, *files, error, error_bytes))
            return false;
    if (c->files.names.count == 0 || (c->kernels == NULL && c->designs == NULL))
        snprintf(error, error_bytes,
            "compare wants scenarios and kernels, as in `ballast compare a.scn --kernels "
            "netbsd,netbsd-static` or `--designs all`");
    else if (c->format != NULL && strcmp(c->format, "text") != 0 && strcmp(c->format, "json") != 0)
        snprintf(error, error_bytes, "--format %.40s: there are text and json", c->format);
    else
        return take_tables(c, error, error_bytes) &&
               option_number("seed", c->seed_text, 0, UINT64_MAX, &c->seed, error, error_bytes) &&
               option_number(
                   "timeout", c->timeout_text, 1, TIMEOUT_S_MAX, &c->timeout_s, error, error_bytes) &&
               take_kernels(c, error, error_bytes) &&
               (c->folder == NULL ||
                   (c->report = report_folder_begin(c->folder, error, error_bytes)) != NULL);
    return false;
}

int command_compare(int count, const char **arguments)
{
    struct compared c = {.seed = 1, .timeout_s = TIMEOUT_S_DEFAULT};
    int show_help = 0, code = VERDICT_ERROR;
    char error[1536] = "";
    const struct poptOption table[] = {
        {"kernels", 0, POPT_ARG_STRING, &c.kernels, 0, "the kernels, apart by commas (ballast list kernels)",
            "A,B,..."},
        {"designs", 0, POPT_ARG_STRING, &c.designs, 0,
            "kernels that stand for a design: all, or names (ballast list designs)", "all|A,B,..."},
        {"format", 0, POPT_ARG_STRING, &c.format, 0, "text or json (text)", "FORMAT"},
        {"measures", 0, POPT_ARG_STRING, &c.tables_text, 0,
            "tables of measures: all, or some of summary, steps, memory, host, growth (summary; JSON and "
            "pages have "
            "all, unless some are named)",
            "all|A,B,..."},
        {"report", 0, POPT_ARG_STRING, &c.folder, 0, "also write the runs as HTML pages into this folder",
            "DIR"},
        {"seed", 0, POPT_ARG_STRING, &c.seed_text, 0, "the seed that every choice comes from (1)", "N"},
        {"timeout", 0, POPT_ARG_STRING, &c.timeout_text, 0, "end a run after so much wall-clock time (60)",
            "SECONDS"},
        {"help", 'h', POPT_ARG_NONE, &show_help, 0, "show this and stop", NULL},
        POPT_TABLEEND,
    };
    poptContext context = poptGetContext("ballast compare", count, arguments, table, 0);

    assert(count >= 1);
    poptSetOtherOptionHelp(context, "[OPTION]... FILE...");
    const int result = poptGetNextOpt(context);
    if (result < -1)
        option_refused(table, context, result, "ballast compare", error, sizeof error);
    else if (show_help) {
        help(context);
        code = VERDICT_PASS;
    } else if (take_arguments(&c, poptGetArgs(context), error, sizeof error))
        code = run_all(&c);
    if (error[0] != 0)
        stderr_line("%s", error);
    poptFreeContext(context);
    for (size_t r = 0; c.runs != NULL && r < c.files.names.count * c.kernels_wanted.count; r++)
        free(c.runs[r].reason);
    words_free(&c.kernels_wanted);
    scenario_files_free(&c.files);
    free(c.runs);
    free(c.growth);
    free(c.kernels);
    free(c.designs);
    free(c.format);
    free(c.tables_text);
    report_folder_free(c.report);
    free(c.folder);
    free(c.seed_text);
    free(c.timeout_text);
    return code;
}
