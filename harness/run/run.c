/* SPDX-License-Identifier: BSD-2-Clause */
/* How a run ends early, which domains are in it, and the record of a statement. */
#include "harness/run/run.h"
#include "harness/image/image.h"
#include "harness/xen/xen_backend.h"
#include "sim/array.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void run_end(struct runner *r, enum run_outcome outcome)
{
    assert(outcome != OUTCOME_NONE);
    if (r->run.outcome == OUTCOME_NONE || r->run.outcome == OUTCOME_HALTED)
        r->run.outcome = outcome;
}

bool run_is_over(const struct runner *r)
{
    return r->run.outcome != OUTCOME_NONE;
}

static void put_sentence(struct runner *r, struct span where, const char *format, va_list arguments)
{
    struct complaint complaint = {.where = where};

    vsnprintf(complaint.message, sizeof complaint.message, format, arguments);
    complaint_place(&complaint, r->run.scenario->text, r->run.scenario->text_bytes);
    complaint_text(
        r->run.scenario->path, r->run.scenario->text, &complaint, r->run.sentence, sizeof r->run.sentence);
    assert(r->run.sentence[0] != 0);
}

/* The sentence of a run that ends so, with its place in the scenario. */
static void end_with(
    struct runner *r, enum run_outcome outcome, struct span where, const char *format, va_list arguments)
{
    if (r->run.outcome != OUTCOME_NONE && r->run.outcome != OUTCOME_HALTED) {
        /* The first complaint is kept: it is the cause of the others. */
        assert(r->run.sentence[0] != 0 || r->run.outcome == OUTCOME_TIMEOUT);
        return;
    }
    run_end(r, outcome);
    put_sentence(r, where, format, arguments);
}

void run_say_where_it_was(struct runner *r, struct span where, const char *format, ...)
{
    va_list arguments;

    assert(r->run.outcome == OUTCOME_TIMEOUT);
    va_start(arguments, format);
    put_sentence(r, where, format, arguments);
    va_end(arguments);
}

void run_complain(struct runner *r, struct span where, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    end_with(r, OUTCOME_ERROR, where, format, arguments);
    va_end(arguments);
}

bool run_moment(struct runner *r, struct span where, uint64_t from_ns, uint64_t by_ns, uint64_t *moment_ns)
{
    if (from_ns > TIME_END_NS || by_ns > TIME_END_NS - from_ns) {
        run_complain(r, where, "virtual time does not go that far");
        return false;
    }
    *moment_ns = from_ns + by_ns;
    return true;
}

void run_take_xen_trouble(struct runner *r, enum xen_trouble trouble)
{
    static const enum run_outcome outcomes[] = {
        [XEN_FINE] = OUTCOME_NONE,
        [XEN_MISSING] = OUTCOME_SKIP,
        [XEN_HUNG] = OUTCOME_TIMEOUT,
        [XEN_PANICKED] = OUTCOME_XEN_DIED,
        [XEN_BROKEN] = OUTCOME_ERROR,
    };

    assert((size_t)trouble < sizeof outcomes / sizeof outcomes[0]);
    if (trouble == XEN_FINE || (run_is_over(r) && r->run.outcome != OUTCOME_HALTED))
        return;
    snprintf(r->run.sentence, sizeof r->run.sentence, "%s: %s", r->run.scenario->path,
        xen_backend_sentence(r->xen));
    run_end(r, outcomes[trouble]);
    r->spoilt = true;
}

void run_skip(struct runner *r, struct span where, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    end_with(r, OUTCOME_SKIP, where, format, arguments);
    va_end(arguments);
}

struct slot *run_slot(const struct runner *r, unsigned domid)
{
    /* Domids are given in the order of building, so the slot mostly is at the place of its domid. */
    size_t likely = domid - 1u;

    if (likely < r->nr_slots && r->slots[likely].domid == domid)
        return &r->slots[likely];
    for (size_t s = 0; s < r->nr_slots; s++)
        if (r->slots[s].domid == domid)
            return &r->slots[s];
    return NULL;
}

bool run_slot_room(struct runner *r)
{
    if (ARRAY_ONE_MORE(r->slots, r->slots_room, r->nr_slots))
        return true;
    machine_lacks_memory(r->machine);
    return false;
}

struct slot *run_add_slot(struct runner *r, struct image *image)
{
    assert(r->nr_slots < r->slots_room && image != NULL);
    r->slots[r->nr_slots] = (struct slot){.domid = DOMID_HOST,
        .image = image,
        .file = image_file_keep(image_file(image)),
        .text_offset = image_text_offset(image)};
    return &r->slots[r->nr_slots++];
}

void run_tell_built(struct runner *r, struct domain *domain)
{
    assert(run_slot(r, domain_id(domain)) != NULL);
    for (size_t o = 0; o < r->nr_observers; o++)
        if (r->observers[o].built != NULL)
            r->observers[o].built(r, domain);
}

struct domain *run_domain(struct runner *r, const char *name, struct span where)
{
    struct domain *domain = machine_domain(r->machine, name);

    if (domain == NULL)
        run_complain(r, where, "there is no domain %s now", name);
    return domain;
}

/* The kind of a statement, as its record has it. */
static enum statement_does does(const struct statement *statement)
{
    static const enum statement_does kinds[] = {
        [ST_WAIT] = STATEMENT_DOES_WAIT,
        [ST_TOOLSTACK] = STATEMENT_DOES_TOOLSTACK,
        [ST_GUEST] = STATEMENT_DOES_GUEST,
        [ST_FAULT] = STATEMENT_DOES_FAULT,
        [ST_HEAL] = STATEMENT_DOES_HEAL,
        [ST_SETTLE] = STATEMENT_DOES_SETTLE,
        [ST_EXPECT] = STATEMENT_DOES_EXPECT,
        [ST_EXPECT_REFUSED] = STATEMENT_DOES_EXPECT,
        [ST_EXPECT_VIOLATION] = STATEMENT_DOES_EXPECT,
        [ST_EXPECT_CRASH] = STATEMENT_DOES_EXPECT,
        [ST_ALWAYS] = STATEMENT_DOES_ALWAYS,
        [ST_CALL] = STATEMENT_DOES_CALL,
        [ST_PROBE] = STATEMENT_DOES_PROBE,
        [ST_BOOT_MAP] = STATEMENT_DOES_BOOT_MAP,
        [ST_ON] = STATEMENT_DOES_ON,
        [ST_EVERY] = STATEMENT_DOES_EVERY,
        [ST_DOMAIN] = STATEMENT_DOES_DOMAIN,
    };

    assert((size_t)statement->kind < sizeof kinds / sizeof kinds[0]);
    assert(kinds[statement->kind] != STATEMENT_DOES_UNKNOWN);
    return kinds[statement->kind];
}

static void append_statement(
    struct runner *r, const struct record_statement *fields, const char *text, size_t text_bytes)
{
    char *both = malloc(sizeof *fields + text_bytes);

    if (both == NULL) {
        recorder_lose(r->recorder);
        return;
    }
    memcpy(both, fields, sizeof *fields);
    memcpy(both + sizeof *fields, text, text_bytes);
    recorder_append(r->recorder, REC_STATEMENT, DOMID_HOST, machine_now_ns(r->machine), both,
        sizeof *fields + text_bytes, "", 1, 1);
    free(both);
}

void run_record_statement(struct runner *r, const struct statement *statement)
{
    size_t line_bytes;
    const char *line = scenario_line(r->run.scenario, statement->where.line, &line_bytes);

    if (statement->said != NULL) {
        append_statement(
            r, &(struct record_statement){.does = does(statement)}, statement->said, strlen(statement->said));
        return;
    }

    assert(line != NULL);
    const size_t before = statement->where.column - 1u;
    assert(statement->where.column > 0);
    if (before < line_bytes)
        append_statement(r, &(struct record_statement){.does = does(statement)}, line + before,
            line_bytes - before < statement->where.length ? line_bytes - before : statement->where.length);
}
