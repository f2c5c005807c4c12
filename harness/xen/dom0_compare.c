/* SPDX-License-Identifier: BSD-2-Clause */
/* Compares what Xen and the model did for one call of the scenario's dom0. */
#include "harness/xen/dom0_compare.h"

#include "harness/xen/domctl.h"
#include "harness/xen/dom0_arguments.h"
#include "harness/xen/dom0_issue.h"
#include "harness/xen/new_contents.h"

#include <assert.h>
#include <string.h>
#include <xen/event_channel.h>

#include "sim/inspect.h"

static bool is_memory_op(const struct dom0_call *call, unsigned one, unsigned other)
{
    return call->op == __HYPERVISOR_memory_op && (call->memop == one || call->memop == other);
}

/* The frames that a translated domain was given have no numbers; what they hold is made alike. The list is of gfns. */
static void even_out_contents(struct scenario_dom0 *dom0, const struct dom0_call *call, int64_t both)
{
    if (call->memop != XENMEM_populate_physmap || call->target == NULL)
        return;
    for (uint64_t i = call->start; (int64_t)i < both && i < call->nr_list; i++)
        new_contents_even_out(dom0->run, call->target, call->domid, call->list[i], call->order);
}

/* Joins the frames that the call gave: Xen's numbers are in the call's list, the model's in the probe's own. */
static void join_new_frames(struct scenario_dom0 *dom0, const struct dom0_call *call)
{
    int64_t both = call->xen_result < call->model_result ? call->xen_result : call->model_result;
    const uint64_t *model = (const uint64_t *)(uintptr_t)call->list_va;

    if (call->extents.no_heap)
        return;
    if (dom0_call_by_gfn(dom0, call->domid)) {
        even_out_contents(dom0, call, both);
        return;
    }
    for (uint64_t i = call->start; (int64_t)i < both && i < call->nr_list; i++)
        for (uint64_t page = 0; page < 1ull << call->order; page++)
            frame_pairs_join(dom0->run->pairs, call->list[i] + page, model[i] + page);
    if (dom0->new_frames.begun)
        new_frames_join(&dom0->new_frames, dom0->run, call->target, call->domid);
}

void dom0_compare_pages(struct scenario_dom0 *dom0, const struct dom0_call *call)
{
    static const char after[] = "dom0's call";
    /* An unmap that frees more than a frame has ended a dying domain. */
    bool begins_or_ends = (call->op == __HYPERVISOR_update_va_mapping &&
                              host_free_pages(dom0->run->machine) > call->free_before_pages + 1) ||
                          call->control == XEN_DOMCTL_createdomain ||
                          call->control == XEN_DOMCTL_destroydomain || call->control == XEN_DOMCTL_max_vcpus;
    const struct domain *target =
        call->domid < DOMID_FIRST_RESERVED ? machine_domain_by_id(dom0->run->machine, call->domid) : NULL;

    if (begins_or_ends)
        xen_run_even_out(dom0->run, dom0->domain, after, 2 * DOM0_STRUCTURES_SLACK_PAGES + DOM0_TABLES_PAGES);
    else
        xen_run_compare_free(dom0->run, dom0->domain, after);
    if (target != NULL)
        xen_run_compare_domain(dom0->run, target, call->domid, after);
}

static void compare_pod(struct scenario_dom0 *dom0, const struct dom0_call *call)
{
    const struct xen_pod_target *xen = (const struct xen_pod_target *)(const void *)call->structure;
    struct xen_pod_target model;

    if (!dom0_arguments_read(dom0, call->arg[1], &model, sizeof model))
        return;
    xen_answers_tell(dom0->run->answers, "pages on demand", xen->tot_pages, model.tot_pages);
    xen_answers_tell(dom0->run->answers, "pages cached", xen->pod_cache_pages, model.pod_cache_pages);
    xen_answers_tell(dom0->run->answers, "entries on demand", xen->pod_entries, model.pod_entries);
    if (xen->tot_pages != model.tot_pages || xen->pod_cache_pages != model.pod_cache_pages ||
        xen->pod_entries != model.pod_entries)
        xen_run_differs(dom0->run, dom0->domain,
            "populate-on-demand: Xen tells %llu pages, %llu cached, %llu entries, the model %llu, %llu, %llu",
            (unsigned long long)xen->tot_pages, (unsigned long long)xen->pod_cache_pages,
            (unsigned long long)xen->pod_entries, (unsigned long long)model.tot_pages,
            (unsigned long long)model.pod_cache_pages, (unsigned long long)model.pod_entries);
}

/* The port that a call made, or what it told of one. xenstore's end of a channel has a number of its own on Xen. */
static void compare_channel(struct scenario_dom0 *dom0, const struct dom0_call *call)
{
    union {
        evtchn_alloc_unbound_t alloc;
        evtchn_status_t status;
    } xen = {.status = {.dom = 0}}, model = {.status = {.dom = 0}};

    memcpy(&xen, call->structure, call->structure_bytes);
    if (!dom0_arguments_read(dom0, call->arg[1], &model, call->structure_bytes))
        return;
    if (call->channel == EVTCHNOP_status && model.status.status == EVTCHNSTAT_interdomain &&
        model.status.u.interdomain.dom == 0)
        xen.status.u.interdomain.port = model.status.u.interdomain.port;
    if (memcmp(&xen, &model, call->structure_bytes) != 0)
        xen_run_differs(dom0->run, dom0->domain,
            "event_channel_op %u: Xen tells something else than the model", call->channel);
}

static unsigned sub_operation(const struct dom0_call *call)
{
    switch (call->op) {
    case __HYPERVISOR_domctl:
        return call->control;
    case __HYPERVISOR_event_channel_op:
        return call->channel;
    default:
        return call->memop;
    }
}

void dom0_compare_call(struct scenario_dom0 *dom0)
{
    const struct dom0_call *call = &dom0->call;
    bool both_did = call->xen_result == 0 && call->model_result == 0;

    assert(call->asked && !call->incomparable);
    xen_run_answered(dom0->run, call->op, sub_operation(call), call->xen_result, call->model_result);
    if (call->xen_result != call->model_result)
        xen_run_differs(dom0->run, dom0->domain,
            "dom0's hypercall %llu, sub-operation %u: Xen answers %lld, the model %lld",
            (unsigned long long)call->op, sub_operation(call), (long long)call->xen_result,
            (long long)call->model_result);
    if (is_memory_op(call, XENMEM_increase_reservation, XENMEM_populate_physmap))
        join_new_frames(dom0, call);
    if (both_did && is_memory_op(call, XENMEM_set_pod_target, XENMEM_get_pod_target))
        compare_pod(dom0, call);
    if (both_did && call->op == __HYPERVISOR_event_channel_op)
        compare_channel(dom0, call);
    dom0_compare_pages(dom0, call);
}
