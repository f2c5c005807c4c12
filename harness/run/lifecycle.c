/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What xl does to domains during a run, and what it does after a guest has shut itself down: the domain is destroyed after
 * poweroff, built anew from its declaration after reboot, and saved after the suspend that xl save asked for.
 */
#include "harness/run/lifecycle.h"
#include "harness/run/domains.h"
#include "harness/run/judge.h"
#include "harness/run/run.h"
#include "harness/run/wait.h"
#include "harness/xen/xen_backend.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xen/sched.h>
#include <xen/xen.h>

struct lifecycle {
    struct machine_lifecycle machine; /* what xl calls */
    unsigned saving;                  /* the domain of the last xl save, until it is saved; 0 none */
    bool guest_ended; /* a guest has shut itself down, and lifecycle_act has not dealt with it yet */
};

static const char no_memory[] = "failed to free memory for the domain"; /* xl's words */

struct lifecycle *lifecycle_new(void)
{
    return calloc(1, sizeof(struct lifecycle));
}

void lifecycle_free(struct lifecycle *lifecycle)
{
    free(lifecycle);
}

static const struct domain_decl *declaration(const struct scenario *scenario, const char *name)
{
    for (size_t d = 0; d < scenario->nr_domains; d++)
        if (strcmp(scenario->domains[d].name, name) == 0)
            return &scenario->domains[d];
    for (size_t s = 0; s < scenario->nr_statements; s++) {
        const struct domain_decl *decl = scenario->statements[s].domain_decl;
        if (decl != NULL && strcmp(decl->name, name) == 0)
            return decl;
    }
    return NULL;
}

/* What is claimed for others is free and can't be had. */
static bool fits(const struct runner *r, const struct domain_decl *decl)
{
    const struct domain_config config = {
        .maxmem_pages = decl->maxmem_pages, .pvh = decl->pvh, .initial = decl->initial};
    const uint64_t wants = decl->memory_pages +
                           domain_config_overhead_pages(machine_xen(r->machine), &config) +
                           host_claimed_pages(r->machine);

    return host_free_pages(r->machine) >= wants;
}

static const char *create(void *context, const char *name)
{
    struct runner *r = context;
    const struct domain_decl *decl = declaration(r->run.scenario, name);

    if (decl == NULL)
        return "the scenario declares no domain of this name";
    if (!fits(r, decl))
        return no_memory;
    return domains_build(r, decl) ? NULL : "see the message above";
}

static void destroy(void *context, struct domain *domain)
{
    domains_release(context, domain, DOMAIN_END_DESTROY);
}

static void save(void *context, struct domain *domain, const char *file)
{
    struct runner *r = context;
    struct slot *slot = run_slot(r, domain_id(domain));

    assert(slot != NULL);
    snprintf(slot->save_file, sizeof slot->save_file, "%s", file);
    r->lifecycle->saving = domain_id(domain);
}

static struct slot *saved_in(struct runner *r, const char *file)
{
    for (size_t s = 0; s < r->nr_slots; s++)
        if (r->slots[s].asleep != NULL && strcmp(r->slots[s].save_file, file) == 0)
            return &r->slots[s];
    return NULL;
}

/* xl restore: the domain goes on in its own image, under another number. */
static const char *restore(void *context, const char *file)
{
    struct runner *r = context;
    struct slot *slot;

    if (!run_slot_room(r)) /* first, for the restored domain needs a slot that holds its image */
        return no_memory;
    slot = saved_in(r, file);
    if (slot == NULL)
        return "Can't open save file: No such file or directory";
    struct domain *domain = slot->asleep;
    if (machine_domain(r->machine, domain_name(domain)) != NULL)
        return "libxl: error: Domain with the same name already exists.";
    const struct domain_decl *decl = declaration(r->run.scenario, domain_name(domain));
    assert(decl != NULL);
    switch (machine_restore_domain(r->machine, domain)) {
    case BUILD_OK:
        break;
    case BUILD_BAD_CONFIG:
        return "xc: error: Failed to populate physmap: more pages than the domain's maximum\n"
               "libxl: error: restoring domain failed";
    case BUILD_REAL_XEN:
        slot->asleep = NULL;
        run_complain(r, decl->where, "%s can't be restored on the real Xen: %s", decl->name,
            xen_backend_sentence(r->xen));
        return "see the message above";
    default:
        return no_memory;
    }
    slot->asleep = NULL;
    struct image *image = slot->image;
    slot->image = NULL;
    run_add_slot(r, image)->domid = domain_id(domain);
    run_tell_built(r, domain);
    return NULL;
}

void lifecycle_begin(struct runner *r)
{
    *r->lifecycle = (struct lifecycle){
        .machine = {.context = r, .create = create, .destroy = destroy, .save = save, .restore = restore}};
    machine_set_lifecycle(r->machine, &r->lifecycle->machine);
}

void lifecycle_see(struct runner *r, const struct record *record, uint64_t event)
{
    const struct record_hypercall *call = record_payload(record);

    (void)event;
    if (record->type != REC_HYPERCALL || call->op != __HYPERVISOR_sched_op || call->subop != SCHEDOP_shutdown)
        return;
    r->lifecycle->guest_ended = true;
    machine_stop(r->machine);
}

/* The domain has suspended itself: saves it, if xl save waits for that. */
static void put_to_sleep(struct runner *r, struct domain *domain)
{
    struct slot *slot = run_slot(r, domain_id(domain));
    const unsigned domid = domain_id(domain);

    if (slot == NULL || slot->save_file[0] == 0 || !machine_save_domain(r->machine, domain))
        return;
    slot->asleep = domain;
    if (r->lifecycle->saving == domid)
        r->lifecycle->saving = 0;
    wait_came_about(r, AWAIT_SAVE, domid);
}

#define SAVE_BOUND_NS (60 * NS_PER_S) /* libxl gives a guest a minute */

void lifecycle_finish_save(struct runner *r, const struct statement *statement)
{
    const unsigned domid = r->lifecycle->saving;

    if (domid == 0)
        return;
    wait_until(
        r, machine_now_ns(r->machine) + SAVE_BOUND_NS, (struct awaited){.what = AWAIT_SAVE, .domid = domid});
    if (r->lifecycle->saving == 0 || run_is_over(r))
        return;
    r->lifecycle->saving = 0;
    struct slot *slot = run_slot(r, domid);
    if (slot != NULL)
        slot->save_file[0] = 0;
    judge(r, domid, EXPECT_DONE, false, statement->where, "saved",
        "libxl: error: guest didn't acknowledge suspend, cancelling request");
}

/* Does what the process does that xl create leaves behind for each domain: on_poweroff=destroy, on_reboot=restart. */
static void follow(struct runner *r, struct domain *domain, unsigned reason)
{
    const struct domain_decl *decl = declaration(r->run.scenario, domain_name(domain));

    if (reason == SHUTDOWN_suspend)
        put_to_sleep(r, domain);
    if (reason != SHUTDOWN_poweroff && reason != SHUTDOWN_reboot)
        return; /* for other reasons xl leaves the domain as it is */
    domains_release(r, domain, DOMAIN_END_SHUTDOWN);
    if (reason == SHUTDOWN_poweroff || decl == NULL)
        return;
    if (fits(r, decl))
        domains_build(r, decl);
    else
        judge(r, DOMID_HOST, EXPECT_DONE, false, decl->where, "built again after its reboot", no_memory);
}

void lifecycle_act(struct runner *r)
{
    struct domain *domain = NULL;
    unsigned reason, domid = 0;

    if (!r->lifecycle->guest_ended)
        return;
    r->lifecycle->guest_ended = false;
    while ((domain = machine_next_domain(r->machine, domain)) != NULL && !run_is_over(r)) {
        assert(domain_id(domain) > domid);
        domid = domain_id(domain);
        if (domain_shut_down(domain, &reason)) {
            follow(r, domain, reason);
            domain = NULL; /* the list has changed: begins anew, past domains that are not shut down */
            domid = 0;
            if (reason != SHUTDOWN_poweroff && reason != SHUTDOWN_reboot)
                return;
        }
    }
}
