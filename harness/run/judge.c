/* SPDX-License-Identifier: BSD-2-Clause */
/* Compares what commands answered with what their statements want, and records each judgement. */
#include "harness/run/judge.h"
#include "harness/run/conditions.h"
#include "harness/run/run.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void record(struct runner *r, unsigned domid, const struct record_expect *expect, const char *wanted,
    const char *seen)
{
    char both[2 * SENTENCE_BYTES];
    const char *member = r->run.member;

    assert(wanted != NULL && seen != NULL);
    assert(domid == DOMID_HOST || domid < DOMID_FIRST_RESERVED); /* it may be gone by now */
    int first = snprintf(both, sizeof both / 2, "%s", wanted);
    size_t used = (size_t)first < sizeof both / 2 ? (size_t)first + 1 : sizeof both / 2;
    int second = snprintf(both + used, sizeof both - used, "%s%s%s", member, *member != 0 ? ": " : "", seen);
    used += (size_t)second < sizeof both - used ? (size_t)second + 1 : sizeof both - used;
    recorder_append(
        r->recorder, REC_EXPECT, domid, machine_now_ns(r->machine), expect, sizeof *expect, both, 1, used);
    if (expect->ok == 0)
        r->run.failures++;
}

void judge(struct runner *r, unsigned domid, enum expect_about about, bool ok, struct span where,
    const char *wanted, const char *seen)
{
    assert(about != EXPECT_VIOLATION && about != EXPECT_CRASH);
    record(r, domid,
        &(struct record_expect){
            .ok = ok, .column = where.column, .length = where.length, .about = (uint16_t)about},
        wanted, seen);
}

void judge_waiver(struct runner *r, unsigned domid, enum expect_about about, bool ok,
    enum invariant invariant, struct span where, const char *wanted, const char *seen)
{
    assert(invariant < NR_INVARIANTS && (about == EXPECT_VIOLATION || about == EXPECT_CRASH));
    if (about == EXPECT_CRASH || domid == DOMID_HOST)
        r->run.waived[invariant] = r->run.waived[invariant] || ok;
    record(r, domid,
        &(struct record_expect){.ok = ok,
            .column = where.column,
            .length = where.length,
            .about = (uint16_t)about,
            .invariant = (uint16_t)invariant},
        wanted, seen);
}

static void keep(struct runner *r, unsigned domid, int status, const char *output)
{
    r->run.last_command.any = true;
    r->run.last_command.domid = domid;
    r->run.last_command.status = status;
    snprintf(r->run.last_command.output, sizeof r->run.last_command.output, "%s", output);
    size_t bytes = strlen(r->run.last_command.output);
    while (bytes > 0 && r->run.last_command.output[bytes - 1] == '\n')
        r->run.last_command.output[--bytes] = 0;
}

/* Reads the output of a command that printed only a number, as sysctl -n does. */
static bool output_number(const char *output, uint64_t *number)
{
    char *end;

    errno = 0;
    *number = strtoull(output, &end, 10);
    return end != output && errno == 0 && end[strspn(end, " \t\n")] == 0 &&
           output[strspn(output, " \t")] != '-';
}

static void judge_output(
    struct runner *r, unsigned domid, const struct statement *statement, int status, const char *output)
{
    const struct condition *condition = &statement->condition;

    if (statement->has_status) {
        char wanted[48], seen[48];
        snprintf(wanted, sizeof wanted, "-> %" PRId64, statement->status);
        snprintf(seen, sizeof seen, "-> %d", status);
        judge(r, domid, EXPECT_STATUS, statement->status == status, statement->where, wanted, seen);
    }
    if (!statement->has_condition)
        return;

    char wanted[SENTENCE_BYTES / 2];
    bool ok;
    uint64_t number;
    if (condition->comparison == CMP_MATCH || condition->comparison == CMP_NO_MATCH)
        ok = conditions_match(&condition->value, output) == (condition->comparison == CMP_MATCH);
    else if (condition->value.unit == UNIT_TEXT)
        ok = (strcmp(output, condition->value.text) == 0) == (condition->comparison == CMP_EQ);
    else
        ok = output_number(output, &number) &&
             conditions_compare(condition->comparison, number, condition->value.number);
    conditions_wanted(condition, wanted, sizeof wanted);
    judge(r, domid, EXPECT_CONDITION, ok, statement->text_span, wanted, output);
}

/* A refusal is a failure of its line, unless an `expect refused` follows. */
static void judge_refusal(struct runner *r, unsigned domid, const struct statement *statement)
{
    char seen[SENTENCE_BYTES + 64];

    if (r->run.last_command.status == 0 || statement->refusal_expected)
        return;
    snprintf(
        seen, sizeof seen, "refused (status %d): %s", r->run.last_command.status, r->run.last_command.output);
    judge(r, domid, EXPECT_ACCEPTED, false, statement->where, "accepted", seen);
}

static void judge_command(struct runner *r, unsigned domid, const struct statement *statement)
{
    const struct last_command *last = &r->run.last_command;

    if (statement->has_condition || statement->has_status)
        judge_output(r, domid, statement, last->status, last->output);
    if (!statement->has_status) /* with -> the status itself is compared */
        judge_refusal(r, domid, statement);
}

/* The agent calls a function of the kernel and says what it returned, in a word. */
static bool returned_number(const char *output, int64_t *number)
{
    char *end;

    if (strcmp(output, "true") == 0 || strcmp(output, "false") == 0) {
        *number = output[0] == 't';
        return true;
    }
    *number = strtoll(output, &end, 0);
    return end != output && *end == 0;
}

static void judge_call(struct runner *r, unsigned domid, const struct statement *statement, int status)
{
    char wanted[48];
    int64_t number;

    if (status != 0) {
        run_complain(r, statement->where, "%.200s", r->run.last_command.output);
    } else if (statement->has_status) {
        bool ok = returned_number(r->run.last_command.output, &number) && number == statement->status;
        if (statement->refusal_expected)
            snprintf(wanted, sizeof wanted, "-> refused");
        else
            snprintf(wanted, sizeof wanted, "-> %" PRId64, statement->status);
        judge(r, domid, EXPECT_STATUS, ok, statement->where, wanted, r->run.last_command.output);
    }
}

void judge_answer(struct runner *r, const struct statement *statement, unsigned domid, const char *member,
    int status, const char *output)
{
    keep(r, domid, status, output);
    snprintf(r->run.member, sizeof r->run.member, "%s", member);
    if (statement->kind == ST_CALL)
        judge_call(r, domid, statement, status);
    else
        judge_command(r, domid, statement);
    r->run.member[0] = 0;
}
