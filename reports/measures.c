/* SPDX-License-Identifier: BSD-2-Clause */
/* Counts what a recording has, and writes the counts of several as a table or as JSON. */
#include "reports/measures.h"

#include <assert.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <xen/xen.h>
#include <xen/memory.h>

#include "guest/abi/port.h"
#include "reports/names.h"
#include "reports/results.h"
#include "reports/text_clean.h"

#define NAME_COLUMNS 22
#define DOMAINS      64u /* with a target under way: those above share the last one's place */

struct taking {
    struct measures *measures;
    uint64_t asked_ns[DOMAINS], moved_ns[DOMAINS]; /* since the last mem-set; 0: none is under way */
};

static size_t place(unsigned domid)
{
    return domid < DOMAINS ? domid : DOMAINS - 1u;
}

/* A target's time ends with the last step before the next target, or before the end. */
static void end_target(struct taking *taking, size_t at)
{
    if (taking->moved_ns[at] > taking->asked_ns[at])
        taking->measures->to_targets_ns += taking->moved_ns[at] - taking->asked_ns[at];
    taking->asked_ns[at] = taking->moved_ns[at] = 0;
}

static void take_command(struct taking *taking, const struct record *record)
{
    const struct record_command *command = (const void *)(record + 1);

    if (command->does != COMMAND_DOES_MEM_SET || command->status != 0 || command->domid == DOMID_HOST)
        return;
    end_target(taking, place(command->domid));
    taking->asked_ns[place(command->domid)] = record->time_ns;
}

static bool moves_memory(const struct record_hypercall *call)
{
    return call->op == __HYPERVISOR_memory_op &&
           (call->subop == XENMEM_increase_reservation || call->subop == XENMEM_populate_physmap ||
               call->subop == XENMEM_decrease_reservation);
}

static void take_hypercall(struct taking *taking, const struct record *record)
{
    const struct record_hypercall *call = (const void *)(record + 1);
    struct measures *m = taking->measures;

    if (call->host_free_pages < m->host_least_free_pages)
        m->host_least_free_pages = call->host_free_pages;
    m->calls++;
    if (!moves_memory(call))
        return;
    m->memory_calls++;
    if (call->ret <= 0)
        return;
    m->extents += (uint64_t)call->ret;
    if (taking->asked_ns[place(record->domid)] != 0)
        taking->moved_ns[place(record->domid)] = record->time_ns;
}

static void take_domain(struct taking *taking, const struct reading *reading, const struct record *record)
{
    const struct record_domain *domain = (const void *)(record + 1);
    const struct kernel *kernel = reading_kernel(reading, record->domid);
    struct measures *m = taking->measures;

    m->image_pages += domain->image_pages;
    if (m->version[0] == 0 && kernel != NULL && kernel->version != NULL)
        snprintf(m->version, sizeof m->version, "%s", kernel->version);
}

static void take_violation(struct measures *m, const struct record *record)
{
    const struct record_violation *violation = (const void *)(record + 1);

    if (violation->invariant < sizeof m->broken * 8)
        m->broken |= UINT64_C(1) << violation->invariant;
}

void measures_take(const struct reading *reading, struct measures *measures)
{
    struct taking taking = {.measures = measures};
    const struct record *record;

    *measures = (struct measures){.verdict = reading_verdict(reading), .host_least_free_pages = UINT64_MAX};
    for (uint64_t event = 1; (record = reading_event(reading, event)) != NULL; event++) {
        const struct record_note *note = (const void *)(record + 1);

        if (record->type == REC_COMMAND)
            take_command(&taking, record);
        else if (record->domid == 0 || record->domid == DOMID_HOST)
            continue;
        else if (record->type == REC_DOMAIN)
            take_domain(&taking, reading, record);
        else if (record->type == REC_VIOLATION)
            take_violation(measures, record);
        else if (record->type == REC_HYPERCALL)
            take_hypercall(&taking, record);
        else if (record->type == REC_NOTE && note->note == NOTE_SLEEP && note->a == 1)
            measures->wake_ups++;
    }
    for (size_t at = 0; at < DOMAINS; at++)
        end_target(&taking, at);
    if (measures->host_least_free_pages == UINT64_MAX)
        measures->host_least_free_pages = 0;
    assert(measures->memory_calls <= measures->calls);
}

/* ---- writers ------------------------------------------------------------------------------------ */

static const char *verdict_of(const struct measured *measured)
{
    return measured->measures.verdict < 0 ? "no run" : name_of_verdict(measured->measures.verdict);
}

/* Invariants that a run broke, those that its scenario expects as well: of a design they say what it costs. */
static void print_broken(FILE *out, uint64_t broken)
{
    char room[NAME_ROOM];
    const char *between = "breaks ";

    if (broken == 0)
        return;
    fprintf(out, "  %-*s ", NAME_COLUMNS, "");
    for (uint32_t i = 0; i < sizeof broken * 8; i++)
        if ((broken >> i & 1) != 0) {
            fprintf(out, "%s%s", between, name_of_invariant(i, room));
            between = ", ";
        }
    fputc('\n', out);
}

bool measures_print_table(FILE *out, const struct measured *list, size_t count)
{
    const char *scenario = NULL;

    for (size_t i = 0; i < count; i++) {
        const struct measures *m = &list[i].measures;

        if (scenario == NULL || strcmp(scenario, list[i].scenario) != 0) {
            fprintf(out, "%s", scenario == NULL ? "" : "\n");
            text_clean(out, list[i].scenario, SIZE_MAX);
            fprintf(out, "\n  %-*s %-8s %12s %10s %12s %12s %10s %11s %10s\n", NAME_COLUMNS, "", "",
                "to targets", "hypercalls", "memory calls", "extents/call", "wake-ups", "image pages",
                "host free");
        }
        scenario = list[i].scenario;
        fprintf(out, "  %-*s %-8s", NAME_COLUMNS, list[i].kernel, verdict_of(&list[i]));
        if (m->verdict >= 0)
            fprintf(out,
                " %10.3f s %10" PRIu64 " %12" PRIu64 " %12.1f %10" PRIu64 " %11" PRIu64 " %10" PRIu64,
                (double)m->to_targets_ns / 1e9, m->calls, m->memory_calls,
                m->memory_calls > 0 ? (double)m->extents / (double)m->memory_calls : 0.0, m->wake_ups,
                m->image_pages, m->host_least_free_pages);
        fputc('\n', out);
        print_broken(out, m->broken);
    }
    return ferror(out) == 0;
}

/* Takes the run; NULL: no memory. */
static json_t *with_broken(json_t *run, uint64_t broken)
{
    char room[NAME_ROOM];
    json_t *list = json_array();
    bool whole = run != NULL && list != NULL;

    for (uint32_t i = 0; whole && i < sizeof broken * 8; i++)
        if ((broken >> i & 1) != 0)
            whole = json_array_append_new(list, json_string(name_of_invariant(i, room))) == 0;
    whole = whole && json_object_set(run, "broken", list) == 0;
    json_decref(list);
    if (whole)
        return run;
    json_decref(run);
    return NULL;
}

/* A run's members in their order; NULL: no memory. Names are cleaned, since JSON is UTF-8 and a path need not be. */
static json_t *json_run(const struct measured *measured)
{
    char *clean = clean_text(measured->scenario, strlen(measured->scenario));
    json_t *run = clean != NULL
                      ? json_pack("{s:s, s:s, s:s, s:s}", "scenario", clean, "kernel", measured->kernel,
                            "kernel_version", measured->measures.version, "verdict", verdict_of(measured))
                      : NULL;

    free(clean);
#define X(member, name, head, meaning) \
    if (run != NULL && \
        json_object_set_new(run, name, json_integer((json_int_t)measured->measures.member)) != 0) \
        return NULL;
    MEASURES(X)
#undef X
    return with_broken(run, measured->measures.broken);
}

bool measures_print_json(FILE *out, const struct measured *list, size_t count)
{
    json_t *runs = json_array();
    bool whole = runs != NULL;

    for (size_t i = 0; whole && i < count; i++)
        whole = json_array_append_new(runs, json_run(&list[i])) == 0;
    json_t *all = json_pack("{s:s, s:i, s:o?}", "format", "ballast comparison", "version", 1, "runs", runs);
    whole = whole && all != NULL && json_dumpf(all, out, JSON_INDENT(1)) == 0;
    fputc('\n', out);
    json_decref(all);
    return whole;
}
