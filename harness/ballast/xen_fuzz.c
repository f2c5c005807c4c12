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
#include "harness/ballast/option_value.h"
#include "harness/ballast/stderr_line.h"
#include "harness/image/kernels.h"
#include "harness/run/runner.h"
#include "harness/xen/fuzz.h"
#include "reports/reading.h"

#define STATEMENTS_A_PART 1000u
#define OPS_MAX           1000000000u
#define SHRINK_RUNS_MAX   200u

struct session {
    struct runner *runner;
    uint64_t hypercalls, statements;
    bool quiet;
};

struct verdict_of_part {
    enum verdict verdict;
    unsigned line;  /* the scenario's line with the first difference; 0: there is none */
    char text[512]; /* what differed */
};

/* Runs a text on Xen. A guest that dies there and lives in the model is a difference, too. */
static struct verdict_of_part run_text(struct session *session, const char *text, size_t bytes)
{
    struct verdict_of_part result = {.verdict = VERDICT_ERROR};
    const struct run_options options = {.seed = 1, .on = ON_XEN};
    const struct kernels kernels = {.describe = kernel_describe};
    struct complaint complaint;
    struct scenario *scenario = scenario_parse("xen-fuzz.scn", text, bytes, &kernels, &complaint);
    uint64_t hypercalls, differences;
    size_t recording_bytes;
    char error[256];

    if (scenario == NULL) {
        snprintf(result.text, sizeof result.text, "%s", complaint.message);
        return result;
    }
    result.verdict = runner_run(session->runner, scenario, &options);
    runner_agreement(session->runner, &hypercalls, &differences);
    session->hypercalls += hypercalls;
    snprintf(result.text, sizeof result.text, "%s", runner_sentence(session->runner));
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
    scenario_free(scenario);
    return result;
}

/* Leaves out ever smaller stretches of statements, as long as what is left still differs. */
static char *shrink(
    struct session *session, const char *text, size_t bytes, size_t statements, size_t *shrunk_bytes)
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
            if (left != NULL && run_text(session, left, left_bytes).line != 0)
                memcpy(keep, attempt, statements);
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
    const struct verdict_of_part *result)
{
    size_t statements = (size_t)part->statements + part->domains, shrunk_bytes = 0;
    long last = fuzz_statement_of_line(text, bytes, result->line);
    /* Statements behind the first difference can't have caused it. */
    char *shrunk = shrink(session, text, bytes, last >= 0 ? (size_t)last + 1 : statements, &shrunk_bytes);

    printf("the model and the real Xen part: %s\n", result->text);
    printf("  the same again:  ballast xen-fuzz --seed %" PRIu64 " --ops %u --domains %u --part\n",
        part->seed, part->statements, part->domains);
    printf("  as a scenario (ballast replay --on xen FILE):\n\n%s\n", shrunk != NULL ? shrunk : text);
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
    int single;
    bool help;
};

static bool read_arguments(int count, const char **arguments, struct asked *asked)
{
    char *seed = NULL, *ops = NULL, *domains = NULL, error[512] = "";
    int help = 0;
    const struct poptOption table[] = {
        {"seed", 0, POPT_ARG_STRING, &seed, 0, "what every choice comes from (the time of day)", "N"},
        {"ops", 0, POPT_ARG_STRING, &ops, 0, "how many statements (10000)", "M"},
        {"domains", 0, POPT_ARG_STRING, &domains, 0, "among how many domains, 1 to 8 (3)", "D"},
        {"part", 0, POPT_ARG_NONE, &asked->single, 0, "the seed is that of one part, as a failure printed it",
            NULL},
        {"help", 'h', POPT_ARG_NONE, &help, 0, "show this and stop", NULL}, POPT_TABLEEND};
    poptContext context = poptGetContext("ballast xen-fuzz", count, arguments, table, 0);
    const int code = poptGetNextOpt(context);

    *asked =
        (struct asked){.seed = (uint64_t)time(NULL), .ops = 10000, .domains = 3, .single = asked->single};
    asked->help = help != 0;
    if (code < -1)
        option_refused(table, context, code, "ballast xen-fuzz", error, sizeof error);
    else if (poptPeekArg(context) != NULL)
        snprintf(error, sizeof error, "xen-fuzz takes options only, and no %s", poptPeekArg(context));
    else if (asked->help)
        poptPrintHelp(context, stdout, 0);
    else if (option_number("seed", seed, 0, UINT64_MAX, &asked->seed, error, sizeof error) &&
             option_number("ops", ops, 1, OPS_MAX, &asked->ops, error, sizeof error))
        (void)option_number("domains", domains, 1, FUZZ_DOMAINS_MAX, &asked->domains, error, sizeof error);
    if (*error != '\0')
        stderr_line("%s", error);
    free(seed);
    free(ops);
    free(domains);
    poptFreeContext(context);
    return *error == '\0';
}

int command_xen_fuzz(int count, const char **arguments)
{
    struct session session = {.runner = NULL};
    struct asked asked = {.single = 0};
    enum verdict verdict = VERDICT_PASS;

    if (!read_arguments(count, arguments, &asked))
        return VERDICT_ERROR;
    if (asked.help)
        return VERDICT_PASS;
    session.runner = runner_new();
    if (session.runner == NULL) {
        stderr_line("no memory");
        return VERDICT_ERROR;
    }
    for (uint64_t part = 0, done = 0; verdict == VERDICT_PASS && done < asked.ops; part++) {
        uint64_t left = asked.ops - done,
                 size = asked.single || left < STATEMENTS_A_PART ? left : STATEMENTS_A_PART;
        const struct fuzz_part next = {.seed = asked.single ? asked.seed : part_seed(asked.seed, part),
            .domains = (unsigned)asked.domains,
            .statements = (unsigned)size};

        verdict = run_part(&session, &next);
        done += size;
    }
    printf("xen-fuzz: seed %" PRIu64 ", %" PRIu64 " statements, %" PRIu64 " hypercalls compared: %s\n",
        asked.seed, session.statements, session.hypercalls,
        verdict == VERDICT_PASS ? "0 differences" : verdict_name(verdict));
    runner_free(session.runner);
    return (int)verdict;
}
