/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Letting guests run, up to a moment or an event, and looking on: the witness behind the invariants keeps
 * what expects ask for, and stops the machine where the runner wants it stopped. It judges nothing.
 */
#include "harness/run/runner.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/image/containment.h"
#include "harness/ballast/gdb.h"

static void keep_log_line(struct runner *r, const struct record *record, uint64_t event)
{
    const char *text = record_payload(record);
    size_t bytes = strnlen(text, record->bytes - sizeof *record) + 1;

    if (r->nr_log == r->log_room) {
        size_t room = r->log_room == 0 ? 64 : 2 * r->log_room;
        struct log_line *larger = realloc(r->log, room * sizeof *larger);
        if (larger == NULL) {
            machine_lacks_memory(r->machine);
            return;
        }
        r->log = larger;
        r->log_room = room;
    }
    if (r->log_text_bytes + bytes > r->log_text_room) {
        size_t room = 2 * r->log_text_room + bytes;
        char *larger = realloc(r->log_text, room);
        if (larger == NULL) {
            machine_lacks_memory(r->machine);
            return;
        }
        r->log_text = larger;
        r->log_text_room = room;
    }
    memcpy(r->log_text + r->log_text_bytes, text, bytes - 1);
    r->log_text[r->log_text_bytes + bytes - 1] = 0;
    r->log[r->nr_log++] = (struct log_line){record->domid, event, r->log_text_bytes};
    r->log_text_bytes += bytes;
    assert(r->nr_log <= r->log_room && r->log_text_bytes <= r->log_text_room);
}

/* Segments are counted by the guest's audit, one note each. */
static void keep_note(struct runner *r, const struct record *record)
{
    const struct record_note *note = record_payload(record);
    struct slot *slot;

    if (note->note != NOTE_AUDIT_BEGIN && note->note != NOTE_SEGMENT)
        return;
    slot = runner_slot(r, record->domid);
    if (slot == NULL)
        return;
    slot->segments = note->note == NOTE_AUDIT_BEGIN ? 0 : slot->segments + 1;
}

/* How a guest died comes in one record or two: its panic, and the end of its domain. */
static void keep_death(struct runner *r, const struct record *record)
{
    struct slot *slot = runner_slot(r, record->domid);
    const char *text = record_payload(record);

    if (slot == NULL)
        return;
    size_t used = strlen(slot->death), left = sizeof slot->death - used;
    snprintf(slot->death + used, left, "%s%.*s", used == 0 ? "" : "; ", (int)(record->bytes - sizeof *record),
        text);
}

/* A guest answered a command; true when the answer was to one that `on` or `every` holds. */
static bool keep_answer(struct runner *r, const struct record *record)
{
    const struct record_value *status = record_payload(record);
    const char *command = (const char *)(status + 1);

    return record->domid != DOMID_HOST &&
           triggers_answered(r, record->domid, (int)status->value, command + strlen(command) + 1);
}

static bool came_about(const struct runner *r, const struct record *record)
{
    if (r->awaited.command && record->type == REC_COMMAND && record->domid == r->awaited.domid)
        return true;
    return r->awaited.condition != NULL && condition_holds(r, r->awaited.condition);
}

/* The event that gdb was asked to stop at; without one, where things first go wrong. */
static void show_in_debugger(struct runner *r, const struct record *record, uint64_t event)
{
    const uint64_t until = r->options->until_event;
    const bool wrong =
        record->type == REC_VIOLATION || record->type == REC_PANIC || record->type == REC_CRASH;

    if (r->shown || (until != 0 ? event < until : !wrong))
        return;
    r->shown = true;
    gdb_event(r->machine, record->domid, event, r->scenario->text, record->line);
}

/* Nothing more could be seen of what happens: better to end with all that was. */
static void recording_is_full(struct runner *r)
{
    if (r->halted)
        return;
    runner_complain(r, (struct span){.line = recorder_line(r->recorder), .column = 1, .length = 1},
        "the recording has grown to its limit of %" PRIu64 " MiB: the run ends here",
        recorder_limit_bytes(r->recorder) >> 20);
}

static void look_on(void *context, const struct record *record, uint64_t event)
{
    struct runner *r = context;

    assert(r->judges != look_on);
    if (r->judges != NULL)
        r->judges(r->judges_context, record, event);
    if (record->type == REC_LOG)
        keep_log_line(r, record, event);
    else if (record->type == REC_NOTE)
        keep_note(r, record);
    else if (record->type == REC_PANIC || record->type == REC_CRASH)
        keep_death(r, record);
    else if (lifecycle_is_an_end(record)) {
        r->guest_ended = true;
        machine_stop(r->machine);
    }
    if (record->type == REC_COMMAND && keep_answer(r, record))
        r->came_about = r->awaited.trigger_of == record->domid;
    else if (!r->came_about && came_about(r, record))
        r->came_about = true;
    if (r->nr_always > 0)
        always_judge(r, event);
    if (record->type == REC_VIOLATION && invariants_hopeless(r->invariants))
        r->halted = true;
    if (recorder_is_full(r->recorder))
        recording_is_full(r);
    if (r->options->in_debugger)
        show_in_debugger(r, record, event);
    else if ((r->options->until_event != 0 && event >= r->options->until_event) ||
             (r->options->stop_at_first && record->type == REC_VIOLATION))
        r->halted = true;
    if (r->came_about || r->halted)
        machine_stop(r->machine);
}

void runner_watch(struct runner *r)
{
    void *context;
    witness_t *present = recorder_witness(r->recorder, &context);

    assert(r->machine != NULL && r->options != NULL);
    if (present != look_on) { /* else the invariants kept their place behind us since the last run */
        r->judges = present;
        r->judges_context = context;
    }
    recorder_set_witness(r->recorder, look_on, r);
}

/* A domain died: does the scenario say that it will? */
static bool death_is_expected(const struct runner *r, const struct domain *domain)
{
    const struct scenario *scenario = r->scenario;

    for (size_t s = 0; s < scenario->nr_statements; s++)
        if (scenario->statements[s].kind == ST_EXPECT_CRASH &&
            strcmp(scenario->statements[s].domain, domain_name(domain)) == 0)
            return true;
    return false;
}

static void note_deaths(struct runner *r)
{
    struct domain *domain = NULL;

    r->spoilt = true;
    while ((domain = machine_next_domain(r->machine, domain)) != NULL)
        if (domain_crashed(domain) && !death_is_expected(r, domain))
            r->halted = true;
}

static enum run_end run_until(struct runner *r, uint64_t until_ns, bool to_rest)
{
    const struct run_request request = {.until_ns = until_ns, .stop_at_rest = to_rest, .quiet_ns = QUIET_NS};

    containment_enter(r->machine);
    const enum run_end end = machine_run(r->machine, &request);
    containment_leave();
    return end;
}

enum went runner_go(struct runner *r, uint64_t until_ns, bool to_rest)
{
    bool over = false;

    assert(until_ns >= machine_now_ns(r->machine));
    while (!r->halted && !r->came_about && !over) {
        lifecycle_do(r);
        triggers_do(r);
        if (r->halted || r->came_about)
            break;
        /* Up to the next moment of an `every`: rest is none while one is due within the quiet window. */
        const uint64_t due_ns = triggers_next_ns(r), stop_ns = due_ns < until_ns ? due_ns : until_ns;
        enum run_end end = run_until(r, stop_ns, to_rest);
        const bool quiet = due_ns - machine_now_ns(r->machine) > QUIET_NS;
        if (recorder_is_lost(r->recorder))
            r->halted = true; /* nobody would see what comes */
        else if (end == RUN_CRASHED)
            note_deaths(r);
        else if (end == RUN_REST && quiet)
            return r->halted ? WENT_HALTED : WENT_REST;
        else if (end == RUN_REST || (end == RUN_IDLE && due_ns != UINT64_MAX))
            end = run_until(r, stop_ns, false);
        over = end == RUN_IDLE || machine_now_ns(r->machine) >= until_ns;
        /* RUN_STOPPED: whatever stopped it is in halted or came_about, or was meant for an earlier run */
    }
    if (!r->halted)
        lifecycle_do(r);
    if (!r->halted && !r->came_about)
        triggers_do(r); /* what is due at this very moment comes before what the next line does */
    if (r->halted)
        return WENT_HALTED;
    if (r->came_about)
        return WENT_CAME_ABOUT;
    return to_rest && machine_at_rest(r->machine, QUIET_NS, NULL) ? WENT_REST : WENT_TIME;
}
