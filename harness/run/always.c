/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Checks the conditions of `always`. The first time that one doesn't hold is a failure of its line, with what was seen
 * then; after that it is not checked any more.
 */
#include "harness/run/always.h"
#include "harness/run/answers.h"
#include "harness/run/conditions.h"
#include "harness/run/judge.h"
#include "harness/run/run.h"
#include "sim/array.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct always {
    const struct statement **statements; /* those whose conditions have held so far */
    size_t count, room;
};

struct always *always_new(void)
{
    return calloc(1, sizeof(struct always));
}

void always_free(struct always *always)
{
    if (always != NULL)
        free(always->statements);
    free(always);
}

void always_forget(struct always *always)
{
    always->count = 0;
}

static void judge_always(struct runner *r, bool ok, const struct statement *statement, const char *at)
{
    char wanted[SENTENCE_BYTES / 2], seen[SENTENCE_BYTES / 2];

    conditions_wanted(&statement->condition, wanted, sizeof wanted - 16);
    strcat(wanted, " always");
    answers_seen(r, &statement->condition, seen, sizeof seen - 64);
    strcat(seen, at);
    judge(r, answers_domid(r, &statement->condition), EXPECT_ALWAYS, ok, statement->condition.query.where,
        wanted, seen);
}

/* A condition that can't be answered, because its domain isn't there or has said nothing yet, does not count as broken. */
static bool is_broken(const struct runner *r, const struct condition *condition)
{
    return !answers_hold(r, condition) && answers_known(r, condition);
}

static void ask_all(struct runner *r, uint64_t event)
{
    struct always *always = r->always;
    char at[32];

    for (size_t i = 0; i < always->count; i++) {
        const struct statement *statement = always->statements[i];
        const uint32_t line = recorder_line(r->recorder);
        if (!is_broken(r, &statement->condition))
            continue;
        always->statements[i--] = always->statements[--always->count];
        snprintf(at, sizeof at, " at event %" PRIu64, event);
        recorder_set_line(r->recorder, statement->where.line);
        judge_always(r, false, statement, at);
        recorder_set_line(r->recorder, line);
    }
}

void always_see(struct runner *r, const struct record *record, uint64_t event)
{
    (void)record; /* any record can have changed the answer */
    ask_all(r, event);
}

void always_statement(struct runner *r, const struct statement *statement)
{
    struct always *always = r->always;

    assert(statement->kind == ST_ALWAYS);
    if (!ARRAY_ONE_MORE(always->statements, always->room, always->count)) {
        run_complain(r, statement->where, "no memory on this computer for one statement more");
        return;
    }
    always->statements[always->count++] = statement;
    ask_all(r, recorder_events(r->recorder));
}

void always_finish(struct runner *r)
{
    struct always *always = r->always;

    for (size_t i = 0; i < always->count && !run_is_over(r); i++) {
        recorder_set_line(r->recorder, always->statements[i]->where.line);
        judge_always(r, true, always->statements[i], "");
    }
    always->count = 0;
}
