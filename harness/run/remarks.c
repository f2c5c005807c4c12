/* SPDX-License-Identifier: BSD-2-Clause */
/* Counts what came of each statement that arms something, by its line, and records what never came, and who stands still. */
#include "harness/run/remarks.h"
#include "harness/run/run.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What came of one line: of the statement itself, and of the one that it holds. */
struct line_seen {
    struct fault_seen own, held;
    bool done;
    bool looked_at; /* a `repeat` has more than one statement of a line */
};

struct remarks {
    struct line_seen *lines; /* by line, from 0; NULL: the scenario armed nothing so far */
    unsigned count;
};

struct remarks *remarks_new(void)
{
    return calloc(1, sizeof(struct remarks));
}

void remarks_free(struct remarks *remarks)
{
    if (remarks != NULL)
        free(remarks->lines);
    free(remarks);
}

void remarks_forget(struct remarks *remarks)
{
    free(remarks->lines);
    *remarks = (struct remarks){0};
}

static struct line_seen *seen_of(struct runner *r, uint32_t line)
{
    struct remarks *remarks = r->remarks;

    assert(line > 0 && line <= r->run.scenario->nr_lines);
    if (remarks->lines == NULL)
        remarks->lines = calloc(r->run.scenario->nr_lines, sizeof *remarks->lines);
    return remarks->lines == NULL ? NULL : &remarks->lines[line - 1];
}

/* Is it a statement that another one of its line holds? */
static bool is_held(const struct runner *r, const struct statement *statement)
{
    const struct scenario *scenario = r->run.scenario;

    return statement < scenario->statements || statement >= scenario->statements + scenario->nr_statements;
}

struct fault_seen *remarks_seen(struct runner *r, const struct statement *statement)
{
    struct line_seen *seen = seen_of(r, statement->where.line);

    if (seen == NULL)
        return NULL;
    return is_held(r, statement) ? &seen->held : &seen->own;
}

void remarks_done(struct runner *r, const struct statement *statement)
{
    struct line_seen *seen = seen_of(r, statement->where.line);

    assert(statement->body != NULL);
    if (seen != NULL)
        seen->done = true;
    else
        recorder_lose(r->recorder);
}

void remarks_add(
    struct runner *r, const struct statement *statement, enum remark_about about, const char *text)
{
    const bool counts = r->run.options->strict && about != REMARK_CUT;
    struct record_remark remark = {.about = about, .counts = counts};

    if (statement != NULL) {
        remark.column = statement->where.column;
        remark.length = statement->where.length;
        recorder_set_line(r->recorder, statement->where.line);
    }
    r->remarks->count += about != REMARK_CUT;
    recorder_append(r->recorder, REC_REMARK, DOMID_HOST, machine_now_ns(r->machine), &remark, sizeof remark,
        text, 1, strlen(text) + 1);
}

void remarks_pass_over(struct runner *r, const struct statement *statement, const char *text)
{
    struct line_seen *seen = seen_of(r, statement->where.line);

    if (seen == NULL) {
        recorder_lose(r->recorder);
        return;
    }
    seen->looked_at = true;
    remarks_add(r, statement, REMARK_NEVER, text);
}

/* The site, and how often it was called since. */
static void add_calls(
    struct runner *r, const struct statement *statement, const char *what, const struct fault_seen *seen)
{
    const struct domain *domain = machine_domain(r->machine, statement->domain);
    const struct fault_site_info *site =
        kernel_site(domain != NULL ? domain_description(domain) : NULL, statement->fault.site);
    const char *name = site != NULL ? site->name : "its site";
    char text[SENTENCE_BYTES / 2];

    if (seen->calls == 0)
        snprintf(text, sizeof text, "%s; %s was not called since this line", what, name);
    else
        snprintf(text, sizeof text, "%s; %s was called %" PRIu64 " time%s since this line", what, name,
            seen->calls, seen->calls == 1 ? "" : "s");
    remarks_add(r, statement, REMARK_NEVER, text);
}

/*
 * Is b the same as a, but at another site? A driver may ask for memory by increase_reservation or by populate_physmap: a
 * scenario that is about either has a line for each, one behind the other, and wants one of them to come about.
 */
static bool is_alternative(const struct statement *a, const struct statement *b)
{
    const struct fault_spec *x = &a->fault, *y = &b->fault;

    if (a->kind != b->kind || (a->kind != ST_FAULT && a->kind != ST_ON) ||
        strcmp(a->domain, b->domain) != 0 || x->when != y->when || x->n != y->n || x->keep != y->keep ||
        x->times != y->times || x->by_ns != y->by_ns || x->has_short != y->has_short ||
        x->shortened_to != y->shortened_to)
        return false;
    return a->kind == ST_FAULT ||
           (a->at_return == b->at_return && a->body->kind == b->body->kind && a->body->kind != ST_EXPECT &&
               (a->body->text == NULL || strcmp(a->body->text, b->body->text) == 0));
}

static bool came_about(const struct runner *r, const struct statement *statement)
{
    const struct line_seen *seen = &r->remarks->lines[statement->where.line - 1];

    return statement->kind == ST_FAULT ? seen->own.refused > 0 : seen->done;
}

static bool an_alternative_came_about(const struct runner *r, size_t s)
{
    const struct statement *all = r->run.scenario->statements;

    if (r->remarks->lines == NULL)
        return false;
    for (size_t before = s; before > 0 && is_alternative(&all[before - 1], &all[before]); before--)
        if (came_about(r, &all[before - 1]))
            return true;
    for (size_t behind = s + 1; behind < r->run.scenario->nr_statements; behind++) {
        if (!is_alternative(&all[behind - 1], &all[behind]))
            return false;
        if (came_about(r, &all[behind]))
            return true;
    }
    return false;
}

static void look_at(struct runner *r, const struct statement *statement, const struct line_seen *seen)
{
    switch (statement->kind) {
    case ST_FAULT:
        if (seen->own.refused == 0)
            add_calls(r, statement, "this fault never fired", &seen->own);
        break;
    case ST_ON:
        if (!seen->done)
            add_calls(r, statement, "what this `on` holds was never done", &seen->own);
        else if (statement->body->kind == ST_FAULT && seen->held.refused == 0)
            add_calls(r, statement->body, "this fault never fired", &seen->held);
        break;
    case ST_EVERY:
        if (!seen->done)
            remarks_add(r, statement, REMARK_NEVER,
                "what this `every` holds was never done: the scenario ended before its first time");
        else if (statement->body->kind == ST_FAULT && seen->held.refused == 0)
            add_calls(r, statement->body, "this fault never fired", &seen->held);
        break;
    default:
        break;
    }
}

/* Where the run ended, and by whose wish. What failed before that has failed all the same. */
static void add_cut(struct runner *r, bool failed)
{
    char text[SENTENCE_BYTES / 2];

    snprintf(text, sizeof text,
        "cut at event %" PRIu64 " by %s; what would have come behind it is not known, and %s",
        r->run.cut_event,
        r->run.options->until_event != 0 && r->run.cut_event >= r->run.options->until_event
            ? "--until"
            : "--stop-at-first",
        failed ? "the verdict is on what came before it" : "there is no verdict on this scenario");
    remarks_add(r, NULL, REMARK_CUT, text);
}

/* Rest asks only for a window without anything due: what a fault holds back for longer is judged by nobody. */
static void add_held_back(struct runner *r)
{
    const struct scenario *scenario = r->run.scenario;
    char text[SENTENCE_BYTES / 2], left[32], window[32];
    uint64_t due_ns = 0;
    const char *what = machine_held_back(r->machine, &due_ns);

    if (what == NULL)
        return;
    /* Up to a whole second, so that it can be typed. */
    const uint64_t left_s = (due_ns - machine_now_ns(r->machine) + NS_PER_S - 1) / NS_PER_S;
    time_text(left_s * NS_PER_S, left, sizeof left);
    time_text(QUIET_NS, window, sizeof window);
    snprintf(text, sizeof text,
        "%s; that ends %s after the scenario, and what follows from it was not judged: a settle waits only "
        "for "
        "what comes within %s; `+%s settle` behind this line would show it",
        what, left, window, left);
    remarks_add(r, scenario->nr_statements > 0 ? &scenario->statements[scenario->nr_statements - 1] : NULL,
        REMARK_NO_REST, text);
}

/* A paused domain counts as at rest: what the scenario began with it is judged by nobody, unless somebody lets it go on. */
static void add_paused(struct runner *r)
{
    const struct scenario *scenario = r->run.scenario;
    const struct statement *last =
        scenario->nr_statements > 0 ? &scenario->statements[scenario->nr_statements - 1] : NULL;
    char text[SENTENCE_BYTES / 2];

    for (struct domain *domain = machine_next_domain(r->machine, NULL); domain != NULL;
         domain = machine_next_domain(r->machine, domain)) {
        if (!domain_paused(domain) || domain_crashed(domain))
            continue;
        snprintf(text, sizeof text,
            "%s is still paused where the scenario ends: what it would do next was not judged; `xl unpause "
            "%s` and a settle behind that would show it",
            domain_name(domain), domain_name(domain));
        remarks_add(r, last, REMARK_NO_REST, text);
    }
}

/* Somebody in the guest has to put added memory online, where the kernel does not do so by itself; until then it has no page. */
void remarks_look_inside(struct runner *r)
{
    struct port_counters counters;
    char text[SENTENCE_BYTES / 2], size[32];

    if (run_is_over(r))
        return;
    for (struct domain *domain = machine_next_domain(r->machine, NULL); domain != NULL;
         domain = machine_next_domain(r->machine, domain)) {
        if (domain_crashed(domain) || !domain_counters(domain, &counters) || counters.never_online_pages == 0)
            continue;
        size_text(counters.never_online_pages, 0, size, sizeof size);
        snprintf(text, sizeof text,
            "%s of memory was added to %s, and nobody has put it online: the guest can use none of it", size,
            domain_name(domain));
        remarks_add(r, NULL, REMARK_OFFLINE, text);
    }
}

void remarks_finish(struct runner *r, bool failed)
{
    struct line_seen nothing = {0};
    const struct scenario *scenario = r->run.scenario;

    if (r->run.outcome == OUTCOME_CUT)
        add_cut(r, failed);
    if (run_is_over(r))
        return;
    for (size_t s = 0; s < scenario->nr_statements; s++) {
        struct line_seen *seen =
            r->remarks->lines != NULL ? &r->remarks->lines[scenario->statements[s].where.line - 1] : &nothing;
        if (!seen->looked_at && !an_alternative_came_about(r, s))
            look_at(r, &scenario->statements[s], seen);
        seen->looked_at = seen != &nothing;
    }
    add_paused(r);
    add_held_back(r);
}

unsigned remarks_count(const struct runner *r)
{
    return r->remarks->count;
}
