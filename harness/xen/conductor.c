/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dom0's probe beside the real Xen: run by the coroutine that it always is, each of its calls first answered by
 * the model, then put to Xen. What a call carries is in hands_calls.c.
 */
#include "harness/xen/conductor_internal.h"

#include <assert.h>
#include <stdlib.h>

#include "guest/abi/port.h"

#define PAGE_SHIFT 12u

struct hands *hands_new(struct remote *remote)
{
    struct hands *hands = calloc(1, sizeof *hands);

    if (hands != NULL)
        hands->self.remote = remote;
    return hands;
}

void hands_free(struct hands *hands)
{
    free(hands);
}

bool hands_translated(const struct hands *hands, unsigned domid)
{
    return domid < DOMID_FIRST_RESERVED && hands->shells[domid] == SHELL_TRANSLATED;
}

/* A page of the window that is mapped on Xen holds what lies there. */
static void page_contents(struct hands *hands, struct vcpu *vcpu, uint64_t port, uint64_t va, uint64_t word)
{
    uint64_t slot = (va - hands->window_va) >> PAGE_SHIFT;

    if (vcpu->result < 0 || slot >= XEN_WINDOW_PAGES || !hands->mapped[slot])
        return;
    struct xen_host *xen = hands->self.remote->xen;
    if (port == PORT_PAGE_WRITE)
        xen_page_write(xen, xen_window_va(xen, (unsigned)slot), word);
    else
        vcpu->result = (int64_t)xen_page_read(xen, xen_window_va(xen, (unsigned)slot));
}

static void finish(struct hands *hands, const struct vcpu *vcpu)
{
    struct hands_call *call = &hands->call;

    call->model_result = vcpu->result;
    if (call->asked) {
        hands_put(hands);
        hands_compare(hands);
    }
    hands_drop(call);
}

static bool serve(void *context, struct vcpu *vcpu)
{
    struct hands *hands = context;

    if (vcpu->op >= PORT_GATE_BASE) {
        uint64_t port = vcpu->op - PORT_GATE_BASE, va = vcpu->arg[0], word = vcpu->arg[1];
        bool go_on = hands->serve(hands->context, vcpu);

        if (port == PORT_PAGE_READ || port == PORT_PAGE_WRITE)
            page_contents(hands, vcpu, port, va, word);
        return go_on;
    }
    hands_take(hands, vcpu);
    if (hands->call.neither) {
        vcpu->result = (int64_t)hands->call.start;
        hands_drop(&hands->call);
        return true;
    }
    bool go_on = hands->serve(hands->context, vcpu);
    if (!domain_call_unfinished(hands->self.domain))
        finish(hands, vcpu);
    return go_on;
}

static void run(struct vcpu *vcpu, vcpu_serve_t *machine_serve, void *context)
{
    struct hands *hands = vcpu->backend_context;

    /* A call that was preempted: the machine has let the model end it since. */
    if (hands->call.op != 0)
        finish(hands, vcpu);
    hands->serve = machine_serve;
    hands->context = context;
    hands->local->run(vcpu, serve, hands);
}

static const struct vcpu_backend hands_backend = {run};

void hands_begin(struct hands *hands, struct domain *dom0, const struct boot_block *boot, struct vcpu *vcpu)
{
    assert(vcpu->backend != NULL && vcpu->backend_context == NULL);
    hands->self.domain = dom0;
    hands->local = vcpu->backend;
    hands->window_va = (uint64_t)boot->window;
    hands->m2p_va = (uint64_t)boot->m2p;
    hands->m2p_bytes = boot->m2p_entries * sizeof(uint64_t);
    vcpu->backend = &hands_backend;
    vcpu->backend_context = hands;
    assert(boot->window_pages <= XEN_WINDOW_PAGES);
}

void hands_end(struct hands *hands)
{
    struct xen_host *xen = hands->self.remote->xen;

    for (unsigned slot = 0; slot < XEN_WINDOW_PAGES; slot++)
        if (hands->mapped[slot])
            xen_hypercall(xen, __HYPERVISOR_update_va_mapping, xen_window_va(xen, slot), 0, UVMF_INVLPG, 0);
    for (unsigned domid = 0; domid < DOMID_FIRST_RESERVED; domid++)
        if (hands->shells[domid] != SHELL_NONE)
            xen_end_domain(xen, domid);
    hands_drop(&hands->call);
    *hands = (struct hands){.self.remote = hands->self.remote};
}
