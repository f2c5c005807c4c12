/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dom0's probe beside the real Xen: run by the coroutine that it always is, each of its calls first answered by
 * the model, then put to Xen. What a call carries is in conductor_calls.c.
 */
#include "harness/xen/conductor_internal.h"

#include <assert.h>
#include <stdlib.h>

#include "guest/abi/port.h"

#define PAGE_SHIFT 12u

struct conductor *conductor_new(struct xen_guests *guests)
{
    struct conductor *conductor = calloc(1, sizeof *conductor);

    if (conductor != NULL)
        conductor->self.guests = guests;
    return conductor;
}

void conductor_free(struct conductor *conductor)
{
    free(conductor);
}

bool conductor_translated(const struct conductor *conductor, unsigned domid)
{
    return domid < DOMID_FIRST_RESERVED && conductor->empty_domains[domid] == EMPTY_TRANSLATED;
}

/* A page of the window that is mapped on Xen holds what lies there. */
static void page_contents(
    struct conductor *conductor, struct vcpu *vcpu, uint64_t port, uint64_t va, uint64_t word)
{
    uint64_t slot = (va - conductor->window_va) >> PAGE_SHIFT;

    if (vcpu->result < 0 || slot >= XEN_WINDOW_PAGES || !conductor->mapped[slot])
        return;
    struct xen_host *xen = conductor->self.guests->xen;
    if (port == PORT_PAGE_WRITE)
        xen_page_write(xen, xen_window_va(xen, (unsigned)slot), word);
    else
        vcpu->result = (int64_t)xen_page_read(xen, xen_window_va(xen, (unsigned)slot));
}

static void finish(struct conductor *conductor, const struct vcpu *vcpu)
{
    struct conductor_call *call = &conductor->call;

    call->model_result = vcpu->result;
    if (call->asked) {
        conductor_put(conductor);
        conductor_compare(conductor);
    }
    conductor_drop(call);
}

static bool serve(void *context, struct vcpu *vcpu)
{
    struct conductor *conductor = context;

    if (vcpu->op >= PORT_GATE_BASE) {
        uint64_t port = vcpu->op - PORT_GATE_BASE, va = vcpu->arg[0], word = vcpu->arg[1];
        bool go_on = conductor->serve(conductor->context, vcpu);

        if (port == PORT_PAGE_READ || port == PORT_PAGE_WRITE)
            page_contents(conductor, vcpu, port, va, word);
        return go_on;
    }
    conductor_take(conductor, vcpu);
    if (conductor->call.neither) {
        vcpu->result = (int64_t)conductor->call.start;
        conductor_drop(&conductor->call);
        return true;
    }
    bool go_on = conductor->serve(conductor->context, vcpu);
    if (!domain_call_unfinished(conductor->self.domain))
        finish(conductor, vcpu);
    return go_on;
}

static void run(struct vcpu *vcpu, vcpu_serve_t *machine_serve, void *context)
{
    struct conductor *conductor = vcpu->backend_context;

    /* A call that was preempted: the machine has let the model end it since. */
    if (conductor->call.op != 0)
        finish(conductor, vcpu);
    conductor->serve = machine_serve;
    conductor->context = context;
    conductor->local->run(vcpu, serve, conductor);
}

static const struct vcpu_backend conductor_backend = {run};

void conductor_begin(
    struct conductor *conductor, struct domain *dom0, const struct boot_block *boot, struct vcpu *vcpu)
{
    assert(vcpu->backend != NULL && vcpu->backend_context == NULL);
    conductor->self.domain = dom0;
    conductor->local = vcpu->backend;
    conductor->window_va = (uint64_t)boot->window;
    conductor->m2p_va = (uint64_t)boot->m2p;
    conductor->m2p_bytes = boot->m2p_entries * sizeof(uint64_t);
    vcpu->backend = &conductor_backend;
    vcpu->backend_context = conductor;
    assert(boot->window_pages <= XEN_WINDOW_PAGES);
}

void conductor_end(struct conductor *conductor)
{
    struct xen_host *xen = conductor->self.guests->xen;

    for (unsigned slot = 0; slot < XEN_WINDOW_PAGES; slot++)
        if (conductor->mapped[slot])
            xen_hypercall(xen, __HYPERVISOR_update_va_mapping, xen_window_va(xen, slot), 0, UVMF_INVLPG, 0);
    for (unsigned domid = 0; domid < DOMID_FIRST_RESERVED; domid++)
        if (conductor->empty_domains[domid] != EMPTY_NONE)
            xen_end_domain(xen, domid);
    conductor_drop(&conductor->call);
    *conductor = (struct conductor){.self.guests = conductor->self.guests};
}
