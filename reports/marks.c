/* SPDX-License-Identifier: BSD-2-Clause */
/* Which records are marks, and of which domain. */
#include "reports/marks.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "guest/abi/agent.h"
#include "sim/array.h"

static const struct {
    char glyph;
    const char *word;
} kinds[NR_MARK_KINDS] = {[MARK_NONE] = {' ', ""},
    [MARK_COMMAND] = {'$', "command"},
    [MARK_FAULT] = {'f', "fault"},
    [MARK_BROKEN] = {'!', "broken"},
    [MARK_DEATH] = {'X', "death"}};

char mark_glyph(enum mark_kind kind)
{
    assert(kind < NR_MARK_KINDS);
    return kinds[kind].glyph;
}

const char *mark_word(enum mark_kind kind)
{
    assert(kind < NR_MARK_KINDS);
    return kinds[kind].word;
}

/* A command that the scenario typed. The walk over a guest's memory that each settle asks for is a command, too, and none of
 * the scenario's. */
static enum mark_kind kind_of_command(const struct record *record, unsigned domid)
{
    const struct record_command *command = record_payload(record);

    if (command->tool == COMMAND_IN_GUEST && strcmp(record_text(record), AGENT_AUDIT) == 0)
        return MARK_NONE;
    return record->domid == domid || command->domid == domid ? MARK_COMMAND : MARK_NONE;
}

static enum mark_kind kind_of(const struct record *record, unsigned domid)
{
    const bool its_own = record->domid == domid || record->domid == DOMID_HOST;

    switch (record->type) {
    case REC_COMMAND:
        return kind_of_command(record, domid);
    case REC_FAULT:
        return its_own ? MARK_FAULT : MARK_NONE;
    case REC_VIOLATION:
        return its_own ? MARK_BROKEN : MARK_NONE;
    case REC_PANIC:
    case REC_CRASH:
        return its_own ? MARK_DEATH : MARK_NONE;
    default:
        return MARK_NONE;
    }
}

/* A violation stands where it was caused, as far as that is known. */
static uint64_t event_of(const struct reading *reading, uint64_t event)
{
    const struct record *record = reading_event(reading, event);
    const struct record_violation *violation = record_payload(record);

    if (record->type != REC_VIOLATION || violation->cause_event == 0 || violation->cause_event > event)
        return event;
    return violation->cause_event;
}

bool marks_read(struct marks *marks, const struct reading *reading, unsigned domid)
{
    *marks = (struct marks){0};
    for (uint64_t event = 1; event <= reading_events(reading); event++) {
        const enum mark_kind kind = kind_of(reading_event(reading, event), domid);

        if (kind == MARK_NONE)
            continue;
        if (!ARRAY_ONE_MORE(marks->list, marks->room, marks->count))
            return false;
        const uint64_t at = event_of(reading, event);
        marks->list[marks->count++] = (struct mark){at, reading_event(reading, at)->time_ns, kind};
    }
    return true;
}

void marks_free(struct marks *marks)
{
    free(marks->list);
    *marks = (struct marks){0};
}
