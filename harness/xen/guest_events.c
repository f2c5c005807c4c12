/* SPDX-License-Identifier: BSD-2-Clause */
/* Puts calls about event channels to the model and to Xen, and compares what they did with the bits that guests see. */
#include "harness/xen/guest_events.h"

#include "guest/pv/mailbox.h"
#include "harness/image/kernels.h"
#include "harness/xen/shadow.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <xen/event_channel.h>
#include <xen/sched.h>

#include "sim/hypercall/evtchn_op.h"
#include "sim/inspect.h"
#include "sim/types.h"

#define WORDS (sizeof(((shared_info_t *)NULL)->evtchn_pending) / sizeof(xen_ulong_t))

/* What Xen and a guest share about its ports. */
struct bits {
    xen_ulong_t pending[WORDS], mask[WORDS], selector;
    uint8_t upcall;
};

union channel {
    evtchn_alloc_unbound_t alloc;
    evtchn_bind_interdomain_t interdomain;
    evtchn_status_t status;
    char bytes[sizeof(evtchn_status_t)];
};

struct guest_bits {
    struct xen_guest *guest;
    struct bits before, model;
};

struct guest_events {
    void *structure; /* the guest's own; NULL: it can't be reached */
    size_t structure_bytes;
    union channel before, model;
    size_t nr_guests;
    struct guest_bits guests[];
};

/* How many bytes an operation writes back. */
static size_t told_bytes(uint64_t command)
{
    const bool tells = command == EVTCHNOP_alloc_unbound || command == EVTCHNOP_bind_interdomain ||
                       command == EVTCHNOP_bind_virq || command == EVTCHNOP_bind_ipi ||
                       command == EVTCHNOP_status;

    return tells ? evtchn_op_argument_bytes(command) : 0;
}

static void read_bits(const struct xen_guest *guest, struct bits *bits)
{
    const shared_info_t *shared = guest->memory.shared_info;

    memcpy(bits->pending, (const void *)shared->evtchn_pending, sizeof bits->pending);
    memcpy(bits->mask, (const void *)shared->evtchn_mask, sizeof bits->mask);
    bits->selector = shared->vcpu_info[0].evtchn_pending_sel;
    bits->upcall = shared->vcpu_info[0].evtchn_upcall_pending;
}

static void write_bits(const struct xen_guest *guest, const struct bits *bits)
{
    shared_info_t *shared = guest->memory.shared_info;

    memcpy((void *)shared->evtchn_pending, bits->pending, sizeof bits->pending);
    memcpy((void *)shared->evtchn_mask, bits->mask, sizeof bits->mask);
    shared->vcpu_info[0].evtchn_pending_sel = bits->selector;
    shared->vcpu_info[0].evtchn_upcall_pending = bits->upcall;
}

/* Does the guest tell xenstore that there is something in its ring? On Xen nobody listens there. */
static bool speaks_to_xenstore(const struct xen_guest *guest, const struct guest_call *call)
{
    evtchn_send_t send;

    return call->arg[0] == EVTCHNOP_send && shadow_read(&guest->memory, call->arg[1], &send, sizeof send) &&
           domain_port_is_stores(guest->domain, send.port);
}

struct guest_events *guest_events_begin(struct xen_guest *guest, const struct guest_call *call)
{
    size_t count = 0;

    if (speaks_to_xenstore(guest, call))
        return NULL;
    for (const struct xen_guest *each = *guest->run->guests; each != NULL; each = each->next)
        count++;
    struct guest_events *events = calloc(1, sizeof *events + count * sizeof *events->guests);
    if (events == NULL)
        return NULL;
    events->structure_bytes = told_bytes(call->arg[0]);
    if (call->arg[1] >= PAGE_BYTES &&
        shadow_read(&guest->memory, call->arg[1], &events->before, events->structure_bytes))
        events->structure = shadow_guest_list(&guest->memory, call->arg[1]);
    for (struct xen_guest *each = *guest->run->guests; each != NULL; each = each->next) {
        struct guest_bits *bits = &events->guests[events->nr_guests++];

        bits->guest = each;
        read_bits(each, &bits->before);
    }
    assert(events->nr_guests == count && count > 0);
    return events;
}

void guest_events_put_back(struct guest_events *events)
{
    if (events->structure != NULL) {
        memcpy(&events->model, events->structure, events->structure_bytes);
        memcpy(events->structure, &events->before, events->structure_bytes);
    }
    for (size_t i = 0; i < events->nr_guests; i++) {
        struct guest_bits *bits = &events->guests[i];

        read_bits(bits->guest, &bits->model);
        write_bits(bits->guest, &bits->before);
    }
}

static void compare_bits(struct xen_guest *guest, const struct bits *model)
{
    struct bits xen;

    read_bits(guest, &xen);
    for (size_t i = 0; i < WORDS; i++)
        if (xen.pending[i] != model->pending[i] || xen.mask[i] != model->mask[i])
            xen_run_differs(guest->run, guest->domain,
                "ports from %zu on: on Xen 0x%lx are pending and 0x%lx masked, in the model 0x%lx and 0x%lx",
                i * 8 * sizeof(xen_ulong_t), xen.pending[i], xen.mask[i], model->pending[i], model->mask[i]);
    if (xen.selector != model->selector || xen.upcall != model->upcall)
        xen_run_differs(guest->run, guest->domain,
            "evtchn_pending_sel is 0x%lx on Xen and 0x%lx in the model, evtchn_upcall_pending %u and %u",
            xen.selector, model->selector, xen.upcall, model->upcall);
}

/* xenstore's end of a channel has a number of its own on Xen. */
static void same_store_end(const struct guest_call *call, union channel *xen, const union channel *model)
{
    if (call->arg[0] == EVTCHNOP_status && model->status.status == EVTCHNSTAT_interdomain &&
        model->status.u.interdomain.dom == 0 && model->status.u.interdomain.port == 0)
        xen->status.u.interdomain.port = 0;
}

void guest_events_compare(struct guest_events *events, struct xen_guest *guest, const struct guest_call *call)
{
    union channel xen = {.bytes = {0}};

    xen_run_answered(guest->run, call->op, call->arg[0], call->xen_result, call->model_result);
    if (call->xen_result != call->model_result)
        xen_run_differs(guest->run, guest->domain, "event_channel_op %llu: Xen answers %lld, the model %lld",
            (unsigned long long)call->arg[0], (long long)call->xen_result, (long long)call->model_result);
    if (events->structure != NULL && call->xen_result == 0) {
        memcpy(&xen, events->structure, events->structure_bytes);
        same_store_end(call, &xen, &events->model);
        if (memcmp(&xen, &events->model, events->structure_bytes) != 0)
            xen_run_differs(guest->run, guest->domain,
                "event_channel_op %llu: Xen tells something else than the model (words %x %x %x and %x %x "
                "%x)",
                (unsigned long long)call->arg[0], ((unsigned *)&xen)[0], ((unsigned *)&xen)[1],
                ((unsigned *)&xen)[2], ((unsigned *)&events->model)[0], ((unsigned *)&events->model)[1],
                ((unsigned *)&events->model)[2]);
    }
    for (size_t i = 0; i < events->nr_guests; i++)
        compare_bits(events->guests[i].guest, &events->guests[i].model);
    xen_run_compare_free(guest->run, guest->domain, "event_channel_op");
    guest_events_drop(events);
}

void guest_events_drop(struct guest_events *events)
{
    free(events);
}

/* --- SCHEDOP_poll --- */

bool guest_events_polls(const struct xen_guest *guest, const struct guest_call *call)
{
    struct sched_poll poll = {.timeout = 0};
    const bool read = shadow_read(&guest->memory, call->arg[1], &poll, sizeof poll);

    return kernel_has_feature(kernel_describe(domain_kernel(guest->domain)), "hypercalls") &&
           (!read || poll.timeout != 0);
}

uint64_t guest_events_poll_ns(struct xen_guest *guest, const struct guest_call *call)
{
    struct sched_poll poll = {.timeout = 0};

    guest->poll_result = call->model_result;
    guest->poll_waits = domain_blocked(guest->domain);
    guest->poll_waits_on_xen = false;
    if (guest->poll_waits)
        return PV_POLL_EVENT_NS;
    (void)shadow_read(&guest->memory, call->arg[1], &poll, sizeof poll);
    return poll.timeout <= machine_now_ns(guest->run->machine) ? 0 : PV_POLL_TRY_NS;
}

void guest_events_compare_poll(struct xen_guest *guest, int64_t xen_result, bool xen_waited)
{
    guest->run->counts.hypercalls++;
    if (xen_result != guest->poll_result || xen_waited != guest->poll_waits)
        xen_run_differs(guest->run, guest->domain, "SCHEDOP_poll: Xen answers %lld%s, the model %lld%s",
            (long long)xen_result, xen_waited ? " and waits" : "", (long long)guest->poll_result,
            guest->poll_waits ? " and waits" : "");
}

void guest_events_poll_ends(struct xen_guest *guest)
{
    const bool time_is_up = domain_poll_timed_out(guest->domain), xen_waits = xen_domain_waits(guest->on_xen);

    assert(guest->poll_waits && guest->poll_waits_on_xen);
    if (xen_waits && !time_is_up)
        xen_run_differs(guest->run, guest->domain,
            "SCHEDOP_poll: an event has ended the wait in the model, and Xen waits on");
    if (!xen_waits && time_is_up)
        xen_run_differs(guest->run, guest->domain,
            "SCHEDOP_poll: an event has ended the wait on Xen, and the model waited until its time had come");
    if (xen_waits)
        xen_domain_wake(guest->on_xen);
}
