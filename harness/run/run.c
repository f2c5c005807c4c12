/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One run from its first record to its verdict. What happens between is in run_domains.c (building and
 * booting), run_time.c (letting guests run), run_statements.c, run_settle.c and run_expect.c.
 */
#include "harness/run/runner.h"

#include <assert.h>
#include <stdarg.h>
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
    }
    return "?";
}

struct runner *runner_new(void)
{
    struct runner *r = calloc(1, sizeof *r);

    if (r == NULL)
        return NULL;
    r->recorder = recorder_new();
    if (r->recorder == NULL) {
        free(r);
        return NULL;
    }
    return r;
}

/* What a run builds upon: after a guest's death nothing of it is trusted any more. */
static void drop_world(struct runner *r)
{
    if (r->machine == NULL)
        return;
    recorder_begin(r->recorder, "", "sim", 0); /* the last run's is finished: nothing may be added to it */
    recorder_set_witness(r->recorder, NULL, NULL);
    r->judges = NULL;
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
    runner_release_images(r);
    for (size_t i = 0; i < r->nr_idle; i++)
        image_free(r->idle[i]);
    xen_backend_free(r->xen);
    place_files_free(r->place_files);
    triggers_free(r);
    free(r->always);
    recorder_free(r->recorder);
    free(r->idle);
    free(r->slots);
    free(r->log);
    free(r->log_text);
    free(r);
}

void runner_complain(struct runner *r, struct span where, const char *format, ...)
{
    struct complaint complaint = {.where = where};
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(complaint.message, sizeof complaint.message, format, arguments);
    va_end(arguments);
    assert(!r->error || r->sentence[0] != 0);
    if (r->error)
        return; /* the first is the cause */
    r->error = true;
    r->halted = true;
    complaint_text(r->scenario->path, r->scenario->text, &complaint, r->sentence, sizeof r->sentence);
}

static void forget_last_run(
    struct runner *r, const struct scenario *scenario, const struct run_options *options)
{
    r->scenario = scenario;
    r->options = options;
    r->awaited = (struct awaited){0};
    r->came_about = r->shown = r->halted = r->error = r->skip = r->timeout = r->xen_died = false;
    r->time_zero_ns = 0;
    r->settle_ended_event[0] = r->settle_ended_event[1] = 0;
    r->just_settled = false;
    r->failures = 0;
    r->places_lost = false;
    memset(r->waived, 0, sizeof r->waived);
    r->last_command.any = false;
    r->nr_always = 0;
    triggers_forget(r);
    r->nr_log = 0;
    r->log_text_bytes = 0;
    r->recording = NULL;
    r->recording_bytes = 0;
    r->sentence[0] = 0;
}

static const char *backend_name(enum backend on)
{
    return on == ON_XEN ? "xen" : "sim";
}

/* Trouble with the real Xen, in the run's terms. */
static void take_xen_trouble(struct runner *r, enum xen_trouble trouble)
{
    if (trouble == XEN_FINE || r->halted)
        return;
    snprintf(r->sentence, sizeof r->sentence, "%s: %s", r->scenario->path, xen_backend_sentence(r->xen));
    r->skip = trouble == XEN_MISSING;
    r->timeout = trouble == XEN_HUNG;
    r->xen_died = trouble == XEN_PANICKED;
    r->error = trouble == XEN_BROKEN;
    r->halted = true;
}

/* Where this run's domains will be built. False: not there, and the sentence says why. */
static bool choose_backend(struct runner *r)
{
    machine_set_real_xen(r->machine, NULL);
    if (r->options->on == ON_SIM)
        return true;
    const char *why_not = xen_backend_refuses(r->scenario);
    if (why_not != NULL) {
        snprintf(r->sentence, sizeof r->sentence, "%s: not on the real Xen: %s", r->scenario->path, why_not);
        r->skip = r->halted = true;
        return false;
    }
    if (r->xen == NULL && (r->xen = xen_backend_new()) == NULL)
        return false;
    take_xen_trouble(r, xen_backend_begin(r->xen, r->scenario, r->machine, r->recorder));
    return !r->halted;
}

/* A machine without domains, judged and watched. False when memory is out. */
static bool build_world(struct runner *r)
{
    const struct machine_config config = {
        .seed = r->options->seed,
        .host_pages = r->scenario->host.memory_pages + runner_dom0_pages(r->scenario),
        .toolstack = r->scenario->host.toolstack,
        .scrub_domheap = r->scenario->host.scrub_domheap,
        .random_schedule = r->options->random_schedule,
    };

    if (r->spoilt)
        drop_world(r);
    recorder_begin(r->recorder, r->scenario->name, backend_name(r->options->on), r->options->seed);
    if (r->machine == NULL) {
        r->machine = machine_new(&config, r->recorder);
        r->invariants = r->machine == NULL ? NULL : invariants_new(r->machine, r->recorder);
        if (r->invariants == NULL)
            return false;
    } else {
        recorder_set_witness(r->recorder, NULL, NULL); /* the last run's domains go unseen */
        if (!machine_reset(r->machine, &config))
            return false;
        recorder_begin(r->recorder, r->scenario->name, backend_name(r->options->on), r->options->seed);
        invariants_reset(r->invariants);
    }
    runner_release_images(r);
    r->spoilt = false;
    if (r->options->recording_limit_bytes != 0)
        recorder_limit(r->recorder, r->options->recording_limit_bytes);
    invariants_stop_at_first(r->invariants, r->options->stop_at_first);
    runner_watch(r);
    lifecycle_begin(r);
    return true;
}

static bool a_guest_died(const struct runner *r)
{
    const struct domain *domain = NULL;

    while ((domain = machine_next_domain(r->machine, domain)) != NULL)
        if (domain_crashed(domain)) {
            const struct slot *slot = runner_slot((struct runner *)(uintptr_t)r, domain_id(domain));
            if (slot == NULL || !slot->crash_expected)
                return true;
        }
    return false;
}

static enum verdict judge(const struct runner *r)
{
    if (r->skip)
        return VERDICT_SKIP;
    if (r->error)
        return VERDICT_ERROR;
    if (r->timeout)
        return VERDICT_TIMEOUT;
    if (r->xen_died)
        return VERDICT_CRASH;
    if (a_guest_died(r))
        return VERDICT_CRASH;
    for (unsigned i = 0; i < NR_INVARIANTS; i++)
        if (!r->waived[i] && invariant_broken(r->invariants, (enum invariant)i) > 0)
            return VERDICT_FAIL;
    if (r->options->on == ON_XEN && xen_backend_counts(r->xen).differences > 0)
        return VERDICT_FAIL;
    return r->failures > 0 ? VERDICT_FAIL : VERDICT_PASS;
}

static enum verdict finish(struct runner *r)
{
    invariants_finish(r->invariants);
    const enum verdict verdict = judge(r);
    const struct record_value value = {(uint64_t)verdict};
    recorder_append(
        r->recorder, REC_VERDICT, DOMID_HOST, machine_now_ns(r->machine), &value, sizeof value, NULL, 0, 0);
    r->recording = recorder_finish(r->recorder, &r->recording_bytes);
    if (r->recording == NULL) {
        snprintf(r->sentence, sizeof r->sentence, "%s: no memory on this computer for all of this run",
            r->scenario->path);
        return VERDICT_ERROR;
    }
    return verdict;
}

enum verdict runner_run(struct runner *r, const struct scenario *scenario, const struct run_options *options)
{
    assert(r != NULL && scenario != NULL && options != NULL);

    forget_last_run(r, scenario, options);
    if (!build_world(r)) {
        snprintf(r->sentence, sizeof r->sentence, "%s: no memory for a host of this size", scenario->path);
        r->spoilt = true;
        return VERDICT_ERROR;
    }
    recorder_append_text(r->recorder, REC_SCENARIO, DOMID_HOST, 0, scenario->text, scenario->text_bytes);
    if (choose_backend(r) && runner_boot(r))
        runner_statements(r);
    always_finish(r);
    if (r->options->on == ON_XEN && r->xen != NULL)
        take_xen_trouble(r, xen_backend_end(r->xen));
    return finish(r);
}

const void *runner_recording(const struct runner *r, size_t *bytes)
{
    *bytes = r->recording_bytes;
    return r->recording;
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

const char *runner_sentence(const struct runner *r)
{
    return r->sentence;
}
