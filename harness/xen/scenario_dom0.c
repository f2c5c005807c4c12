/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Runs the probe of the scenario's dom0 by the same coroutine as without a real Xen. Each of its calls is first answered
 * by the model, and then issued on Xen.
 */
#include "harness/xen/scenario_dom0.h"

#include "harness/xen/domctl.h"
#include "harness/xen/dom0_arguments.h"
#include "harness/xen/dom0_compare.h"
#include "harness/xen/dom0_issue.h"

#include <assert.h>
#include <stdlib.h>

#include "guest/abi/port.h"
#include "sim/inspect.h"

struct scenario_dom0 *scenario_dom0_new(struct xen_run *xen_run)
{
    struct scenario_dom0 *dom0 = calloc(1, sizeof *dom0);

    if (dom0 != NULL)
        dom0->run = xen_run;
    return dom0;
}

void scenario_dom0_free(struct scenario_dom0 *dom0)
{
    if (dom0 != NULL)
        dom0_arguments_drop(&dom0->call);
    free(dom0);
}

/* After the model has written or read a page of the window: if a frame is mapped there on Xen, does the same on Xen. What
 * was read is Xen's then. */
static void page_contents(
    struct scenario_dom0 *dom0, struct vcpu *vcpu, uint64_t port, uint64_t va, uint64_t word)
{
    struct conductor *conductor = dom0->run->conductor;
    uint64_t slot = (va - dom0->window_va) >> PAGE_SHIFT_BITS;

    if (vcpu->result < 0 || slot >= PV_WINDOW_PAGES || !dom0->mapped[slot])
        return;
    uint64_t page_va = conductor_window_va(conductor, (unsigned)slot);
    if (port == PORT_PAGE_WRITE)
        conductor_page_write(conductor, page_va, word);
    else
        vcpu->result = (int64_t)conductor_page_read(conductor, page_va);
}

static void finish_call(struct scenario_dom0 *dom0, const struct vcpu *vcpu)
{
    struct dom0_call *call = &dom0->call;

    assert(call->op != 0);
    call->model_result = vcpu->result;
    if (call->asked) {
        if (call->target != NULL && call->extents.nr_extents > 0 &&
            extents_model_lacked(dom0->run, call->target, &call->extents, call->model_result))
            dom0_issue_fewer(call, (uint64_t)call->model_result);
        dom0_issue_call(dom0);
        dom0_compare_call(dom0);
    } else if (call->vcpu_there) {
        dom0_compare_pages(dom0, call);
    }
    dom0_arguments_drop(call);
}

static bool serve_port(struct scenario_dom0 *dom0, struct vcpu *vcpu)
{
    uint64_t port = vcpu->op - PORT_GATE_BASE, va = vcpu->arg[0], word = vcpu->arg[1];
    bool go_on = dom0->serve(dom0->context, vcpu);

    if (port == PORT_PAGE_READ || port == PORT_PAGE_WRITE)
        page_contents(dom0, vcpu, port, va, word);
    return go_on;
}

static bool serve(void *context, struct vcpu *vcpu)
{
    struct scenario_dom0 *dom0 = context;

    if (vcpu->op >= PORT_GATE_BASE)
        return serve_port(dom0, vcpu);
    dom0_arguments_take(dom0, vcpu);
    if (dom0->call.incomparable) { /* the probe is told that nothing more was done */
        vcpu->result = (int64_t)dom0->call.start;
        dom0_arguments_drop(&dom0->call);
        return true;
    }
    bool go_on = dom0->serve(dom0->context, vcpu);
    if (!domain_call_unfinished(dom0->domain))
        finish_call(dom0, vcpu);
    return go_on;
}

static void run(struct vcpu *vcpu, vcpu_serve_t *machine_serve, void *context)
{
    struct scenario_dom0 *dom0 = vcpu->backend_context;

    /* There is a call that was preempted: the model has finished it meanwhile. */
    if (dom0->call.op != 0)
        finish_call(dom0, vcpu);
    dom0->serve = machine_serve;
    dom0->context = context;
    dom0->local->run(vcpu, serve, dom0);
}

void scenario_dom0_begin(
    struct scenario_dom0 *dom0, struct domain *domain, const struct boot_block *boot, struct vcpu *vcpu)
{
    static const struct vcpu_backend beside_xen = {run};

    assert(vcpu->backend != NULL && vcpu->backend_context == NULL);
    assert(boot->window_pages <= PV_WINDOW_PAGES);
    dom0->domain = domain;
    dom0->local = vcpu->backend;
    dom0->window_va = (uint64_t)boot->window;
    dom0->m2p_va = (uint64_t)boot->m2p;
    dom0->m2p_bytes = boot->m2p_entries * sizeof(uint64_t);
    vcpu->backend = &beside_xen;
    vcpu->backend_context = dom0;
}

void scenario_dom0_end(struct scenario_dom0 *dom0)
{
    struct conductor *conductor = dom0->run->conductor;

    for (unsigned slot = 0; slot < PV_WINDOW_PAGES; slot++)
        if (dom0->mapped[slot])
            conductor_hypercall(conductor, __HYPERVISOR_update_va_mapping,
                conductor_window_va(conductor, slot), 0, UVMF_INVLPG, 0);
    for (unsigned domid = 0; domid < DOMID_FIRST_RESERVED; domid++)
        if (dom0->made[domid] != DOM0_MADE_NONE)
            domctl_destroy_domain(conductor, domid);
    dom0_arguments_drop(&dom0->call);
    new_frames_drop(&dom0->new_frames);
    *dom0 = (struct scenario_dom0){.run = dom0->run};
}
