/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * `ballast compare FILE... --kernels A,B`: each scenario on each kernel, and what the runs took beside each other. The runs
 * are made by this program itself, as `ballast replay --kernel` would; reports/measures.c counts.
 */
#include <assert.h>
#include <popt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/ballast/commands.h"
#include "harness/ballast/file.h"
#include "harness/ballast/option_value.h"
#include "harness/ballast/stderr_line.h"
#include "harness/builder/programs.h"
#include "harness/image/kernels.h"
#include "harness/run/runner.h"
#include "reports/measures.h"

struct compared {
    char *kernels, *format, *seed;
    struct words names; /* of kernels */
    struct words files;
    struct measured *runs;
    size_t nr_runs;
    char folder[64]; /* of the recordings, for as long as this runs */
};

static bool take_kernels(struct compared *c, char *error, size_t error_bytes)
{
    char known[256], *rest = c->kernels, *name;

    while ((name = strsep(&rest, ",")) != NULL) {
        if (kernel_info(name) == NULL) {
            kernel_names(known, sizeof known);
            snprintf(error, error_bytes, "--kernels: there is no %.60s; there is %s", name, known);
            return false;
        }
        words_add(&c->names, name);
    }
    return true;
}

/* Reads the recording that a run left; without one the run has no numbers. */
static void take_run(struct measured *run, const char *recording)
{
    char error[512];
    size_t bytes;
    char *content = file_read(recording, RECORDING_BYTES_MAX, &bytes, error, sizeof error);
    struct reading *reading = content != NULL ? reading_open(content, bytes, error, sizeof error) : NULL;

    run->measures.verdict = -1;
    if (reading != NULL)
        measures_take(reading, &run->measures);
    reading_close(reading);
    free(content);
    unlink(recording);
}

static void show_said(const char *path)
{
    char line[512];
    FILE *in = fopen(path, "re");

    if (in != NULL && fgets(line, sizeof line, in) != NULL)
        stderr_line("%.*s", (int)strcspn(line, "\n"), line);
    if (in != NULL)
        fclose(in);
}

static bool run_one(struct compared *c, struct measured *run)
{
    struct program program = {0};
    char recording[128], places[160], said[128];

    snprintf(recording, sizeof recording, "%s/recording", c->folder);
    snprintf(places, sizeof places, "%s.places", recording);
    snprintf(said, sizeof said, "%s/said", c->folder);
    program.said = said;
    words_add(&program.arguments, "/proc/self/exe");
    words_add(&program.arguments, "replay");
    words_add(&program.arguments, "--quiet");
    words_addf(&program.arguments, "--kernel=%s", run->kernel);
    words_addf(&program.arguments, "--record=%s", recording);
    if (c->seed != NULL)
        words_addf(&program.arguments, "--seed=%s", c->seed);
    words_add(&program.arguments, "--");
    words_add(&program.arguments, run->scenario);
    const bool ready = !program.arguments.failed;
    if (ready)
        programs_run(&program, 1, 1);
    words_free(&program.arguments);
    take_run(run, recording);
    if (run->measures.verdict < 0)
        show_said(said);
    unlink(places);
    unlink(said);
    return ready;
}

static int run_all(struct compared *c)
{
    const bool json = c->format != NULL && strcmp(c->format, "json") == 0;

    c->runs = calloc(c->files.count * c->names.count, sizeof *c->runs);
    strcpy(c->folder, "/tmp/ballast-compare-XXXXXX");
    if (c->runs == NULL || mkdtemp(c->folder) == NULL) {
        stderr_line("no room to keep a recording under /tmp");
        return VERDICT_ERROR;
    }
    for (size_t f = 0; f < c->files.count; f++)
        for (size_t k = 0; k < c->names.count; k++) {
            struct measured *run = &c->runs[c->nr_runs++];
            *run = (struct measured){.scenario = c->files.list[f], .kernel = c->names.list[k]};
            if (!run_one(c, run))
                stderr_line("no memory");
        }
    rmdir(c->folder);
    if (!(json ? measures_print_json : measures_print_table)(stdout, c->runs, c->nr_runs)) {
        stderr_line("the comparison could not be written");
        return VERDICT_ERROR;
    }
    for (size_t r = 0; r < c->nr_runs; r++)
        if (c->runs[r].measures.verdict < 0)
            return VERDICT_ERROR;
    return VERDICT_PASS;
}

static void help(poptContext context)
{
    poptPrintHelp(context, stdout, 0);
    printf("\nWhat the columns mean:\n");
#define X(member, name, head, meaning) printf("  %-22s %s\n", name, meaning);
    MEASURES(X)
#undef X
    printf("\nExit codes: 0 all ran, whatever the verdicts are; 4 one did not.\n");
}

static bool take_arguments(struct compared *c, const char **files, char *error, size_t error_bytes)
{
    for (; files != NULL && *files != NULL; files++)
        words_add(&c->files, *files);
    if (c->files.count == 0 || c->kernels == NULL)
        snprintf(error, error_bytes,
            "compare wants scenarios and kernels, as in `ballast compare a.scn --kernels "
            "netbsd,netbsd-static`");
    else if (c->format != NULL && strcmp(c->format, "text") != 0 && strcmp(c->format, "json") != 0)
        snprintf(error, error_bytes, "--format %.40s: there are text and json", c->format);
    else
        return take_kernels(c, error, error_bytes);
    return false;
}

int command_compare(int count, const char **arguments)
{
    struct compared c = {0};
    int show_help = 0, code = VERDICT_ERROR;
    char error[512] = "";
    const struct poptOption table[] = {
        {"kernels", 0, POPT_ARG_STRING, &c.kernels, 0, "the kernels, apart by commas (ballast list kernels)",
            "A,B,..."},
        {"format", 0, POPT_ARG_STRING, &c.format, 0, "text or json (text)", "FORMAT"},
        {"seed", 0, POPT_ARG_STRING, &c.seed, 0, "the seed that every choice comes from (1)", "N"},
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
    words_free(&c.names);
    words_free(&c.files);
    free(c.runs);
    free(c.kernels);
    free(c.format);
    free(c.seed);
    return code;
}
