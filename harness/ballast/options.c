/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The options of `ballast replay`, read by popt. Each value is checked here; what the options do is in replay.c.
 */
#include "harness/ballast/options.h"

#include <assert.h>
#include <popt.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "harness/image/image.h"
#include "harness/ballast/option_value.h"

#define JOBS_MAX         256
#define SCHEDULES_MAX    1000000
/* check-driver's. A driver that moves single pages needs half a minute for a thousand domains, and more on a busy
 * machine. */
#define DRIVER_JOBS      2
#define DRIVER_TIMEOUT_S 180
#define DRIVER_SCHEDULES 4

/* Values as popt reads them. When they are checked they become a struct replay_options. */
struct raw_options {
    char *seed, *schedules, *schedule_seed, *until, *kernel, *format, *record, *report, *show, *on, *jobs,
        *timeout, *baseline, *new_baseline, *xen;
    int strict, quiet, stop_at_first, keep_going, gdb, watch, in_debugger, help;
};

/* popt's table contains the addresses where it puts values, so each struct raw_options needs a table of its own. */
#define TABLE(raw) \
    { \
        {"seed", 0, POPT_ARG_STRING, &(raw)->seed, 0, "the seed that every choice comes from (1)", "N"}, \
            {"schedules", 0, POPT_ARG_STRING, &(raw)->schedules, 0, \
                "replay each file N times more, with threads switched where a seed says so (0)", "N"}, \
            {"schedule-seed", 0, POPT_ARG_STRING, &(raw)->schedule_seed, 0, \
                "switch threads where this seed says so, as one of the runs of --schedules did", "K"}, \
            {"on", 0, POPT_ARG_STRING, &(raw)->on, 0, \
                "where guests run: sim; xen, the real one in QEMU; or both, compared (sim)", "WHERE"}, \
            {"xen", 0, POPT_ARG_STRING, &(raw)->xen, 0, \
                "which Xen: 4.17, 4.20, or the file of a hypervisor (the first that is installed)", "X"}, \
            {"kernel", 0, POPT_ARG_STRING, &(raw)->kernel, 0, \
                "run all domains with this kernel (ballast list kernels)", "K"}, \
            {"until", 0, POPT_ARG_STRING, &(raw)->until, 0, "stop at this event and show what led to it", \
                "EVENT"}, \
            {"stop-at-first", 0, POPT_ARG_NONE, &(raw)->stop_at_first, 0, \
                "stop where the first invariant is broken", NULL}, \
            {"keep-going", 0, POPT_ARG_NONE, &(raw)->keep_going, 0, \
                "go on where a driver whose work for a page grows would end the run", NULL}, \
            {"gdb", 0, POPT_ARG_NONE, &(raw)->gdb, 0, \
                "stop in gdb, in the driver, at the event of --until, or where it first goes wrong", NULL}, \
            {"watch", 0, POPT_ARG_NONE, &(raw)->watch, 0, \
                "again each time a scenario, what it includes, or a file of yours has changed", NULL}, \
            {"in-debugger", 0, POPT_ARG_NONE | POPT_ARGFLAG_DOC_HIDDEN, &(raw)->in_debugger, 0, NULL, NULL}, \
            {"record", 0, POPT_ARG_STRING, &(raw)->record, 0, \
                "keep the recording in FILE, source places in FILE.places", "FILE"}, \
            {"report", 0, POPT_ARG_STRING, &(raw)->report, 0, \
                "write an HTML page for each file, and DIR/index.html over them", "DIR"}, \
            {"format", 0, POPT_ARG_STRING, &(raw)->format, 0, \
                "how to write results: text, json, junit, tap, table or causes (text)", "FORMAT"}, \
            {"show", 0, POPT_ARG_STRING, &(raw)->show, 0, \
                "also show: log (consoles), picture (reservation over time)", "WHAT,..."}, \
            {"jobs", 'j', POPT_ARG_STRING, &(raw)->jobs, 0, "replay so many files at a time (1)", "N"}, \
            {"baseline", 0, POPT_ARG_STRING, &(raw)->baseline, 0, \
                "compare verdicts with FILE: only what got worse counts", "FILE"}, \
            {"write-baseline", 0, POPT_ARG_STRING, &(raw)->new_baseline, 0, "put the verdicts into FILE", \
                "FILE"}, \
            {"timeout", 0, POPT_ARG_STRING, &(raw)->timeout, 0, \
                "give a file up after so many seconds of wall clock (60; check-driver: 180)", "S"}, \
            {"strict", 0, POPT_ARG_NONE, &(raw)->strict, 0, "a SKIP among passes counts", NULL}, \
            {"quiet", 'q', POPT_ARG_NONE, &(raw)->quiet, 0, "say nothing of what passes", NULL}, \
            {"help", 'h', POPT_ARG_NONE, &(raw)->help, 0, "show this and stop", NULL}, POPT_TABLEEND \
    }

static const char *name_of_command(bool driver)
{
    return driver ? "ballast check-driver" : "ballast replay";
}

static bool read_show(const char *text, unsigned *show, char *error, size_t error_bytes)
{
    static const struct {
        const char *name;
        enum show bit;
    } words[] = {{"log", SHOW_LOG}, {"picture", SHOW_PICTURE}};

    *show = 0;
    for (bool more = text != NULL; more;) {
        size_t bytes = strcspn(text, ","), w = 0;
        while (w < 2 && (strlen(words[w].name) != bytes || strncmp(words[w].name, text, bytes) != 0))
            w++;
        if (w == 2) {
            snprintf(error, error_bytes, "--show %.*s: there are log and picture", (int)bytes, text);
            return false;
        }
        *show |= words[w].bit;
        more = text[bytes] == ',';
        text += bytes + more;
    }
    return true;
}

static bool read_on(const char *text, enum backend *on, char *error, size_t error_bytes)
{
    *on = ON_SIM;
    if (text == NULL || strcmp(text, "sim") == 0)
        return true;
    *on = ON_XEN;
    if (strcmp(text, "xen") == 0)
        return true;
    *on = ON_BOTH;
    if (strcmp(text, "both") == 0)
        return true;
    snprintf(error, error_bytes, "--on %s: there are sim, xen and both", text);
    return false;
}

static bool read_xen(const char *text, struct run_options *run, char *error, size_t error_bytes)
{
    if (text == NULL)
        return true;
    if (!xen_choice_read(text, &run->xen, error, error_bytes))
        return false;
    if (run->on != ON_SIM || run->xen.path == NULL)
        return true;
    snprintf(error, error_bytes,
        "--xen %s is a hypervisor to boot, which --on xen or --on both does; the simulator is one "
        "of " KNOWN_XENS_IN_WORDS,
        text);
    return false;
}

bool replay_options_kernel_is_there(const struct replay_options *options, char *error, size_t error_bytes)
{
    const char *name = options->kernel;

    if (name == NULL || kernel_info(name) != NULL)
        return true;
    char unknown[512];
    kernel_unknown(name, unknown, sizeof unknown);
    snprintf(error, error_bytes, "--kernel: %s", unknown);
    return false;
}

/* What has no meaning beside a debugger must not be dropped in silence. */
static const char *dropped_by_gdb(const struct raw_options *raw)
{
    const struct {
        const char *name;
        bool given;
    } options[] = {{"--record", raw->record != NULL}, {"--report", raw->report != NULL},
        {"--format", raw->format != NULL}, {"--show", raw->show != NULL}, {"--quiet", raw->quiet != 0},
        {"--strict", raw->strict != 0}, {"--stop-at-first", raw->stop_at_first != 0},
        {"--jobs", raw->jobs != NULL}, {"--timeout", raw->timeout != NULL},
        {"--baseline", raw->baseline != NULL}, {"--write-baseline", raw->new_baseline != NULL}};

    for (size_t o = 0; (raw->gdb || raw->in_debugger) && o < sizeof options / sizeof options[0]; o++)
        if (options[o].given)
            return options[o].name;
    return NULL;
}

/* In gdb, ballast-goto (ballast.gdb) runs the same command again, to another event. */
static const char *until_of(const struct raw_options *raw)
{
    const char *another = raw->in_debugger ? getenv("GDB_BALLAST_EVENT") : NULL;

    return another != NULL ? another : raw->until;
}

static bool check(
    const struct raw_options *raw, struct replay_options *options, char *error, size_t error_bytes)
{
    const bool one_run = raw->schedule_seed != NULL || raw->record != NULL || raw->until != NULL ||
                         raw->gdb || raw->in_debugger;
    uint64_t jobs = options->driver ? DRIVER_JOBS : 1,
             timeout_s = options->driver ? DRIVER_TIMEOUT_S : TIMEOUT_S_DEFAULT,
             schedules = options->driver && !one_run ? DRIVER_SCHEDULES : 0;

    if (!option_number("seed", raw->seed, 0, UINT64_MAX, &options->run.seed, error, error_bytes) ||
        !option_number("schedules", raw->schedules, 0, SCHEDULES_MAX, &schedules, error, error_bytes) ||
        !option_number("schedule-seed", raw->schedule_seed, 1, UINT64_MAX, &options->run.schedule_seed, error,
            error_bytes) ||
        !option_number(
            "until", until_of(raw), 1, UINT64_MAX, &options->run.until_event, error, error_bytes) ||
        !option_number("jobs", raw->jobs, 1, JOBS_MAX, &jobs, error, error_bytes) ||
        !option_number("timeout", raw->timeout, 1, TIMEOUT_S_MAX, &timeout_s, error, error_bytes) ||
        !read_on(raw->on, &options->run.on, error, error_bytes) ||
        !read_xen(raw->xen, &options->run, error, error_bytes))
        return false;
    /* Guests that are still to be built or found are asked later. */
    options->kernel = raw->kernel;
    if (!guest_options_any(&options->guest) && !replay_options_kernel_is_there(options, error, error_bytes))
        return false;
    options->jobs = (unsigned)jobs;
    options->timeout_s = (unsigned)timeout_s;
    options->schedules = (unsigned)schedules;
    if (raw->help)
        return true;
    else if (options->nr_files == 0 && !options->driver)
        snprintf(error, error_bytes,
            "no scenario file is named, as in `ballast replay scenarios/tour/shrink.scn`");
    else if (schedules != 0 && raw->schedule_seed != NULL)
        snprintf(error, error_bytes,
            "--schedules chooses the seeds itself, and --schedule-seed says one: one of the two");
    else if (schedules != 0 && (raw->record != NULL || raw->until != NULL || raw->gdb))
        snprintf(error, error_bytes,
            "--schedules is many replays, and %s is about one: say --schedule-seed for one of them",
            raw->record != NULL ? "--record"
            : raw->gdb          ? "--gdb"
                                : "--until");
    else if (raw->record != NULL && options->nr_files > 1)
        snprintf(
            error, error_bytes, "--record keeps one recording, and %zu files are named", options->nr_files);
    else if (raw->watch && (raw->gdb || raw->in_debugger || options->found.nr_inputs > 0))
        snprintf(error, error_bytes,
            raw->gdb || raw->in_debugger
                ? "--watch runs again and again, and --gdb shows one replay: choose one of them"
                : "--watch wants files that can change: standard input is read once");
    else if ((raw->gdb || raw->in_debugger) && (options->nr_files > 1 || options->run.on != ON_SIM))
        snprintf(error, error_bytes, "--gdb shows one replay, of one file, on the simulated machine");
    else if (dropped_by_gdb(raw) != NULL)
        snprintf(error, error_bytes, "--gdb shows one replay in the debugger, and %s means nothing there",
            dropped_by_gdb(raw));
    else if (raw->gdb && options->found.nr_inputs > 0)
        snprintf(error, error_bytes, "--gdb takes a file, for the debugger itself reads standard input");
    else
        return read_show(raw->show, &options->show, error, error_bytes);
    return false;
}

/* Takes the names that are left, and what they stand for. */
static bool take_files(struct replay_options *options, const char **files, char *error, size_t error_bytes)
{
    bool good = true;

    for (; good && files != NULL && *files != NULL; files++)
        good = scenario_files_add(&options->found, *files, error, error_bytes);
    options->files = options->found.names.list;
    options->nr_files = options->found.names.count;
    return good;
}

bool replay_options_parse(
    struct replay_options *options, int count, const char **arguments, char *error, size_t error_bytes)
{
    assert(options != NULL && error != NULL && count >= 1);

    struct raw_options raw = {0};
    const struct poptOption own[] = TABLE(&raw);
    bool ok = false;

    *options = (struct replay_options){.run.seed = 1, .driver = strcmp(arguments[0], "check-driver") == 0};
    guest_options_begin(&options->guest);
    struct poptOption *table = guest_options_table(&options->guest, own);
    const char *command = name_of_command(options->driver);
    poptContext context = table != NULL ? poptGetContext(command, count, arguments, table, 0) : NULL;
    int result = context != NULL ? poptGetNextOpt(context) : -1;
    if (result < -1)
        option_refused(table, context, result, command, error, error_bytes);
    else if (context == NULL)
        snprintf(error, error_bytes, "no memory");
    else if (take_files(options, poptGetArgs(context), error, error_bytes))
        ok = check(&raw, options, error, error_bytes);
    options->run.kernel = raw.kernel;
    options->run.stop_at_first = raw.stop_at_first != 0;
    options->run.keep_going = raw.keep_going != 0;
    options->in_debugger = raw.in_debugger != 0;
    options->watch = raw.watch != 0;
    options->gdb = raw.gdb != 0;
    options->kernel = raw.kernel;
    options->xen = raw.xen;
    options->format = raw.format;
    options->baseline = raw.baseline;
    options->new_baseline = raw.new_baseline;
    options->record = raw.record;
    options->report = raw.report;
    options->strict = options->run.strict = raw.strict != 0;
    options->quiet = raw.quiet != 0;
    options->show_help = raw.help != 0;
    free(raw.seed);
    free(raw.schedules);
    free(raw.schedule_seed);
    free(raw.jobs);
    free(raw.timeout);
    free(raw.until);
    free(raw.show);
    free(raw.on);
    poptFreeContext(context);
    free(table);
    return ok;
}

void replay_options_free(struct replay_options *options)
{
    if (options->files != options->found.names.list) { /* check-driver's own */
        for (size_t f = 0; f < options->nr_files; f++)
            free(options->files[f]);
        free(options->files);
    }
    scenario_files_free(&options->found);
    free(options->kernel);
    free(options->xen);
    free(options->format);
    free(options->record);
    free(options->report);
    free(options->baseline);
    free(options->new_baseline);
    guest_options_end(&options->guest);
    *options = (struct replay_options){0};
}

bool replay_options_help(FILE *out, struct replay_options *options)
{
    const char *arguments[] = {name_of_command(options->driver), NULL};
    struct raw_options raw = {0};
    const struct poptOption own[] = TABLE(&raw);
    struct poptOption *table = guest_options_table(&options->guest, own);
    poptContext context = table != NULL ? poptGetContext(arguments[0], 1, arguments, table, 0) : NULL;
    const bool shown = context != NULL;

    if (shown) {
        poptSetOtherOptionHelp(context, options->driver ? "[OPTION]... [FILE...]" : "[OPTION]... FILE...");
        poptPrintHelp(context, out, 0);
    }
    poptFreeContext(context);
    free(table);
    fprintf(out, "\nExit codes, of which the worst of all files is the run's:\n");
    for (size_t c = 0; c < NR_EXIT_CODES; c++)
        fprintf(out, "  %d  %s\n", exit_codes[c].code, exit_codes[c].means);
    return shown;
}
