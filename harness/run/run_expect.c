/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Expectations: what the scenario wants is compared with what is, and both are recorded. Only here does
 * a run come to failures of the scenario's own making; the invariants' are theirs.
 */
#include "harness/run/runner.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void runner_judge(struct runner *r, bool ok, struct span where, const char *wanted, const char *seen)
{
    char both[2 * SENTENCE_BYTES];
    const struct record_expect expect = {.ok = ok, .column = where.column, .length = where.length};

    assert(wanted != NULL && seen != NULL);
    int first = snprintf(both, sizeof both / 2, "%s", wanted);
    size_t used = (size_t)first < sizeof both / 2 ? (size_t)first + 1 : sizeof both / 2;
    int second = snprintf(both + used, sizeof both - used, "%s", seen);
    used += (size_t)second < sizeof both - used ? (size_t)second + 1 : sizeof both - used;
    recorder_append(r->recorder, REC_EXPECT, DOMID_HOST, machine_now_ns(r->machine), &expect, sizeof expect,
        both, 1, used);
    if (!ok)
        r->failures++;
}

bool number_holds(enum comparison comparison, uint64_t seen, uint64_t wanted)
{
    switch (comparison) {
    case CMP_EQ:
        return seen == wanted;
    case CMP_NE:
        return seen != wanted;
    case CMP_LT:
        return seen < wanted;
    case CMP_LE:
        return seen <= wanted;
    case CMP_GT:
        return seen > wanted;
    case CMP_GE:
        return seen >= wanted;
    case CMP_MATCH:
    case CMP_NO_MATCH:
        break;
    }
    return false;
}

void runner_expect(struct runner *r, const struct statement *statement)
{
    const struct condition *condition = &statement->condition;
    bool ok = condition_holds(r, condition);
    char wanted[SENTENCE_BYTES / 2], seen[SENTENCE_BYTES / 2];

    assert(!r->came_about);
    if (!ok && statement->has_within) {
        /* Asked again after each event, so that the statement ends when it has become true. */
        r->awaited.condition = condition;
        runner_go(r, machine_now_ns(r->machine) + statement->within_ns, false);
        r->awaited.condition = NULL;
        r->came_about = false;
        ok = condition_holds(r, condition);
    }
    condition_wanted(condition, wanted, sizeof wanted);
    condition_seen(r, condition, seen, sizeof seen);
    if (statement->has_within) {
        char within[32];
        time_text(statement->within_ns, within, sizeof within);
        size_t used = strlen(wanted);
        snprintf(wanted + used, sizeof wanted - used, " within %s", within);
    }
    runner_judge(r, ok, condition->query.where, wanted, seen);
}

void runner_expect_refused(struct runner *r, const struct statement *statement)
{
    char wanted[SENTENCE_BYTES / 2];
    const struct last_command *last = &r->last_command;
    const char *text = statement->text;

    assert(text != NULL && *text != 0);
    if (!last->any) {
        runner_complain(r, statement->where, "expect refused wants a command before it");
        return;
    }
    snprintf(wanted, sizeof wanted, "refused \"%s\"", text);
    bool ok = last->status != 0 && strstr(last->output, text) != NULL;
    runner_judge(r, ok, statement->where, wanted, last->status == 0 ? "accepted" : last->output);
}

void runner_expect_violation(struct runner *r, const struct statement *statement)
{
    char wanted[96], seen[96];
    const uint64_t broken = invariant_broken(r->invariants, statement->invariant);

    assert(statement->invariant < NR_INVARIANTS);
    snprintf(wanted, sizeof wanted, "%s broken", invariant_name(statement->invariant));
    snprintf(seen, sizeof seen, broken > 0 ? "broken %" PRIu64 " times" : "it holds", broken);
    r->waived[statement->invariant] = true;
    runner_judge(r, broken > 0, statement->where, wanted, seen);
}

void runner_expect_crash(struct runner *r, const struct statement *statement)
{
    const struct domain *domain = machine_domain(r->machine, statement->domain);
    const char *text = statement->text != NULL ? statement->text : "";
    char wanted[SENTENCE_BYTES / 2];
    bool ok = domain != NULL && domain_crashed(domain);
    const char *seen = ok ? "" : "it lives";

    if (ok) {
        const struct slot *slot = runner_slot(r, domain_id(domain));
        seen = slot->death;
        ok = strstr(seen, text) != NULL;
    }
    snprintf(wanted, sizeof wanted, *text != 0 ? "a crash with \"%s\"" : "a crash%s", text);
    if (ok) {
        runner_slot(r, domain_id(domain))->crash_expected = true;
        r->waived[INVARIANT_GUEST_CONTAINED] = true;
    }
    runner_judge(r, ok, statement->where, wanted, seen);
}

/* The number that a command printed and nothing else, as sysctl -n does. */
static bool output_number(const char *output, uint64_t *number)
{
    char *end;

    errno = 0;
    *number = strtoull(output, &end, 10);
    return end != output && errno == 0 && end[strspn(end, " \t\n")] == 0 &&
           output[strspn(output, " \t")] != '-';
}

void runner_judge_output(struct runner *r, const struct statement *statement, int status, const char *output)
{
    const struct condition *condition = &statement->condition;

    if (statement->has_status) {
        char wanted[48], seen[48];
        snprintf(wanted, sizeof wanted, "-> %" PRId64, statement->status);
        snprintf(seen, sizeof seen, "-> %d", status);
        runner_judge(r, statement->status == status, statement->where, wanted, seen);
    }
    if (!statement->has_condition)
        return;

    char wanted[SENTENCE_BYTES / 2];
    bool ok;
    uint64_t number;
    if (condition->comparison == CMP_MATCH || condition->comparison == CMP_NO_MATCH)
        ok = (strstr(output, condition->value.text) != NULL) == (condition->comparison == CMP_MATCH);
    else if (condition->value.unit == UNIT_TEXT)
        ok = (strcmp(output, condition->value.text) == 0) == (condition->comparison == CMP_EQ);
    else
        ok = output_number(output, &number) &&
             number_holds(condition->comparison, number, condition->value.number);
    condition_wanted(condition, wanted, sizeof wanted);
    runner_judge(r, ok, statement->text_span, wanted, output);
}
