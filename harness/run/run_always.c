/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * `always`: a condition that is asked after every event. The first time it doesn't hold is a failure of its
 * line, with what was seen then; after that it is asked no more.
 */
#include "harness/run/runner.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void runner_always(struct runner *r, const struct statement *statement, const struct statement *next)
{
    (void)next;
    assert(statement->kind == ST_ALWAYS);
    if (r->nr_always == r->always_room) {
        size_t room = r->always_room == 0 ? 8 : 2 * r->always_room;
        const struct statement **larger = realloc(r->always, room * sizeof(struct statement *));
        if (larger == NULL) {
            runner_complain(r, statement->where, "no memory on this computer for one statement more");
            return;
        }
        r->always = larger;
        r->always_room = room;
    }
    r->always[r->nr_always++] = statement;
    always_judge(r, recorder_events(r->recorder));
}

/* What can't be answered, of a domain that isn't there or has said nothing yet, is not broken by that. */
static bool is_broken(const struct runner *r, const struct condition *condition)
{
    uint64_t number;

    return !condition_holds(r, condition) && query_number(r, &condition->query, &number);
}

void always_judge(struct runner *r, uint64_t event)
{
    char wanted[SENTENCE_BYTES / 2], seen[SENTENCE_BYTES / 2];

    for (size_t i = 0; i < r->nr_always; i++) {
        const struct statement *statement = r->always[i];
        const uint32_t line = recorder_line(r->recorder);
        if (!is_broken(r, &statement->condition))
            continue;
        r->always[i] = r->always[--r->nr_always];
        i--;
        condition_wanted(&statement->condition, wanted, sizeof wanted - 16);
        strcat(wanted, " always");
        condition_seen(r, &statement->condition, seen, sizeof seen - 64);
        size_t used = strlen(seen);
        snprintf(seen + used, sizeof seen - used, " at event %llu", (unsigned long long)event);
        recorder_set_line(r->recorder, statement->where.line);
        runner_judge(r, false, statement->condition.query.where, wanted, seen);
        recorder_set_line(r->recorder, line);
    }
}

/* At the run's end: what held all the time is said, too. */
void always_finish(struct runner *r)
{
    char wanted[SENTENCE_BYTES / 2], seen[SENTENCE_BYTES / 2];

    for (size_t i = 0; i < r->nr_always && !r->halted; i++) {
        const struct statement *statement = r->always[i];
        condition_wanted(&statement->condition, wanted, sizeof wanted - 16);
        strcat(wanted, " always");
        condition_seen(r, &statement->condition, seen, sizeof seen);
        recorder_set_line(r->recorder, statement->where.line);
        runner_judge(r, true, statement->condition.query.where, wanted, seen);
    }
    r->nr_always = 0;
}
