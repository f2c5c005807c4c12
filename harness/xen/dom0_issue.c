/* SPDX-License-Identifier: BSD-2-Clause */
/* Copies a call of the scenario's dom0 into the conductor's area, has it issued, and copies back what Xen wrote. */
#include "harness/xen/dom0_issue.h"

#include "harness/xen/domctl.h"
#include "harness/xen/dom0_arguments.h"
#include "harness/xen/xen_pages.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "sim/inspect.h"
#include "sim/types.h"

/*
 * Xen's tables for a translated domain come out of a pool of the domain's own, which a toolstack has to fill before
 * anything else; and the domain has to have a vcpu by then.
 */
static void fill_tables_pool(struct scenario_dom0 *dom0, unsigned domid)
{
    struct conductor *conductor = dom0->run->conductor;

    domctl_begin(conductor, XEN_DOMCTL_max_vcpus, domid)->u.max_vcpus.max = 1;
    long answer = domctl_issue(conductor);
    struct xen_domctl *op = domctl_begin(conductor, XEN_DOMCTL_shadow_op, domid);
    op->u.shadow_op.op = XEN_DOMCTL_SHADOW_OP_SET_ALLOCATION;
    op->u.shadow_op.mb = DOM0_TABLES_MIB;
    answer = answer != 0 ? answer : domctl_issue(conductor);
    if (answer != 0)
        xen_run_differs(
            dom0->run, dom0->domain, "a vcpu and tables for the translated domain: Xen answers %ld", answer);
}

/* The page that Xen shares with the domain is its own: named as one of its frames, it is the same on both. */
static void join_shared_info(struct scenario_dom0 *dom0, unsigned domid)
{
    const struct domain *made = machine_domain_by_id(dom0->run->machine, domid);
    const uint64_t mfn = xen_pages_of_domain(dom0->run->conductor, domid).shared_info_mfn;

    if (made != NULL && mfn != 0)
        frame_pairs_join(dom0->run->pairs, mfn, domain_shared_info(made).mfn);
}

static void note_made_domain(struct scenario_dom0 *dom0, const struct dom0_call *call)
{
    const struct xen_domctl *op = (const struct xen_domctl *)(const void *)call->structure;

    if (call->control == XEN_DOMCTL_createdomain) {
        dom0->has_made = true;
        dom0->run->has_made = true;
        bool translated = (op->u.createdomain.flags & XEN_DOMCTL_CDF_hvm) != 0;

        assert(op->domain < DOMID_FIRST_RESERVED && dom0->made[op->domain] == DOM0_MADE_NONE);
        dom0->made[op->domain] = translated ? DOM0_MADE_TRANSLATED : DOM0_MADE_PV;
        if (translated)
            fill_tables_pool(dom0, op->domain);
        join_shared_info(dom0, op->domain);
    } else if (call->control == XEN_DOMCTL_destroydomain) {
        dom0->made[call->domid] = DOM0_MADE_NONE;
    }
}

/* Makes Xen give the new domain the number that the model found free, and have enough free pages for it. */
static void prepare_to_create(struct scenario_dom0 *dom0, struct dom0_call *call)
{
    struct xen_domctl *op = (struct xen_domctl *)(void *)call->structure;

    dom0_arguments_read(
        dom0, call->arg[0] + offsetof(struct xen_domctl, domain), &op->domain, sizeof op->domain);
    /* What the domain takes beyond the model's count must not come out of the host's free pages. */
    xen_pool_resize(dom0->run->pool,
        xen_pages_free(dom0->run->conductor) + DOM0_STRUCTURES_SLACK_PAGES + DOM0_TABLES_PAGES);
}

/* Does the model lack the memory for a domain, or for its vcpu? Xen may have a page left for it in a pool of its own. */
static bool lacks_memory(const struct dom0_call *call)
{
    return call->model_result == -ENOMEM &&
           (call->control == XEN_DOMCTL_createdomain || call->control == XEN_DOMCTL_max_vcpus);
}

/* Where a list begins that ends at the very end of the area, behind which nothing is mapped. */
static char *list_in_area(const struct conductor *conductor, const struct dom0_call *call)
{
    return conductor_area(conductor, PV_AREA_PAGES - 1) + PAGE_BYTES - call->nr_list * sizeof *call->list;
}

static void issue_once(struct conductor *conductor, struct dom0_call *call)
{
    memcpy(conductor_area(conductor, AREA_OP), call->structure, call->structure_bytes);
    if (call->nr_list > 0)
        memcpy(list_in_area(conductor, call), call->list, call->nr_list * sizeof *call->list);
    call->xen_result = conductor_hypercall(
        conductor, call->op, call->xen_arg[0], call->xen_arg[1], call->xen_arg[2], call->xen_arg[3]);
}

void dom0_issue_fewer(struct dom0_call *call, uint64_t extents)
{
    struct xen_memory_reservation *ask = (struct xen_memory_reservation *)(void *)call->structure;

    assert(call->op == __HYPERVISOR_memory_op && extents <= ask->nr_extents);
    ask->nr_extents = extents;
}

void dom0_issue_call(struct scenario_dom0 *dom0)
{
    struct dom0_call *call = &dom0->call;
    struct conductor *conductor = dom0->run->conductor;

    assert(call->asked && call->structure_bytes <= sizeof call->structure);
    if (call->control == XEN_DOMCTL_createdomain && call->model_result == 0)
        prepare_to_create(dom0, call);
    const uint64_t free_pages = lacks_memory(call) ? xen_pages_free(conductor) : 0;
    if (free_pages > 0)
        xen_pool_resize(dom0->run->pool, 0);
    do
        issue_once(conductor, call);
    while (call->control == XEN_DOMCTL_destroydomain && call->xen_result == -ERESTART);
    if (free_pages > 0)
        xen_pool_resize(dom0->run->pool, free_pages);
    memcpy(call->structure, conductor_area(conductor, AREA_OP), call->structure_bytes);
    if (call->nr_list > 0)
        memcpy(call->list, list_in_area(conductor, call), call->nr_list * sizeof *call->list);
    if (call->xen_result != 0)
        return;
    if (call->op == __HYPERVISOR_domctl)
        note_made_domain(dom0, call);
    else if (call->op == __HYPERVISOR_update_va_mapping ||
             call->op == __HYPERVISOR_update_va_mapping_otherdomain)
        dom0->mapped[call->slot] = call->maps;
}
