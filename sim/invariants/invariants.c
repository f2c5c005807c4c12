/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Hands each record to the checkers whose invariants it can have broken, and asks all of them at rest.
 * It judges nothing itself.
 */
#include "sim/invariants/invariants.h"
#include "sim/invariants/accounting.h"
#include "sim/invariants/contained.h"
#include "sim/invariants/floor.h"
#include "sim/invariants/frames.h"
#include "sim/invariants/hearing.h"
#include "sim/invariants/last_target.h"
#include "sim/invariants/leak.h"
#include "sim/invariants/p2m.h"
#include "sim/invariants/progress.h"
#include "sim/invariants/rollback.h"
#include "sim/invariants/segments.h"
#include "sim/invariants/sweep.h"
#include "sim/invariants/target.h"
#include "sim/invariants/toolstack_agrees.h"
#include "sim/invariants/translation.h"
#include "sim/invariants/watched.h"
#include "sim/invariants/watched_lifecycle.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <xen/xen.h>
#include <xen/memory.h>

/* ---- what each kind of record can have broken -------------------------------------------------- */

static bool gives_frames(uint32_t subop)
{
    return subop == XENMEM_increase_reservation || subop == XENMEM_populate_physmap;
}

static void on_reservation_call(struct invariants *inv, struct watched *w, const struct event *event)
{
    const struct record_hypercall *call = event->payload;
    bool gives = gives_frames(call->subop);
    uint64_t moved, unused_back = w->unused_pages;

    w->reservation_before_pages = w->reservation_pages;
    frames_reservation_call(inv, w, event);
    p2m_reservation_call(inv, w, event);
    unused_back = unused_back > w->unused_pages ? unused_back - w->unused_pages : 0;
    target_reservation_call(inv, w, event, unused_back);
    floor_reservation_call(w, event);
    contained_reservation_call(inv, w, event);
    moved = w->reservation_pages > w->reservation_before_pages
                ? w->reservation_pages - w->reservation_before_pages
                : w->reservation_before_pages - w->reservation_pages;
    if (gives && moved > 0)
        rollback_given(inv, w, event, event->record->count);
    if (moved > 0) {
        progress_step(inv, w);
        progress_moved(w, moved);
    }
    accounting_moved(w);
    progress_batch(inv, w, call->asked, moved);
    if (moved > 0 && call->ret > 0 && (uint64_t)call->ret == call->asked)
        last_target_moved(w, call->subop);
    if (call->subop == XENMEM_decrease_reservation)
        leak_owed(w, call, event->number);
    if (call->ret < 0 || (uint64_t)call->ret < call->asked) {
        watched_refused(inv, w, event->number);
        last_target_call_refused(inv, w, event->number, call->subop);
        progress_refused(inv, w, event);
    }
    p2m_guard(inv, w);
    progress_calls(inv, w);
}

static void on_mmu_update(struct invariants *inv, struct watched *w, const struct event *event)
{
    const struct record_hypercall *call = event->payload;

    p2m_bound(inv, event);
    if (call->ret < 0)
        watched_refused(inv, w, event->number);
    p2m_guard(inv, w);
}

/* The last mapping of a frame that was given up before is gone: the frame leaves the domain only now. */
static void on_late_release(struct invariants *inv, struct watched *w, const struct event *event)
{
    w->reservation_before_pages = w->reservation_pages;
    frames_reservation_call(inv, w, event);
    p2m_frames_taken(inv, w, event);
    progress_moved(w, event->record->count);
}

/* dom0 may have called on behalf of any other domain. */
static void dom0_called(struct invariants *inv, const struct watched *dom0)
{
    for (unsigned domid = 1; domid < inv->nr_watched; domid++) {
        struct watched *w = watched_find(inv, domid);

        if (w != NULL && w != dom0)
            frames_on_behalf(inv, w);
    }
}

/* xl may have had Xen give a domain frames for its populate-on-demand: the domain's next call has not done that. */
static void on_command(struct invariants *inv, const struct event *event)
{
    for (unsigned domid = 1; domid < inv->nr_watched; domid++) {
        struct watched *w = watched_find(inv, domid);

        if (w != NULL)
            frames_follow(inv, w);
    }
    progress_push(inv);
    toolstack_command(inv, event);
}

static void on_hypercall(struct invariants *inv, struct event *event)
{
    const struct record_hypercall *call = event->payload;
    struct watched *w = watched_find(inv, event->record->domid);

    if (w == NULL)
        return;
    if (domain_abi_id(w->domain) == 0)
        dom0_called(inv, w);
    event->list = (const uint32_t *)(call + 1);
    progress_cost(w, event->number);
    accounting_live(w, event->number);
    if (call->op == __HYPERVISOR_mmu_update)
        on_mmu_update(inv, w, event);
    else if (call->op == __HYPERVISOR_update_va_mapping && event->record->count > 0)
        on_late_release(inv, w, event);
    else if (call->op == __HYPERVISOR_memory_op &&
             (gives_frames(call->subop) || call->subop == XENMEM_decrease_reservation))
        on_reservation_call(inv, w, event);
}

static void on_note(struct invariants *inv, const struct event *event)
{
    const struct record_note *note = event->payload;
    struct watched *w;

    if (note->note == NOTE_PAGE_ALLOC)
        return; /* there is one for each page, and no checker needs it */
    w = watched_find(inv, event->record->domid);
    if (w == NULL)
        return;
    if (note->note >= NOTE_PLUG_BEGIN && note->note <= NOTE_SLEEP)
        progress_cost(w, event->number);
    switch (note->note) {
    case NOTE_ATTACHED:
        w->attached = note->a != 0;
        rollback_attached(inv, w, event);
        accounting_base(inv, w);
        target_look(w, event->number);
        break;
    case NOTE_SLEEP:
        if (w->segments->call.open)
            w->segments->call.disturbed = true;
        if (note->a == 1) {
            rollback_sleep(inv, w);
            progress_sleep(inv, w, event);
        }
        accounting_look(inv, w, note->a == 1);
        progress_calls(inv, w);
        if (note->a == 1)
            progress_attempt_ended(inv, w);
        break;
    case NOTE_NODE:
        floor_note(w, event);
        break;
    case NOTE_P2M:
        watched_follow_p2m(w);
        break;
    case NOTE_TARGET:
        target_told(inv, w, event);
        break;
    case NOTE_DATA_LOST:
        contained_data_lost(inv, w, event);
        break;
    default:
        segments_note(inv, w, event);
        break;
    }
}

/* Is it a fault of a reservation call? Then the record of the call, which follows, says what was refused. */
static bool fault_of_call(uint32_t site)
{
    return site == FAULT_SITE_INCREASE_RESERVATION || site == FAULT_SITE_POPULATE_PHYSMAP ||
           site == FAULT_SITE_DECREASE_RESERVATION || site == FAULT_SITE_INCREASE_RESERVATION_ERRNO ||
           site == FAULT_SITE_DECREASE_RESERVATION_ERRNO || site == FAULT_SITE_MMU_UPDATE;
}

static void on_fault(struct invariants *inv, const struct event *event)
{
    const struct record_fault *fault = event->payload;
    const struct fault_site_info *site = kernel_site(NULL, (enum fault_site)fault->site);
    struct watched *w = watched_find(inv, event->record->domid);

    progress_fault(inv, event);
    if (w == NULL || fault_of_call(fault->site))
        return;
    last_target_fault(inv, w, event);
    if (site != NULL && site->is_told)
        return; /* the driver has asked for nothing */
    progress_attempt(inv, w, event);
    progress_asked(inv, w);
    /* Inside a plug the refusal itself loses no frames; the plug's answer may, if it passes the refusal on. */
    if (!w->segments->call.open)
        watched_refused(inv, w, event->number);
}

/* All statements count as a push from outside, but for those that only wait or ask. */
static void on_statement(struct invariants *inv, const struct event *event)
{
    const struct record_statement *statement = event->payload;

    if (statement->does != STATEMENT_DOES_SETTLE && statement->does != STATEMENT_DOES_EXPECT &&
        statement->does != STATEMENT_DOES_ALWAYS)
        progress_push(inv);
}

static void on_pages(struct invariants *inv, const struct event *event)
{
    const struct record_run *runs = event->payload;
    uint64_t pages = event->record->count;
    struct watched *w = watched_find(inv, event->record->domid);

    for (uint32_t i = 0; event->record->type != REC_PAGE_TOUCH && i < event->record->count; i++)
        pages += runs[i].pages;
    if (w != NULL)
        progress_moved(w, pages);
    if (w != NULL && event->record->type == REC_PAGE_TOUCH)
        translation_touched(inv, w, event);
}

static void on_end_of_guest(struct invariants *inv, const struct event *event)
{
    struct watched *w = watched_find(inv, event->record->domid);

    if (w == NULL)
        return;
    contained_ended(inv, w, event);
    if (event->record->type != REC_MISUSE)
        w->crashed = true;
}

static void witness(void *context, const struct record *record, uint64_t number)
{
    struct invariants *inv = context;
    struct event event = {.record = record, .payload = record_payload(record), .number = number};
    struct watched *w;

    assert(record != NULL && number > 0);
    if (record->type != REC_PAGE_TOUCH && record->type != REC_PAGE_FREE && record->type != REC_PAGE_ALLOC)
        p2m_named(inv); /* not for batched rows, which are written right before the record of the call */
    switch ((enum record_type)record->type) {
    case REC_HYPERCALL:
        on_hypercall(inv, &event);
        break;
    case REC_PAGE_TOUCH:
    case REC_PAGE_FREE:
    case REC_PAGE_ALLOC:
        on_pages(inv, &event);
        break;
    case REC_NOTE:
        on_note(inv, &event);
        break;
    case REC_DOMAIN:
        watched_begin(inv, &event);
        break;
    case REC_DOMAIN_END:
        if (((const struct record_value *)record_payload(record))->value == DOMAIN_END_SUSPEND)
            watched_suspended(inv, record->domid);
        else
            watched_end(inv, record->domid);
        break;
    case REC_XENSTORE:
        target_xenstore(inv, &event);
        if ((w = watched_find(inv, record->domid)) != NULL)
            hearing_xenstore(w, &event);
        break;
    case REC_EVTCHN:
        if ((w = watched_find(inv, record->domid)) != NULL)
            hearing_port(w, &event);
        break;
    case REC_LOG:
        if ((w = watched_find(inv, record->domid)) != NULL)
            floor_log(inv, w, &event);
        break;
    case REC_FAULT:
        on_fault(inv, &event);
        break;
    case REC_SCHEDULE:
        if ((w = watched_find(inv, record->domid)) != NULL && w->segments->call.open)
            w->segments->call.disturbed = true;
        break;
    case REC_STATEMENT:
        on_statement(inv, &event);
        break;
    case REC_COMMAND:
        on_command(inv, &event);
        break;
    case REC_PANIC:
    case REC_MISUSE:
    case REC_CRASH:
        on_end_of_guest(inv, &event);
        break;
    case REC_NOT_AT_REST:
        progress_not_at_rest(inv, &event);
        break;
    default:
        break;
    }
    progress_recorded(inv, &event);
}

/* ---- what the harness calls ------------------------------------------------------------------- */

/* A struct invariants, and what its pointers point to, in one allocation. */
struct whole_run {
    struct invariants inv; /* the first, so that a struct invariants is also a pointer to the whole */
    struct run_frames frames;
    struct run_p2m p2m;
    struct run_progress progress;
    struct run_toolstack toolstack;
};

struct invariants *invariants_new(struct machine *machine, struct recorder *recorder)
{
    struct whole_run *run = calloc(1, sizeof *run);
    struct invariants *inv;

    assert(machine != NULL && recorder != NULL);
    if (run == NULL)
        return NULL;
    inv = &run->inv;
    inv->machine = machine;
    inv->recorder = recorder;
    inv->frames = &run->frames;
    inv->p2m = &run->p2m;
    inv->progress = &run->progress;
    inv->toolstack = &run->toolstack;
    if (watched_make(inv, HOST_SLOT) == NULL) {
        invariants_free(inv);
        return NULL;
    }
    invariants_reset(inv);
    return inv;
}

void invariants_free(struct invariants *inv)
{
    if (inv == NULL)
        return;
    for (size_t i = 0; i < inv->nr_watched; i++)
        watched_free(inv->watched[i]);
    free(inv->watched);
    free(inv->breakers);
    free(inv);
}

void invariants_reset(struct invariants *inv)
{
    assert(inv != NULL && inv->machine != NULL);
    for (size_t i = 0; i < inv->nr_watched; i++)
        if (inv->watched[i] != NULL)
            watched_clear(inv->watched[i], (unsigned)i);
    memset(inv->asked, 0, sizeof inv->asked);
    memset(inv->broken, 0, sizeof inv->broken);
    memset(inv->by_intent, 0, sizeof inv->by_intent);
    inv->nr_breakers = 0;
    memset(&inv->arrays, 0, sizeof inv->arrays);
    inv->hook_last = NULL;
    *inv->frames = (struct run_frames){0};
    *inv->p2m = (struct run_p2m){0};
    *inv->progress = (struct run_progress){0};
    *inv->toolstack = (struct run_toolstack){0};
    inv->without_memory = false;
    recorder_set_witness(inv->recorder, witness, inv);
    machine_set_page_hook(inv->machine, p2m_page_hook, inv);
    machine_set_frame_hook(inv->machine, p2m_frame_hook, inv);
}

/* Judges one domain at rest: its segments, P2M and frames first, for the other families build on these. */
static void rest_of_domain(struct invariants *inv, struct watched *w)
{
    struct sweep sweep = {.allowed = segments_known(w), .kept = &w->segments->kept};

    target_look(w, recorder_events(inv->recorder));
    p2m_guard(inv, w);
    sweep_domain(inv, w, &sweep);
    frames_rest_domain(inv, w, &sweep);
    leak_rest(inv, w, &sweep);
    segments_rest(inv, w, &sweep);
    accounting_rest(inv, w, &sweep);
    floor_rest(inv, w);
    last_target_rest(inv, w);
    free(sweep.odd.at);
}

void invariants_at_rest(struct invariants *inv)
{
    assert(inv != NULL);
    recorder_flush(inv->recorder);
    frames_rest(inv);
    for (unsigned domid = 1; domid < inv->nr_watched; domid++) {
        struct watched *w = watched_find(inv, domid);

        if (w != NULL && !w->crashed && !domain_crashed(w->domain) && !domain_paused(w->domain))
            rest_of_domain(inv, w);
        if (w != NULL)
            w->rest_event = recorder_events(inv->recorder);
    }
    progress_rest(inv);
}

void invariants_finish(struct invariants *inv)
{
    assert(inv != NULL);
    if (inv->without_memory)
        recorder_lose(inv->recorder); /* no verdict can rest on what was not judged */
    for (unsigned i = 0; i < NR_INVARIANTS; i++) {
        struct record_checked checked = {.invariant = i, .asked = inv->asked[i], .broken = inv->broken[i]};

        recorder_append(inv->recorder, REC_CHECKED, DOMID_HOST, machine_now_ns(inv->machine), &checked,
            sizeof checked, NULL, 0, 0);
    }
}

uint64_t invariant_asked(const struct invariants *inv, enum invariant which)
{
    assert(inv != NULL && (unsigned)which < NR_INVARIANTS);
    return inv->asked[which];
}

uint64_t invariant_broken(const struct invariants *inv, enum invariant which)
{
    assert(inv != NULL && (unsigned)which < NR_INVARIANTS);
    return inv->broken[which];
}

uint64_t invariant_broken_by_intent(const struct invariants *inv, enum invariant which)
{
    assert((unsigned)which < NR_INVARIANTS && inv->by_intent[which] <= inv->broken[which]);
    return inv->by_intent[which];
}

const struct breaker *invariants_breaker(const struct invariants *inv, size_t nth)
{
    return nth < inv->nr_breakers ? &inv->breakers[nth] : NULL;
}

static struct breaker *breaker_named(const struct invariants *inv, const char *domain)
{
    for (size_t i = 0; i < inv->nr_breakers; i++)
        if (strcmp(inv->breakers[i].domain, domain) == 0)
            return &inv->breakers[i];
    return NULL;
}

const struct breaker *invariants_breaker_named(const struct invariants *inv, const char *domain)
{
    return breaker_named(inv, domain);
}

void invariants_expect(struct invariants *inv, const char *domain, enum invariant which)
{
    struct breaker *breaker = breaker_named(inv, domain);

    assert(breaker != NULL && breaker->broken[which] > 0);
    breaker->expected[which] = true;
}

void invariants_stop_at_first(struct invariants *inv, bool stop)
{
    assert(inv != NULL);
    inv->stop_at_first = stop;
}

void invariants_keep_going(struct invariants *inv, bool keep_going)
{
    assert(inv != NULL);
    inv->keep_going = keep_going;
}

bool invariants_hopeless(const struct invariants *inv)
{
    assert(inv != NULL);
    return inv->progress->hopeless;
}

bool invariants_remarked(const struct invariants *inv)
{
    assert(inv != NULL);
    return inv->progress->remarked;
}

uint64_t invariants_rest_bound_ns(const struct invariants *inv)
{
    return progress_rest_bound_ns(inv);
}
