/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * For the checkers' tests: a real machine with one guest on strings (sim/test_guest.h) that plays a balloon
 * driver step by step, and the violations that were written down. Included by tests only.
 */
#ifndef SIM_INVARIANTS_TESTING_H
#define SIM_INVARIANTS_TESTING_H

#include <stdarg.h>

#include "sim/test_guest.h"

#include <xen/io/xs_wire.h>

#include "sim/invariants/invariants.h"
#include "sim/invariants/names.h"

#define HOST_PAGES   16384u
#define BOOT_PAGES   1024u
#define MAXMEM_PAGES 2048u
#define CAUGHT_MAX   64u
#define COUNTERS_AT  (32 * PAGE_BYTES) /* in the guest's heap */
#define TEXT_AT      (40 * PAGE_BYTES)
#define UPDATES_AT   (48 * PAGE_BYTES)
#define CALL_NS      (100 * NS_PER_US)
#define WORKLOAD     (1ull << 63) /* a stamp as workloads write them */

struct caught {
    enum invariant invariant;
    unsigned domid;
    uint64_t event, cause, count;
    char text[512];
};

static struct {
    struct invariants *inv;
    struct test_guest *p;
    struct port_counters *counters;
    witness_t *witness;
    void *witness_context;
    struct caught caught[CAUGHT_MAX];
    unsigned nr_caught;
    uint64_t call_event;                  /* the last hypercall's */
    uint64_t asked_before[NR_INVARIANTS]; /* when the test begins */
} show;

static inline void show_witness(void *context, const struct record *record, uint64_t event)
{
    (void)context;
    if (record->type == REC_HYPERCALL)
        show.call_event = event;
    if (record->type == REC_VIOLATION && show.nr_caught < CAUGHT_MAX) {
        const struct record_violation *violation = record_payload(record);
        struct caught *caught = &show.caught[show.nr_caught++];

        caught->invariant = (enum invariant)violation->invariant;
        caught->domid = record->domid;
        caught->event = event;
        caught->cause = violation->cause_event;
        caught->count = violation->count;
        snprintf(caught->text, sizeof caught->text, "%s", (const char *)(violation + 1));
    }
    show.witness(show.witness_context, record, event);
}

/* A call as in sim/test_guest.h, but virtual time only passes where a test says so. */
static inline long call(struct test_guest *p, unsigned long op, unsigned long a, unsigned long b,
    unsigned long c, unsigned long d)
{
    uint64_t before_ns = machine_now_ns(stage.machine);
    long result = ask(p, op, a, b, c, d);

    stage.machine->now_ns = before_ns + CALL_NS;
    return result;
}

static inline long port(
    struct test_guest *p, enum port_op op, unsigned long a, unsigned long b, unsigned long c, unsigned long d)
{
    return call(p, PORT_GATE_BASE + op, a, b, c, d);
}

static inline void note(enum port_note what, unsigned long a, unsigned long b, unsigned long c)
{
    ck_assert_int_eq(port(show.p, PORT_NOTE, what, a, b, c), 0);
}

static inline uint64_t now_event(void)
{
    recorder_flush(stage.recorder);
    return recorder_events(stage.recorder);
}

static inline void say(const char *text)
{
    char *at = show.p->boot->heap + TEXT_AT;

    strcpy(at, text);
    port(show.p, PORT_LOG, (uintptr_t)at, strlen(text), 0, 0);
}

static inline uint64_t image_end(void)
{
    return show.p->boot->image_pages;
}

/* Attached, boot memory loaded, counters published and true. */
static inline void show_guest(void)
{
    show.p = test_guest_new("nb", BOOT_PAGES, MAXMEM_PAGES);
    show.counters = (void *)(show.p->boot->heap + COUNTERS_AT);
    *show.counters = (struct port_counters){
        .managed_pages = BOOT_PAGES - image_end(),
        .free_pages = BOOT_PAGES - image_end(),
        .total_pages = BOOT_PAGES - image_end(),
        .present_pages = BOOT_PAGES,
        .memory_end_pfn = BOOT_PAGES,
    };
    ck_assert_int_eq(port(show.p, PORT_PUBLISH, PORT_COUNTERS, (uintptr_t)show.counters, 1, 0), 0);
    note(NOTE_PHYSLOAD, image_end(), BOOT_PAGES, 0);
    note(NOTE_PAGE_FREE, image_end(), BOOT_PAGES - image_end(), 0);
    note(NOTE_ATTACHED, 1, 0, 0);
    for (unsigned i = 0; i < NR_INVARIANTS; i++)
        show.asked_before[i] = invariant_asked(show.inv, (enum invariant)i);
}

static inline void show_open_with(struct machine_config config)
{
    memset(&show, 0, sizeof show);
    stage_open_with(config);
    show.inv = invariants_new(stage.machine, stage.recorder);
    ck_assert_ptr_nonnull(show.inv);
    show.witness = recorder_witness(stage.recorder, &show.witness_context);
    recorder_set_witness(stage.recorder, show_witness, NULL);
    show_guest();
}

static inline void show_open(void)
{
    show_open_with((struct machine_config){.seed = 1, .host_pages = HOST_PAGES});
}

static inline void show_close(void)
{
    invariants_free(show.inv);
    stage_close();
}

static inline void nothing_broken(void)
{
    for (unsigned i = 0; i < show.nr_caught; i++)
        ck_abort_msg("%s: %s", invariant_name(show.caught[i].invariant), show.caught[i].text);
}

/* How often it was asked since the test began. */
static inline uint64_t asked(enum invariant which)
{
    return invariant_asked(show.inv, which) - show.asked_before[which];
}

/* It was asked, and neither it nor another is broken: a checker that never looks does not pass. */
static inline void held(enum invariant which)
{
    nothing_broken();
    ck_assert_msg(asked(which) > 0, "%s was never asked", invariant_name(which));
}

/* Exactly one violation of it was written down, with all of these words in its text (ends with NULL). */
static inline const struct caught *broken(enum invariant which, ...)
{
    const struct caught *found = NULL;
    const char *word;
    va_list words;

    for (unsigned i = 0; i < show.nr_caught; i++) {
        if (show.caught[i].invariant != which)
            continue;
        ck_assert_msg(found == NULL, "%s said twice: %s", invariant_name(which), show.caught[i].text);
        found = &show.caught[i];
    }
    ck_assert_msg(found != NULL, "%s was not broken", invariant_name(which));
    ck_assert_uint_ge(invariant_broken(show.inv, which), 1);
    va_start(words, which);
    while ((word = va_arg(words, const char *)) != NULL)
        ck_assert_msg(strstr(found->text, word) != NULL, "no \"%s\" in: %s", word, found->text);
    va_end(words);
    return found;
}

static inline void only_broken(enum invariant which)
{
    for (unsigned i = 0; i < show.nr_caught; i++)
        ck_assert_msg(show.caught[i].invariant == which, "%s: %s", invariant_name(show.caught[i].invariant),
            show.caught[i].text);
    ck_assert_uint_gt(show.nr_caught, 0);
}

/* ---- the driver's steps ----------------------------------------------------------------------- */

/* The guest reads its memory/target. */
static inline void read_target(uint64_t kib)
{
    struct domain *d = show.p->domain;
    struct record_xenstore record = {.op = XS_READ, .by = d->domid};
    char path_value[64];
    int path_bytes = snprintf(path_value, sizeof path_value, "/local/domain/%u/memory/target", d->domid) + 1;
    int value_bytes = snprintf(path_value + path_bytes, sizeof path_value - (size_t)path_bytes, "%llu",
                          (unsigned long long)kib) +
                      1;

    d->target_known = true;
    d->target_kib = kib;
    d->target_event = recorder_append(stage.recorder, REC_XENSTORE, d->domid, machine_now_ns(stage.machine),
        &record, sizeof record, path_value, 1, (size_t)(path_bytes + value_bytes));
}

static inline int dom0(const char *line)
{
    const char *output;

    return machine_toolstack(stage.machine, line, &output);
}

/* Written in dom0, past the toolstack's checks, and read by the guest. */
static inline void new_target(uint64_t pages)
{
    char line[80];

    snprintf(line, sizeof line, "xenstore-write /local/domain/%u/memory/target %llu", show.p->domain->domid,
        (unsigned long long)(pages * KIB_PER_PAGE));
    ck_assert_int_eq(dom0(line), 0);
    read_target(pages * KIB_PER_PAGE);
}

static inline void allow(uint64_t pages)
{
    ck_assert_int_eq(domain_set_maximum_kib(show.p->domain, pages * KIB_PER_PAGE), 0);
}

static inline long take(uint64_t pages)
{
    uint64_t before_ns = machine_now_ns(stage.machine);
    long done = reserve(show.p, XENMEM_increase_reservation, test_guest_list(show.p), pages, 0);

    stage.machine->now_ns = before_ns + CALL_NS;
    return done;
}

static inline long give_back(uint64_t pages)
{
    uint64_t before_ns = machine_now_ns(stage.machine);
    long done = reserve(show.p, XENMEM_decrease_reservation, test_guest_list(show.p), pages, 0);

    stage.machine->now_ns = before_ns + CALL_NS;
    return done;
}

/* M2P entries of the first frames of the list, from pfn on; pfn ~0 unbinds. */
static inline void flush(uint64_t pfn, uint64_t pages)
{
    mmu_update_t *updates = (void *)(show.p->boot->heap + UPDATES_AT);
    uint64_t *list = test_guest_list(show.p);

    for (uint64_t i = 0; i < pages; i++) {
        updates[i].ptr = list[i] << PAGE_SHIFT_BITS | MMU_MACHPHYS_UPDATE;
        updates[i].val = pfn == UINT64_MAX ? UINT64_MAX : pfn + i;
    }
    ck_assert_int_eq(call(show.p, __HYPERVISOR_mmu_update, (uintptr_t)updates, pages, 0, DOMID_SELF), 0);
}

static inline void bind(uint64_t pfn, uint64_t pages)
{
    for (uint64_t i = 0; i < pages; i++)
        test_guest_p2m(show.p)[pfn + i] = test_guest_list(show.p)[i];
}

static inline void unbind(uint64_t pfn, uint64_t pages)
{
    for (uint64_t i = 0; i < pages; i++) {
        test_guest_list(show.p)[i] = test_guest_p2m(show.p)[pfn + i];
        test_guest_p2m(show.p)[pfn + i] = UINT64_MAX;
    }
}

static inline void plug_begin(uint64_t pfn, uint64_t pages)
{
    note(NOTE_PLUG_BEGIN, pfn, pages, 0);
}

/* The kernel's side of a plug that works: pages freed, counters changed. */
static inline void plug_end(uint64_t pfn, uint64_t pages)
{
    note(NOTE_PAGE_FREE, pfn, pages, 0);
    show.counters->managed_pages += pages;
    show.counters->free_pages += pages;
    show.counters->total_pages += pages;
    show.counters->present_pages += pages;
    show.counters->memory_end_pfn = pfn + pages;
    note(NOTE_PLUG_END, pfn, pages, 1);
}

/* A correct step up past boot memory. */
static inline void grow(uint64_t pfn, uint64_t pages)
{
    ck_assert_int_eq(take(pages), (long)pages);
    bind(pfn, pages);
    flush(pfn, pages);
    plug_begin(pfn, pages);
    plug_end(pfn, pages);
}

/* A correct step down: pages of boot memory. */
static inline void shrink(uint64_t pfn, uint64_t pages)
{
    unbind(pfn, pages);
    show.counters->free_pages -= pages;
    show.counters->ballooned_pages += pages;
    ck_assert_int_eq(give_back(pages), (long)pages);
}

static inline void driver_sleeps(void)
{
    note(NOTE_SLEEP, 1, 0, 0);
}

static inline void audit_begin(void)
{
    note(NOTE_AUDIT_BEGIN, 0, 0, 0);
}

static inline void audit_segment(uint64_t start, uint64_t past)
{
    note(NOTE_SEGMENT, start, past, past - start);
}

/* A true audit, boot memory and what was plugged behind it, then the judgement. */
static inline void rest(void)
{
    audit_begin();
    audit_segment(image_end(), show.counters->memory_end_pfn);
    note(NOTE_AUDIT_END, 0, 0, 0);
    recorder_append(stage.recorder, REC_REST, DOMID_HOST, machine_now_ns(stage.machine), NULL, 0, NULL, 0, 0);
    invariants_at_rest(show.inv);
}

static inline void pass(uint64_t time_ns)
{
    stage.machine->now_ns += time_ns;
}

#endif
