/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * `ballast xen-fuzz`: random hypercalls that the real Xen and the model both answer. Where the answers differ, the
 * scenario is shrunk to the lines that matter and printed, ready to be replayed.
 */
#include <assert.h>
#include <inttypes.h>
#include <popt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "harness/ballast/commands.h"
#include "harness/ballast/fuzz_run.h"
#include "harness/ballast/option_value.h"
#include "harness/ballast/stderr_line.h"
#include "harness/ballast/xen_pair.h"
#include "harness/run/runner.h"
#include "harness/xen/fuzz.h"
#include "harness/xen/fuzz_kinds.h"
#include "harness/xen/xen_found.h"
#include "reports/reading.h"

#define STATEMENTS_A_PART 1000u
#define STATEMENTS_A_PAIR 250u /* of a part that two Xens get */
#define OPS_MAX           1000000000u
#define SHRINK_RUNS_MAX   200u

struct session {
    struct runner *runner;
    struct xen_choice xen;
    const char *xen_named; /* as it was typed; NULL: it was not */
    uint64_t hypercalls, statements;
    bool whole; /* what differs is printed as it is */
};

struct verdict_of_part {
    enum verdict verdict;
    unsigned line;  /* the scenario's line with the first difference; 0: there is none */
    char text[512]; /* what differed */
};

/* Runs a text on Xen. A guest that dies there and lives in the model is a difference, too. */
static struct verdict_of_part run_text(struct session *session, const char *text, size_t bytes)
{
    struct verdict_of_part result;
    uint64_t hypercalls, differences;
    size_t recording_bytes;
    char error[256];

    result.line = 0;
    result.verdict = fuzz_run(session->runner, &session->xen, text, bytes, result.text, sizeof result.text);
    runner_agreement(session->runner, &hypercalls, &differences);
    session->hypercalls += hypercalls;
    const void *recording = runner_recording(session->runner, &recording_bytes);
    struct reading *reading =
        recording != NULL ? reading_open(recording, recording_bytes, error, sizeof error) : NULL;
    for (uint64_t event = 1; reading != NULL && event <= reading_events(reading); event++) {
        const struct record *record = reading_event(reading, event);

        if (record->type == REC_DIFFERENCE || record->type == REC_CRASH) {
            result.line = record->line;
            snprintf(result.text, sizeof result.text, "%s", record_text(record));
            break;
        }
    }
    reading_close(reading);
    return result;
}

/* Leaves out ever smaller stretches of statements, as long as what is left still differs; *differs is what it does then. */
static char *shrink(struct session *session, const char *text, size_t bytes, size_t statements,
    struct verdict_of_part *differs, size_t *shrunk_bytes)
{
    unsigned char *keep = malloc(statements), *attempt = malloc(statements);
    unsigned runs = 0;

    if (keep == NULL || attempt == NULL) {
        free(keep);
        free(attempt);
        return NULL;
    }
    memset(keep, 1, statements);
    for (size_t stretch = statements / 2; stretch > 0; stretch /= 2) {
        for (size_t from = 0; from < statements && runs < SHRINK_RUNS_MAX; from += stretch) {
            size_t left_bytes, until = from + stretch < statements ? from + stretch : statements;

            memcpy(attempt, keep, statements);
            memset(attempt + from, 0, until - from);
            if (memcmp(attempt, keep, statements) == 0)
                continue;
            char *left = fuzz_without(text, bytes, attempt, statements, &left_bytes);
            const struct verdict_of_part of_left =
                left != NULL ? run_text(session, left, left_bytes) : (struct verdict_of_part){.line = 0};
            if (of_left.line != 0) {
                memcpy(keep, attempt, statements);
                *differs = of_left;
            }
            free(left);
            runs++;
        }
    }
    char *shrunk = fuzz_without(text, bytes, keep, statements, shrunk_bytes);
    free(keep);
    free(attempt);
    return shrunk;
}

static void report(struct session *session, const struct fuzz_part *part, const char *text, size_t bytes,
    struct verdict_of_part *result)
{
    size_t statements = (size_t)part->statements + part->domains, shrunk_bytes = 0;
    long last = fuzz_statement_of_line(text, bytes, result->line);
    /* Statements behind the first difference can't have caused it. */
    char *shrunk = session->whole ? NULL
                                  : shrink(session, text, bytes, last >= 0 ? (size_t)last + 1 : statements,
                                        result, &shrunk_bytes);

    printf("the model and the real Xen part: %s\n", result->text);
    printf("  the same again:  ballast xen-fuzz --seed %" PRIu64
           " --ops %u --domains %u --part --kind %s%s%s\n",
        part->seed, part->statements, part->domains, part->kind->name,
        session->xen_named != NULL ? " --xen " : "", session->xen_named != NULL ? session->xen_named : "");
    printf("  as a scenario (ballast replay --on xen%s%s FILE):\n\n%s\n",
        session->xen_named != NULL ? " --xen " : "", session->xen_named != NULL ? session->xen_named : "",
        shrunk != NULL ? shrunk : text);
    free(shrunk);
}

static enum verdict run_part(struct session *session, const struct fuzz_part *part)
{
    size_t bytes = 0;
    char *text = fuzz_scenario(part, &bytes);
    enum verdict verdict = VERDICT_PASS;

    if (text == NULL) {
        printf("xen-fuzz: no memory\n");
        return VERDICT_ERROR;
    }
    struct verdict_of_part result = run_text(session, text, bytes);
    session->statements += part->statements;
    if (result.line != 0) {
        report(session, part, text, bytes, &result);
        verdict = VERDICT_FAIL;
    } else if (result.verdict != VERDICT_PASS && result.verdict != VERDICT_FAIL) {
        /* A FAIL without a difference is ignored: a probe may break an invariant, and that is not what is tested here. */
        printf("xen-fuzz: %s: %s\n", verdict_name(result.verdict), result.text);
        verdict = result.verdict;
    }
    free(text);
    return verdict;
}

static uint64_t part_seed(uint64_t seed, uint64_t part)
{
    uint64_t z = seed * 0x9e3779b97f4a7c15ull + part * 0xd1b54a32d192ed03ull + 1;

    return (z ^ z >> 29) >> 16; /* short enough to type */
}

struct asked {
    uint64_t seed, ops, domains;
    char **named; /* of --xen, ending with NULL; or NULL */
    struct xen_choice xen[2];
    unsigned nr_xens;
    const struct fuzz_kind *kind; /* NULL: the seed of each part decides */
    int single, whole;
    bool help;
};

static bool read_xens(struct asked *asked, char *error, size_t error_bytes)
{
    for (char **name = asked->named; name != NULL && *name != NULL; name++) {
        if (asked->nr_xens == 2) {
            snprintf(error, error_bytes, "--xen: one Xen beside the model, or two beside one another");
            return false;
        }
        if (!xen_choice_read(*name, &asked->xen[asked->nr_xens++], error, error_bytes))
            return false;
    }
    return true;
}

static bool read_kind(const char *named, struct asked *asked, char *error, size_t error_bytes)
{
    if (named == NULL || (asked->kind = fuzz_kind_named(named)) != NULL)
        return true;
    snprintf(error, error_bytes, "--kind: there is no kind `%.40s`; `ballast list random` names them", named);
    return false;
}

static void free_asked(struct asked *asked)
{
    for (char **name = asked->named; name != NULL && *name != NULL; name++)
        free(*name);
    free(asked->named);
}

static bool read_arguments(int count, const char **arguments, struct asked *asked)
{
    char *seed = NULL, *ops = NULL, *domains = NULL, *kind = NULL, error[512] = "";
    int help = 0;
    const struct poptOption table[] = {
        {"seed", 0, POPT_ARG_STRING, &seed, 0, "what every choice comes from (the time of day)", "N"},
        {"ops", 0, POPT_ARG_STRING, &ops, 0, "how many statements (10000)", "M"},
        {"domains", 0, POPT_ARG_STRING, &domains, 0, "among how many domains, 1 to 8 (3)", "D"},
        {"kind", 0, POPT_ARG_STRING, &kind, 0, "only scenarios of that kind (ballast list random)", "K"},
        {"xen", 0, POPT_ARG_ARGV, &asked->named, 0,
            "which Xen: 4.17, 4.20, or the file of one; twice: two that are compared with one another", "X"},
        {"part", 0, POPT_ARG_NONE, &asked->single, 0, "the seed is that of one part, as a failure printed it",
            NULL},
        {"whole", 0, POPT_ARG_NONE, &asked->whole, 0,
            "print a scenario that differs as it is, without making it shorter", NULL},
        {"help", 'h', POPT_ARG_NONE, &help, 0, "show this and stop", NULL}, POPT_TABLEEND};
    poptContext context = poptGetContext("ballast xen-fuzz", count, arguments, table, 0);
    const int code = poptGetNextOpt(context);

    *asked = (struct asked){.seed = (uint64_t)time(NULL),
        .ops = 10000,
        .domains = 3,
        .named = asked->named,
        .single = asked->single,
        .whole = asked->whole};
    asked->help = help != 0;
    if (code < -1)
        option_refused(table, context, code, "ballast xen-fuzz", error, sizeof error);
    else if (poptPeekArg(context) != NULL)
        snprintf(error, sizeof error, "xen-fuzz takes options only, and no %s", poptPeekArg(context));
    else if (asked->help)
        poptPrintHelp(context, stdout, 0);
    else if (option_number("seed", seed, 0, UINT64_MAX, &asked->seed, error, sizeof error) &&
             option_number("ops", ops, 1, OPS_MAX, &asked->ops, error, sizeof error) &&
             read_kind(kind, asked, error, sizeof error) && read_xens(asked, error, sizeof error))
        (void)option_number("domains", domains, 1, FUZZ_DOMAINS_MAX, &asked->domains, error, sizeof error);
    if (*error != '\0')
        stderr_line("%s", error);
    free(seed);
    free(ops);
    free(domains);
    free(kind);
    poptFreeContext(context);
    return *error == '\0';
}

static enum verdict do_part(struct session *session, struct xen_pair *pair, const struct fuzz_part *part)
{
    return pair != NULL ? xen_pair_part(pair, part) : run_part(session, part);
}

/* Beside the model the first difference ends it: it is to be mended. Two Xens may differ. */
static bool goes_on(enum verdict verdict, const struct xen_pair *pair)
{
    return verdict == VERDICT_PASS || (pair != NULL && verdict == VERDICT_FAIL);
}

static enum verdict do_parts(struct session *session, struct xen_pair *pair, const struct asked *asked)
{
    const uint64_t most = pair != NULL ? STATEMENTS_A_PAIR : STATEMENTS_A_PART;
    enum verdict verdict = VERDICT_PASS;

    for (uint64_t part = 0, done = 0; goes_on(verdict, pair) && done < asked->ops; part++) {
        const uint64_t left = asked->ops - done, size = asked->single || left < most ? left : most;
        const uint64_t seed = asked->single ? asked->seed : part_seed(asked->seed, part);
        const struct fuzz_part next = {.seed = seed,
            .kind = asked->kind != NULL ? asked->kind : fuzz_kind_of(seed),
            .domains = (unsigned)asked->domains,
            .statements = (unsigned)size};
        const enum verdict of_part = do_part(session, pair, &next);

        verdict = of_part == VERDICT_PASS ? verdict : of_part;
        done += size;
    }
    return verdict;
}

static void print_end(const struct session *session, enum verdict verdict, uint64_t seed)
{
    const struct xen_found *xen = runner_xen(session->runner);
    char text[XEN_FOUND_TEXT_BYTES] = "no Xen";

    if (xen != NULL)
        xen_found_text(xen, text, sizeof text);
    printf("xen-fuzz: on %s\n", text);
    printf("xen-fuzz: seed %" PRIu64 ", %" PRIu64 " statements, %" PRIu64 " hypercalls compared: %s\n", seed,
        session->statements, session->hypercalls,
        verdict == VERDICT_PASS ? "0 differences" : verdict_name(verdict));
}

int command_xen_fuzz(int count, const char **arguments)
{
    struct session session = {.runner = NULL};
    struct asked asked = {.single = 0, .whole = 0};
    struct xen_pair *pair = NULL;
    enum verdict verdict = VERDICT_PASS;

    if (!read_arguments(count, arguments, &asked) || asked.help) {
        free_asked(&asked);
        return asked.help ? VERDICT_PASS : VERDICT_ERROR;
    }
    session.whole = asked.whole != 0;
    session.xen = asked.xen[0];
    session.xen_named = asked.named != NULL ? asked.named[0] : NULL;
    session.runner = runner_new();
    if (asked.nr_xens == 2)
        pair = xen_pair_new(asked.xen, (const char *const[2]){asked.named[0], asked.named[1]});
    if (session.runner == NULL || (asked.nr_xens == 2 && pair == NULL)) {
        stderr_line("no memory");
        verdict = VERDICT_ERROR;
    } else {
        verdict = do_parts(&session, pair, &asked);
        if (pair != NULL)
            xen_pair_print(pair, stdout);
        else
            print_end(&session, verdict, asked.seed);
    }
    xen_pair_free(pair);
    runner_free(session.runner);
    free_asked(&asked);
    return (int)verdict;
}
