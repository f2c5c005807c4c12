/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Domains that end and begin while a run goes on: xl create and destroy, and what xl does about a guest that
 * shut itself down: gone after poweroff, built anew from its declaration after reboot.
 */
#include "harness/run/runner.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <xen/sched.h>
#include <xen/xen.h>

static const char no_memory[] = "failed to free memory for the domain"; /* xl's words, for the host's */

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

static bool fits(const struct runner *r, const struct domain_decl *decl)
{
    return host_free_pages(r->machine) >= decl->memory_pages + DOMAIN_OVERHEAD_PAGES;
}

static const char *create(void *context, const char *name)
{
    struct runner *r = context;
    const struct domain_decl *decl = declaration(r->scenario, name);

    if (decl == NULL)
        return "the scenario declares no domain of this name";
    if (!fits(r, decl))
        return no_memory;
    return runner_build_domain(r, decl) ? NULL : "see the message above";
}

static void destroy(void *context, struct domain *domain)
{
    runner_release_domain(context, domain, DOMAIN_END_DESTROY);
}

static void save(void *context, struct domain *domain, const char *file)
{
    struct runner *r = context;
    struct slot *slot = runner_slot(r, domain_id(domain));

    assert(slot != NULL);
    snprintf(slot->save_file, sizeof slot->save_file, "%s", file);
    r->saving = domain_id(domain);
}

static struct slot *saved_in(struct runner *r, const char *file)
{
    for (size_t s = 0; s < r->nr_slots; s++)
        if (r->slots[s].asleep != NULL && strcmp(r->slots[s].save_file, file) == 0)
            return &r->slots[s];
    return NULL;
}

/* It goes on in its own image, under another number. */
static const char *restore(void *context, const char *file)
{
    struct runner *r = context;
    struct slot *slot;

    if (!runner_slot_room(r)) /* first: without a slot nobody would hold the image that it wakes in */
        return no_memory;
    slot = saved_in(r, file);
    if (slot == NULL)
        return "Can't open save file: No such file or directory";
    struct domain *domain = slot->asleep;
    if (machine_domain(r->machine, domain_name(domain)) != NULL)
        return "libxl: error: Domain with the same name already exists.";
    switch (machine_restore_domain(r->machine, domain)) {
    case BUILD_OK:
        break;
    case BUILD_BAD_CONFIG:
        return "xc: error: Failed to populate physmap: more pages than the domain's maximum\n"
               "libxl: error: restoring domain failed";
    default:
        return no_memory;
    }
    slot->asleep = NULL;
    struct image *image = slot->image;
    slot->image = NULL;
    runner_add_slot(r, domain, image);
    triggers_watch_domain(r, domain);
    return NULL;
}

void lifecycle_begin(struct runner *r)
{
    r->lifecycle = (struct machine_lifecycle){
        .context = r, .create = create, .destroy = destroy, .save = save, .restore = restore};
    r->saving = 0;

    r->guest_ended = false;
    machine_set_lifecycle(r->machine, &r->lifecycle);
}

bool lifecycle_is_an_end(const struct record *record)
{
    const struct record_hypercall *call = record_payload(record);

    return record->type == REC_HYPERCALL && call->op == __HYPERVISOR_sched_op &&
           call->subop == SCHEDOP_shutdown;
}

/* It has suspended itself: if xl save waits for that, it is saved. */
static void put_to_sleep(struct runner *r, struct domain *domain)
{
    struct slot *slot = runner_slot(r, domain_id(domain));
    const unsigned domid = domain_id(domain);

    if (slot == NULL || slot->save_file[0] == 0 || !machine_save_domain(r->machine, domain))
        return;
    slot->asleep = domain;
    if (r->saving == domid)
        r->saving = 0;
    if (r->awaited.saving == domid)
        r->came_about = true;
}

#define SAVE_BOUND_NS (60 * NS_PER_S) /* libxl gives a guest a minute */

void lifecycle_finish_save(struct runner *r, const struct statement *statement)
{
    const unsigned domid = r->saving;

    if (domid == 0)
        return;
    r->awaited.saving = domid;
    runner_go(r, machine_now_ns(r->machine) + SAVE_BOUND_NS, false);
    r->awaited.saving = 0;
    r->came_about = false;
    if (r->saving == 0 || r->halted)
        return;
    r->saving = 0;
    struct slot *slot = runner_slot(r, domid);
    if (slot != NULL)
        slot->save_file[0] = 0;
    runner_judge(r, false, statement->where, "saved",
        "libxl: error: guest didn't acknowledge suspend, cancelling request");
}

/* xl create keeps a process by each domain that waits for its end: on_poweroff=destroy, on_reboot=restart. */
static void follow(struct runner *r, struct domain *domain, unsigned reason)
{
    const struct domain_decl *decl = declaration(r->scenario, domain_name(domain));

    if (reason == SHUTDOWN_suspend)
        put_to_sleep(r, domain);
    if (reason != SHUTDOWN_poweroff && reason != SHUTDOWN_reboot)
        return; /* else it stays as it is */
    runner_release_domain(r, domain, DOMAIN_END_SHUTDOWN);
    if (reason == SHUTDOWN_poweroff || decl == NULL)
        return;
    if (fits(r, decl))
        runner_build_domain(r, decl);
    else
        runner_judge(r, false, decl->where, "built again after its reboot", no_memory);
}

void lifecycle_do(struct runner *r)
{
    struct domain *domain = NULL;
    unsigned reason, domid = 0;

    if (!r->guest_ended)
        return;
    r->guest_ended = false;
    while ((domain = machine_next_domain(r->machine, domain)) != NULL && !r->halted) {
        assert(domain_id(domain) > domid);
        domid = domain_id(domain);
        if (domain_shut_down(domain, &reason)) {
            follow(r, domain, reason);
            domain = NULL; /* the list has changed: from its start, where nobody is shut down any more */
            domid = 0;
            if (reason != SHUTDOWN_poweroff && reason != SHUTDOWN_reboot)
                return;
        }
    }
}
