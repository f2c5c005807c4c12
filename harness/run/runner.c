/* SPDX-License-Identifier: BSD-2-Clause */
/* One run from its first record to its verdict: builds the machine, does the statements, and judges the run. */
#include "harness/run/runner.h"
#include "harness/run/always.h"
#include "harness/run/calls.h"
#include "harness/run/console.h"
#include "harness/run/domains.h"
#include "harness/run/images.h"
#include "harness/run/lifecycle.h"
#include "harness/run/needs.h"
#include "harness/run/pending.h"
#include "harness/run/place_files.h"
#include "harness/run/run.h"
#include "harness/run/remarks.h"
#include "harness/run/settle.h"
#include "harness/run/statements.h"
#include "harness/run/stops.h"
#include "harness/run/trail.h"
#include "harness/run/triggers.h"
#include "harness/run/wait.h"
#include "harness/image/kernels.h"
#include "harness/image/source_places.h"
#include "harness/xen/xen_backend.h"
#include "harness/xen/xen_needs.h"
#include "sim/random.h"
#include "sim/real_xen.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *verdict_name(enum verdict verdict)
{
    switch (verdict) {
    case VERDICT_PASS:
        return "PASS";
    case VERDICT_SKIP:
        return "SKIP";
    case VERDICT_ERROR:
        return "ERROR";
    case VERDICT_FAIL:
        return "FAIL";
    case VERDICT_CRASH:
        return "CRASH";
    case VERDICT_TIMEOUT:
        return "TIMEOUT";
    case VERDICT_CUT:
        return "CUT";
    }
    return "?";
}

/*
 * The observers, in the order in which they are called. The first ones keep what a guest has said and how it died, which
 * the later ones need; the one that may end the run comes last, when the record has had its effects.
 */
static const struct observer observers[] = {
    {.see = console_see},
    {.built = calls_built},
    {.see = domains_see},
    {.see = lifecycle_see, .act = lifecycle_act, .acts_before_statements = true},
    {.see = triggers_see, .act = triggers_act, .due_ns = triggers_due_ns, .built = triggers_built},
    {.see = always_see},
    {.see = stops_see},
};

struct runner *runner_new(void)
{
    struct runner *r = calloc(1, sizeof *r);

    if (r == NULL)
        return NULL;
    r->observers = observers;
    r->nr_observers = sizeof observers / sizeof observers[0];
    r->recorder = recorder_new();
    r->wait = wait_new();
    r->lifecycle = lifecycle_new();
    r->triggers = triggers_new();
    r->pending = pending_new();
    r->always = always_new();
    r->calls = calls_new();
    r->console = console_new();
    r->images = images_new();
    r->place_files = place_files_new();
    r->remarks = remarks_new();
    if (r->recorder != NULL && r->wait != NULL && r->lifecycle != NULL && r->triggers != NULL &&
        r->pending != NULL && r->always != NULL && r->calls != NULL && r->console != NULL &&
        r->images != NULL && r->place_files != NULL && r->remarks != NULL)
        return r;
    runner_free(r);
    return NULL;
}

/* Frees all that is kept from run to run: after a guest's death none of it is trusted. */
static void drop_world(struct runner *r)
{
    if (r->machine == NULL)
        return;
    recorder_begin(r->recorder, "", "sim", 0); /* nothing may be added to the last recording */
    wait_unwatch(r);
    invariants_free(r->invariants);
    machine_free(r->machine);
    r->invariants = NULL;
    r->machine = NULL;
}

void runner_free(struct runner *r)
{
    if (r == NULL)
        return;
    drop_world(r);
    triggers_free(r);
    domains_release_images(r);
    images_free(r->images);
    xen_backend_free(r->xen);
    place_files_free(r->place_files);
    remarks_free(r->remarks);
    console_free(r->console);
    always_free(r->always);
    calls_free(r->calls);
    pending_free(r->pending);
    lifecycle_free(r->lifecycle);
    wait_free(r->wait);
    recorder_free(r->recorder);
    free(r->slots);
    free(r);
}

/* The seed that chooses the schedule; 0: none does, and threads run until they wait. */
static uint64_t schedule_seed_of(const struct scenario *scenario, const struct run_options *options)
{
    if (options->schedule_seed != 0 || scenario->host.schedule != SCHEDULE_SEEDED)
        return options->schedule_seed;
    return options->seed != 0 ? options->seed : 1;
}

static void forget_last_run(
    struct runner *r, const struct scenario *scenario, const struct run_options *options)
{
    r->run = (struct run){.scenario = scenario,
        .options = options,
        .xen = runner_known_xen(r, scenario, options),
        .schedule_seed = schedule_seed_of(scenario, options),
        .random = options->seed * RANDOM_STEP + 1};
    triggers_forget(r);
    pending_forget(r->pending);
    always_forget(r->always);
    calls_forget(r->calls);
    console_forget(r->console);
    remarks_forget(r->remarks);
    place_files_begin(r->place_files);
}

static const char *backend_name(enum backend on)
{
    return on == ON_XEN ? "xen" : "sim";
}

static bool have_backend(struct runner *r)
{
    if (r->xen == NULL)
        r->xen = xen_backend_new();
    return r->xen != NULL;
}

const struct known_xen *runner_known_xen(
    struct runner *r, const struct scenario *scenario, const struct run_options *options)
{
    if (options->xen.path != NULL && r->machine != NULL && !r->spoilt) {
        /* Another Xen may be booted to know it, and the one before would go with the last run's domains. */
        recorder_set_witness(r->recorder, NULL, NULL);
        machine_drop_domains(r->machine);
    }
    if (options->on != ON_SIM && have_backend(r))
        return xen_backend_known(r->xen, scenario, &options->xen);
    if (options->xen.known != NULL)
        return options->xen.known;
    return scenario->host.xen != NULL ? scenario->host.xen : KNOWN_XEN_DEFAULT;
}

/* A kernel of which there is no image for the real Xen; NULL: there is one of each. */
static const char *kernel_without_image(const struct run *run)
{
    const struct scenario *scenario = run->scenario;

    for (size_t i = 0; i < scenario->nr_domains + scenario->nr_statements; i++) {
        const struct domain_decl *decl = i < scenario->nr_domains
                                             ? &scenario->domains[i]
                                             : scenario->statements[i - scenario->nr_domains].domain_decl;
        const char *kernel = decl != NULL ? kernel_in_place(run->options->kernel, decl->kernel) : NULL;
        if (kernel != NULL && !xen_backend_has_kernel(kernel))
            return kernel;
    }
    return NULL;
}

/* Prepares the simulator or the real Xen for this run. False: it is not available, and the sentence says why. */
static bool choose_backend(struct runner *r)
{
    const struct host_decl *host = &r->run.scenario->host;

    machine_set_real_xen(r->machine, NULL);
    if (host->xen != NULL && host->xen != r->run.xen) {
        run_skip(r, host->where, "it is about Xen %s, and this run is on Xen %s", host->xen->name,
            r->run.xen->name);
        return false;
    }
    if (r->run.options->on == ON_SIM)
        return true;
    const char *why_not = xen_needs_refusal(r->run.scenario);
    if (why_not != NULL) {
        snprintf(r->run.sentence, sizeof r->run.sentence, "%s: not on the real Xen: %s",
            r->run.scenario->path, why_not);
        run_end(r, OUTCOME_SKIP);
        return false;
    }
    const char *kernel = kernel_without_image(&r->run);
    if (kernel != NULL) {
        snprintf(r->run.sentence, sizeof r->run.sentence,
            "%s: not on the real Xen: kernel=%s is linked for the simulator only", r->run.scenario->path,
            kernel);
        run_end(r, OUTCOME_SKIP);
        return false;
    }
    if (!have_backend(r))
        return false;
    run_take_xen_trouble(
        r, xen_backend_begin(r->xen, r->run.scenario, &r->run.options->xen, r->machine, r->recorder));
    return !run_is_over(r);
}

/* Makes a machine without domains, with invariants and observers. False: no memory. */
static bool build_world(struct runner *r)
{
    const struct host_decl *host = &r->run.scenario->host;
    struct machine_config config = {
        .seed = r->run.options->seed,
        .host_pages = r->run.scenario->host.memory_pages + domains_dom0_pages(r->run.scenario, r->run.xen),
        .toolstack = r->run.scenario->host.toolstack,
        .xen = r->run.xen,
        .scrub_domheap = r->run.scenario->host.scrub_domheap,
        .schedule_seed = r->run.schedule_seed,
        .whole_calls = r->run.options->on != ON_SIM || r->run.options->whole_calls,
        .no_growth = r->run.options->no_growth,
        .nr_host_ranges = host->nr_ranges,
    };
    memcpy(config.host_map, host->map, sizeof config.host_map);

    if (r->spoilt)
        drop_world(r);
    recorder_begin(
        r->recorder, r->run.scenario->name, backend_name(r->run.options->on), r->run.options->seed);
    if (r->machine == NULL) {
        r->machine = machine_new(&config, r->recorder);
        r->invariants = r->machine == NULL ? NULL : invariants_new(r->machine, r->recorder);
        if (r->invariants == NULL)
            return false;
    } else {
        recorder_set_witness(r->recorder, NULL, NULL); /* none sees the last run's domains go */
        if (!machine_reset(r->machine, &config))
            return false;
        recorder_begin(
            r->recorder, r->run.scenario->name, backend_name(r->run.options->on), r->run.options->seed);
        invariants_reset(r->invariants);
    }
    domains_release_images(r);
    r->spoilt = false;
    if (r->run.options->recording_limit_bytes != 0)
        recorder_limit(r->recorder, r->run.options->recording_limit_bytes);
    invariants_stop_at_first(r->invariants, r->run.options->stop_at_first);
    invariants_keep_going(r->invariants, r->run.options->keep_going);
    wait_watch(r);
    lifecycle_begin(r);
    return true;
}

/* Is it this that the statement expects of the domain? */
static bool expects(const struct statement *statement, const char *domain, enum invariant invariant)
{
    const bool of_it = strcmp(statement->domain, domain) == 0;

    if (statement->kind == ST_EXPECT_CRASH)
        return invariant == INVARIANT_GUEST_CONTAINED && of_it;
    return statement->kind == ST_EXPECT_VIOLATION && statement->invariant == invariant &&
           (*statement->domain == 0 || of_it);
}

/* Does the scenario say, somewhere further on, that this will happen? Of a run that was cut nobody knows whether it would. */
static bool may_be_expected(const struct runner *r, const char *domain, enum invariant invariant)
{
    const struct scenario *scenario = r->run.scenario;

    for (size_t s = 0; r->run.outcome == OUTCOME_CUT && s < scenario->nr_statements; s++)
        if (expects(&scenario->statements[s], domain, invariant))
            return true;
    return false;
}

static bool a_guest_died(const struct runner *r)
{
    const struct domain *domain = NULL;

    while ((domain = machine_next_domain(r->machine, domain)) != NULL)
        if (domain_crashed(domain) && !may_be_expected(r, domain_name(domain), INVARIANT_GUEST_CONTAINED)) {
            const struct slot *slot = run_slot(r, domain_id(domain));
            if (slot == NULL || !slot->crash_expected)
                return true;
        }
    return false;
}

/* Otherwise than by intent, or as the scenario expects it. */
static bool an_invariant_was_broken(const struct runner *r)
{
    const struct breaker *breaker;

    for (size_t b = 0; (breaker = invariants_breaker(r->invariants, b)) != NULL; b++)
        for (unsigned i = 0; i < NR_INVARIANTS; i++)
            if (breaker->broken[i] > breaker->by_intent[i] && !breaker->expected[i] && !r->run.waived[i] &&
                !may_be_expected(r, breaker->domain, (enum invariant)i))
                return true;
    return false;
}

static enum verdict verdict_of(const struct runner *r)
{
    switch (r->run.outcome) {
    case OUTCOME_SKIP:
        return VERDICT_SKIP;
    case OUTCOME_ERROR:
        return VERDICT_ERROR;
    case OUTCOME_TIMEOUT:
        return VERDICT_TIMEOUT;
    case OUTCOME_XEN_DIED:
        return VERDICT_CRASH;
    case OUTCOME_NONE:
    case OUTCOME_HALTED:
    case OUTCOME_CUT:
        break;
    }
    if (a_guest_died(r))
        return VERDICT_CRASH;
    if (an_invariant_was_broken(r))
        return VERDICT_FAIL;
    if (r->run.options->on == ON_XEN && xen_backend_counts(r->xen).differences > 0)
        return VERDICT_FAIL;
    if (r->run.failures > 0)
        return VERDICT_FAIL;
    if (r->run.outcome == OUTCOME_CUT)
        return VERDICT_CUT;
    return r->run.options->strict && remarks_count(r) > 0 ? VERDICT_FAIL : VERDICT_PASS;
}

/* The place in a guest's code that the event came from, as " in balloon.c:512 (balloon_plug)"; "" when it is not known. */
static const char *in_place(struct runner *r, uint64_t event, char *out, size_t out_bytes)
{
    char text[SOURCE_PLACE_BYTES];
    size_t count;
    const struct place *places = recorder_places(r->recorder, &count);

    while (count > 0 && places[count - 1].event > event)
        count--;
    if (count == 0 || places[count - 1].event != event ||
        !runner_place_text(r, &places[count - 1], text, sizeof text))
        return "";
    snprintf(out, out_bytes, ", in %.*s", (int)strcspn(text, "\t"), text);
    return out;
}

/* Its time on this computer is over: that is all there is to say of the run, and it differs from computer to computer. */
static void say_where_it_was(struct runner *r)
{
    const uint32_t line = recorder_line(r->recorder);
    char now[32], place[SOURCE_PLACE_BYTES + 8];

    time_text(machine_now_ns(r->machine) - r->run.time_zero_ns, now, sizeof now);
    run_say_where_it_was(r, (struct span){.line = line != 0 ? line : 1, .column = 1, .length = 1},
        "it was at event %" PRIu64 ", after %s of virtual time%s", r->run.cut_event, now,
        in_place(r, r->run.cut_event, place, sizeof place));
}

static enum verdict finish(struct runner *r)
{
    if (r->run.outcome == OUTCOME_TIMEOUT && r->run.cut_event != 0) {
        say_where_it_was(r);
        r->spoilt = true;
        return VERDICT_TIMEOUT; /* without a recording, for it would be another one on another computer */
    }
    r->run.at_its_end = true;
    remarks_finish(r, verdict_of(r) != VERDICT_CUT);
    invariants_finish(r->invariants);
    const enum verdict verdict = verdict_of(r);
    const struct record_value value = {(uint64_t)verdict};
    recorder_append(
        r->recorder, REC_VERDICT, DOMID_HOST, machine_now_ns(r->machine), &value, sizeof value, NULL, 0, 0);
    r->run.recording = recorder_finish(r->recorder, &r->run.recording_bytes);
    if (r->run.recording == NULL) {
        snprintf(r->run.sentence, sizeof r->run.sentence,
            "%s: no memory on this computer for all of this run", r->run.scenario->path);
        return VERDICT_ERROR;
    }
    return verdict;
}

/* Builds all domains and brings them to rest, which is time 0 of the scenario. False: the run is over. */
static bool boot(struct runner *r)
{
    if (!domains_build_all(r))
        return false;
    settle_boot(r);
    r->run.time_zero_ns = machine_now_ns(r->machine);
    return !run_is_over(r);
}

/* Records the seed that chooses the schedule, for it is needed to replay the run. */
static void record_schedule(struct runner *r)
{
    const struct record_value value = {r->run.schedule_seed};

    recorder_append(r->recorder, REC_SCHEDULE, DOMID_HOST, 0, &value, sizeof value, NULL, 0, 0);
}

static bool place_text(void *context, unsigned domid, uint64_t text_offset, char *out, size_t out_bytes)
{
    const struct place place = {.domid = (uint16_t)domid, .text_offset = text_offset};

    return runner_place_text(context, &place, out, out_bytes);
}

static void begin_trail(struct runner *r)
{
    struct trail *trail = r->run.options->trail;
    struct machine_trace trace = {0};

    if (trail != NULL)
        trace = trail_begin(trail, r->recorder, place_text, r);
    machine_set_trace(r->machine, &trace);
}

enum verdict runner_run(struct runner *r, const struct scenario *scenario, const struct run_options *options)
{
    assert(r != NULL && scenario != NULL && options != NULL);

    forget_last_run(r, scenario, options);
    errno = 0; /* tables that guests read are files in memory, and may be too large for one */
    if (!build_world(r)) {
        snprintf(r->run.sentence, sizeof r->run.sentence, "%s: no memory for a host of this size%s",
            scenario->path, errno == EFBIG ? ": ulimit -f allows too little" : "");
        r->spoilt = true;
        return VERDICT_ERROR;
    }
    begin_trail(r);
    recorder_append_text(r->recorder, REC_SCENARIO, DOMID_HOST, 0, scenario->text, scenario->text_bytes);
    if (r->run.schedule_seed != 0)
        record_schedule(r);
    if (!run_is_over(r) && needs_are_met(r) && choose_backend(r) && boot(r)) {
        statements_do(r);
        settle_at_end(r);
    }
    always_finish(r);
    remarks_look_inside(r);
    if (r->run.options->on == ON_XEN && r->xen != NULL)
        run_take_xen_trouble(r, xen_backend_end(r->xen));
    return finish(r);
}

const void *runner_recording(const struct runner *r, size_t *bytes)
{
    *bytes = r->run.recording_bytes;
    return r->run.recording;
}

const struct place *runner_places(const struct runner *r, size_t *count)
{
    return recorder_places(r->recorder, count);
}

const uint64_t *runner_frames(const struct runner *r)
{
    return recorder_frames(r->recorder);
}

void runner_agreement(const struct runner *r, uint64_t *hypercalls, uint64_t *differences)
{
    const struct xen_counts counts = r->xen != NULL ? xen_backend_counts(r->xen) : (struct xen_counts){0};

    *hypercalls = counts.hypercalls;
    *differences = counts.differences;
}

const struct xen_found *runner_xen(const struct runner *r)
{
    return r->xen != NULL ? xen_backend_found(r->xen) : NULL;
}

const char *runner_sentence(const struct runner *r)
{
    return r->run.sentence;
}

bool runner_place_text(struct runner *r, const struct place *place, char *out, size_t out_bytes)
{
    const struct slot *slot = run_slot(r, place->domid);

    if (slot == NULL || slot->file == NULL)
        return false;
    /* The machine counts from the start of the code, debug information from the start of the image. */
    return place_files_text(
        r->place_files, slot->file, slot->text_offset + place->text_offset, out, out_bytes);
}

uint64_t runner_blocks(const struct runner *r)
{
    const struct domain *domain = NULL;
    uint64_t blocks = 0;

    while (r->machine != NULL && (domain = machine_next_domain(r->machine, domain)) != NULL)
        blocks += domain_blocks(domain);
    return blocks;
}

bool runner_remarked(const struct runner *r)
{
    return r->invariants != NULL && invariants_remarked(r->invariants);
}

bool runner_places_lost(const struct runner *r)
{
    return place_files_lost(r->place_files);
}
