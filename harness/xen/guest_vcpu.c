/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How a guest on the real Xen leaves and goes on. A call that Xen answers is first answered by the model, so that an
 * injected fault can refuse or shorten it; then by Xen; then the two answers are compared.
 */
#include "harness/xen/guest_vcpu.h"

#include "harness/xen/extents.h"
#include "harness/xen/guest_arguments.h"
#include "harness/xen/guest_compare.h"
#include "harness/xen/guest_events.h"
#include "harness/xen/instruction.h"
#include "harness/xen/maximum.h"
#include "harness/xen/shadow.h"

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <time.h>
#include <xen/memory.h>
#include <xen/sched.h>

#include "guest/abi/port.h"
#include "sim/inspect.h"

#define SILENCE_LIMIT_S     20u /* a guest that asks nothing for so long is taken for one that loops */
#define MULTICALL_LOOKS_MAX 64u /* calls of a list that are compared */
#define SPINS_PER_REST      1024u
#define SPINS_PER_LOOK      65536u
#define LOOKS_PER_QUESTION  64u /* whether Xen has ended it; a look takes a millisecond or two */
#define VECTOR_DIVIDE       0u
#define VECTOR_PROTECTION   13u
#define VECTOR_PAGE_FAULT   14u
#define PAGE_FAULT_WRITE    2u /* a bit of the error code */

/* --- questions and answers --- */

static bool wait_for_question(struct xen_guest *guest)
{
    struct xen_host *host = guest->on_xen->host;
    struct pv_mailbox *mail = guest->on_xen->mailbox;
    time_t lost_at = time(NULL) + SILENCE_LIMIT_S;
    struct xen_last_words words;

    xen_host_wait_begins(host);
    for (unsigned spins = 1; __atomic_load_n(&mail->asked, __ATOMIC_ACQUIRE) == mail->answered; spins++) {
        __builtin_ia32_pause();
        if (spins % SPINS_PER_REST == 0)
            conductor_rest();
        if (spins % SPINS_PER_LOOK != 0)
            continue;
        if (!xen_host_is_well(host) || time(NULL) > lost_at)
            return false;
        if (spins / SPINS_PER_LOOK % LOOKS_PER_QUESTION == 0 && xen_domain_has_crashed(guest->on_xen, &words))
            return false;
    }
    return true;
}

static void answer(struct xen_guest *guest, int64_t result)
{
    struct pv_mailbox *mail = guest->on_xen->mailbox;

    assert(mail->asked != mail->answered);
    mail->result = result;
    __atomic_store_n(&mail->answered, mail->asked, __ATOMIC_RELEASE);
}

/* Writes a stack frame as the simulator's gate leaves it, so that the model finds where the guest called from. */
static void show_caller(struct xen_guest *guest, struct vcpu *vcpu)
{
    uint64_t *frame = shadow_caller_frame(&guest->memory);

    memset(frame, 0, VCPU_FRAME_BYTES);
    frame[VCPU_FRAME_BYTES / 8 - 2] = guest->on_xen->mailbox->frame_pointer;
    vcpu->guest_sp = (uintptr_t)frame;
}

static void take_question(const struct pv_mailbox *mail, struct vcpu *vcpu, uint64_t op_base)
{
    vcpu->op = mail->op + op_base;
    for (int i = 0; i < 4; i++)
        vcpu->arg[i] = mail->arg[i];
}

/* Does the instruction there write what it has read? */
static bool writes_back(const struct xen_guest *guest, uint64_t pc)
{
    unsigned char code[INSTRUCTION_BYTES_MAX];
    size_t bytes = sizeof code;

    while (bytes > 0 && !shadow_read(&guest->memory, pc, code, bytes))
        bytes--;
    return instruction_writes_back(code, bytes);
}

static void take_trap(const struct xen_guest *guest, struct vcpu *vcpu)
{
    const struct pv_mailbox *mail = guest->on_xen->mailbox;
    uint64_t vector = mail->arg[0];

    vcpu->op = VCPU_EXIT_FAULT;
    vcpu->dead = true;
    vcpu->fault = (struct guest_fault){
        .kind = vector == VECTOR_PAGE_FAULT || vector == VECTOR_PROTECTION ? GUEST_FAULT_ACCESS
                : vector == VECTOR_DIVIDE                                  ? GUEST_FAULT_ARITHMETIC
                                                                           : GUEST_FAULT_INSTRUCTION,
        .write = vector == VECTOR_PAGE_FAULT &&
                 ((mail->arg[1] & PAGE_FAULT_WRITE) != 0 || writes_back(guest, mail->arg[2])),
        .no_address = vector == VECTOR_PROTECTION, /* an address that isn't canonical, above all */
        .pc = mail->arg[2],
        .address = vector == VECTOR_PAGE_FAULT ? guest->memory.shared_info->vcpu_info[0].arch.cr2 : 0,
        .frame_pointer = mail->arg[3],
    };
}

/*
 * The guest won't ask again: tells the model that it runs without end, in the words in which a guest in this process tells it
 * itself; that Xen has ended it; or that there is no Xen any more for it to run on.
 */
static void lost(struct xen_guest *guest, struct vcpu *vcpu)
{
    struct xen_last_words words;

    vcpu->dead = true;
    vcpu->op = PORT_GATE_BASE + PORT_ENDLESS;
    memset(vcpu->arg, 0, sizeof vcpu->arg);
    const bool well = xen_host_is_well(guest->on_xen->host);
    if (well && !xen_domain_has_crashed(guest->on_xen, &words))
        return;
    vcpu->op = VCPU_EXIT_FAULT;
    vcpu->fault = (struct guest_fault){.kind = GUEST_FAULT_GONE};
    if (well) /* no stack was left to tell the guest of its fault, so it was the stack that it wrote to */
        vcpu->fault = (struct guest_fault){.kind = GUEST_FAULT_ACCESS,
            .write = true,
            .pc = words.rip,
            .address = guest->memory.shared_info->vcpu_info[0].arch.cr2,
            .frame_pointer = words.frame_pointer};
}

/* --- a call that both answer --- */

/* Did the call end where the list does? An increase takes an extent before it finds that it can't write it down. */
static bool list_ended(const struct xen_guest *guest, const struct guest_call *call)
{
    if (call->list_va == 0 ||
        call->model_result < (int64_t)shadow_reach(&guest->memory, call->list_va, call->nr_extents, true))
        return false;
    const uint64_t given = (uint64_t)call->model_result - call->start;
    return call->memop != XENMEM_increase_reservation ||
           domain_reservation_pages(guest->domain) > call->reservation_before_pages + (given << call->order);
}

/* Did the model give too few extents only because its free memory is in smaller blocks, or less of it is low? */
static bool model_lacked_extents(const struct xen_guest *guest, const struct guest_call *call)
{
    bool takes_extents = call->translated && (call->memop == XENMEM_increase_reservation ||
                                                 call->memop == XENMEM_populate_physmap);
    const struct extents_call extents = guest_arguments_extents(call);

    /* If the end of the list is the reason, the answers are compared as usual. */
    return takes_extents && !list_ended(guest, call) &&
           extents_model_lacked(guest->run, guest->domain, &extents, call->model_result);
}

/* The same for an exchange, which had one step if it takes extents: none was done then. */
static bool exchange_lacked_an_extent(const struct xen_guest *guest, const struct guest_call *call)
{
    const struct extents_call extents = guest_arguments_extents(call);

    return call->translated && call->memop == XENMEM_exchange && call->model_result == -ENOMEM &&
           extents_heap_decides(guest->run, &extents);
}

/* After the model has answered: what the guest is told to ask Xen for (enum pv_before). */
static int64_t instruction(struct xen_guest *guest, struct guest_call *call)
{
    struct pv_mailbox *mail = guest->on_xen->mailbox;
    struct fault_answer fault;

    if (model_lacked_extents(guest, call)) {
        mail->extents = (uint64_t)call->model_result;
        return PV_SHORTENED;
    }
    if (exchange_lacked_an_extent(guest, call)) {
        mail->extents = (uint64_t)call->model_result;
        call->refused = true;
        return PV_REFUSED;
    }
    if (call->refused) { /* the model alone answers */
        mail->extents = (uint64_t)call->model_result;
        return PV_REFUSED;
    }
    if (fault_fired(domain_faults(guest->domain)) == call->faults_before)
        return PV_GO_ON;
    if (!domain_last_refusal(guest->domain, &fault) || call->model_result < 0 ||
        call->op != __HYPERVISOR_memory_op) {
        mail->extents = (uint64_t)call->model_result;
        call->refused = true;
        return PV_REFUSED;
    }
    mail->extents = call->start + (fault.has_short ? fault.shortened_to : 0);
    return mail->extents < call->nr_extents ? PV_SHORTENED : PV_GO_ON;
}

/* The guest waits in the model, and has asked Xen for the same: looks whether it waits there, too, before others run. */
static void waits_on_xen(struct xen_guest *guest)
{
    const struct pv_mailbox *mail = guest->on_xen->mailbox;
    const time_t lost_at = time(NULL) + SILENCE_LIMIT_S;

    while (!guest->poll_waits_on_xen && __atomic_load_n(&mail->asked, __ATOMIC_ACQUIRE) == mail->answered &&
           xen_host_is_well(guest->on_xen->host) && time(NULL) <= lost_at) {
        guest->poll_waits_on_xen = xen_domain_waits(guest->on_xen);
        conductor_rest();
    }
}

/*
 * A poll: the model answers. Where it lets the guest wait, Xen is asked for the same at once; else when the guest runs again,
 * unless only the model raises what the guest waits for.
 */
static bool both_poll(
    struct xen_guest *guest, struct vcpu *vcpu, struct guest_call *call, vcpu_serve_t *serve, void *context)
{
    struct pv_mailbox *mail = guest->on_xen->mailbox;
    const bool asked = guest_events_polls(guest, call);
    const bool go_on = serve(context, vcpu);

    call->model_result = vcpu->result;
    mail->extents = asked ? guest_events_poll_ns(guest, call) : (uint64_t)call->model_result;
    vcpu->result = asked ? PV_GO_ON : PV_REFUSED;
    if (asked && guest->poll_waits) {
        assert(!go_on);
        answer(guest, PV_GO_ON);
        guest->owes_answer = false;
        waits_on_xen(guest);
    }
    return go_on;
}

/* A guest is not told of the frames that its image has apart from its memory. */
static int64_t without_image(const struct xen_guest *guest, const struct guest_call *call, int64_t result)
{
    const bool counts = call->op == __HYPERVISOR_memory_op && (call->memop == XENMEM_current_reservation ||
                                                                  call->memop == XENMEM_maximum_reservation);

    return counts && result > 0 ? result - (int64_t)guest->on_xen->apart_pages : result;
}

static bool both_answer(struct xen_guest *guest, struct vcpu *vcpu, vcpu_serve_t *serve, void *context)
{
    struct pv_mailbox *mail = guest->on_xen->mailbox;

    take_question(mail, vcpu, 0);
    struct guest_call call;
    guest_arguments_translate(guest, vcpu, &call);
    if (call.incomparable) { /* the guest is told that nothing was done */
        mail->extents = call.start;
        vcpu->result = PV_REFUSED;
        return true;
    }
    if (call.op == __HYPERVISOR_sched_op)
        return both_poll(guest, vcpu, &call, serve, context);
    struct guest_events *events =
        call.op == __HYPERVISOR_event_channel_op ? guest_events_begin(guest, &call) : NULL;
    maximum_waits(guest->run);
    bool go_on = serve(context, vcpu);
    call.model_result = vcpu->result;
    call.refused |= call.op == __HYPERVISOR_event_channel_op && events == NULL;
    if (events != NULL)
        guest_events_put_back(events);
    int64_t told = instruction(guest, &call);
    if (call.refused) {
        maximum_catches_up(guest->run);
        vcpu->result = told; /* the guest gets it when it is next run */
        return go_on;
    }
    answer(guest, told);
    const bool asked = wait_for_question(guest);
    maximum_catches_up(guest->run);
    if (!asked) {
        guest_events_drop(events);
        lost(guest, vcpu);
        serve(context, vcpu);
        return false;
    }
    assert(mail->leave == PV_LEAVE_AFTER);
    call.xen_result = without_image(guest, &call, mail->result);
    if (events != NULL)
        guest_events_compare(events, guest, &call);
    else
        guest_compare_call(guest, &call);
    vcpu->result = call.xen_result;
    return go_on;
}

/* For a call that no fault can shorten: Xen has answered first, and the model follows. */
static bool model_follows(
    struct xen_guest *guest, struct vcpu *vcpu, int64_t xen_result, vcpu_serve_t *serve, void *context)
{
    struct guest_call call;

    guest_arguments_translate(guest, vcpu, &call);
    bool go_on = serve(context, vcpu);
    call.model_result = vcpu->result;
    call.xen_result = xen_result;
    guest_compare_call(guest, &call);
    vcpu->result = xen_result;
    return go_on;
}

/* A list of calls that Xen has answered as a whole: the model does them as well, and the results in the list are compared. */
static bool list_follows(struct xen_guest *guest, struct vcpu *vcpu, vcpu_serve_t *serve, void *context)
{
    const uint64_t count = vcpu->arg[1] < MULTICALL_LOOKS_MAX ? vcpu->arg[1] : MULTICALL_LOOKS_MAX;
    multicall_entry_t xen[MULTICALL_LOOKS_MAX], model[MULTICALL_LOOKS_MAX];
    const uint64_t list_va = vcpu->arg[0];
    const bool read = shadow_read(&guest->memory, list_va, xen, count * sizeof *xen);
    const bool go_on = model_follows(guest, vcpu, guest->on_xen->mailbox->result, serve, context);

    if (!read || !shadow_read(&guest->memory, list_va, model, count * sizeof *model))
        return go_on;
    for (uint64_t i = 0; i < count; i++)
        if (xen[i].result != model[i].result)
            xen_run_differs(guest->run, guest->domain,
                "call %lu of a multicall: Xen answers %ld, the model %ld", xen[i].op, (long)xen[i].result,
                (long)model[i].result);
    return go_on;
}

/* Deals with one question of the guest's, up to the point where it can be answered. False: it stays stopped for now. */
static bool one_question(struct xen_guest *guest, struct vcpu *vcpu, vcpu_serve_t *serve, void *context)
{
    struct pv_mailbox *mail = guest->on_xen->mailbox;

    show_caller(guest, vcpu);
    switch (mail->leave) {
    case PV_LEAVE_PORT:
        take_question(mail, vcpu, PORT_GATE_BASE);
        if (mail->op == PORT_PAGE_READ || mail->op == PORT_PAGE_WRITE) {
            int64_t contents = mail->result;
            bool go_on = serve(context, vcpu);
            /* Where Xen translates a page without a frame reads as ones and may be written to, with no effect: no fault tells it. */
            const bool no_frame = domain_is_translated(guest->domain) && vcpu->result == -EFAULT;

            if (mail->op == PORT_PAGE_READ && !no_frame)
                vcpu->result = contents;
            return go_on;
        }
        return serve(context, vcpu);
    case PV_LEAVE_SERVED:
        take_question(mail, vcpu, 0);
        return serve(context, vcpu);
    case PV_LEAVE_BEFORE:
        return both_answer(guest, vcpu, serve, context);
    case PV_LEAVE_AFTER:
        take_question(mail, vcpu, 0);
        if (vcpu->op == __HYPERVISOR_sched_op) {
            guest_events_compare_poll(guest, mail->result, guest->poll_waits_on_xen || vcpu->arg[2] != 0);
            guest->poll_waits_on_xen = false;
            vcpu->result = mail->result;
            return true;
        }
        if (vcpu->op == __HYPERVISOR_multicall)
            return list_follows(guest, vcpu, serve, context);
        return model_follows(guest, vcpu, mail->result, serve, context);
    default:
        take_trap(guest, vcpu);
        return serve(context, vcpu);
    }
}

/* Reads what the guest has posted since its last question, in order. The model does not stop at any of it. */
static void read_posted(struct xen_guest *guest, struct vcpu *vcpu, vcpu_serve_t *serve, void *context)
{
    struct pv_mailbox *mail = guest->on_xen->mailbox;
    uint64_t count = mail->nr_posted < PV_POSTED_MAX ? mail->nr_posted : PV_POSTED_MAX;

    for (uint64_t i = 0; i < count; i++) {
        const struct pv_posted told = mail->posted[i];

        vcpu->op = told.leave == PV_LEAVE_PORT ? told.op + PORT_GATE_BASE : told.op;
        memcpy(vcpu->arg, told.arg, sizeof vcpu->arg);
        bool go_on = told.leave == PV_LEAVE_AFTER ? model_follows(guest, vcpu, told.result, serve, context)
                                                  : serve(context, vcpu);
        assert(go_on);
        (void)go_on;
    }
    mail->nr_posted = 0;
}

static void pause(struct xen_guest *guest, bool paused)
{
    if (guest->paused == paused)
        return;
    xen_domain_pause(guest->on_xen, paused);
    guest->paused = paused;
}

static void run_on_xen(struct vcpu *vcpu, vcpu_serve_t *serve, void *context)
{
    struct xen_guest *guest = vcpu->backend_context;
    bool go_on = true;

    guest->on_xen->mailbox->tells_at_once = domain_kernel_is_watched(guest->domain);
    pause(guest, false);
    if (guest->poll_waits_on_xen)
        guest_events_poll_ends(guest);
    while (go_on && !vcpu->dead) {
        if (guest->owes_answer)
            answer(guest, vcpu->result);
        guest->owes_answer = true;
        if (!wait_for_question(guest)) {
            lost(guest, vcpu);
            serve(context, vcpu);
            break;
        }
        read_posted(guest, vcpu, serve, context);
        go_on = one_question(guest, vcpu, serve, context);
    }
    /* A guest that waits for its answer would yield all the time, so it is paused meanwhile. */
    pause(guest, true);
}

void guest_vcpu_begin(struct vcpu *vcpu, struct xen_guest *guest)
{
    static const struct vcpu_backend on_xen = {run_on_xen};

    assert(!guest->owes_answer && guest->paused);
    memset(vcpu, 0, sizeof *vcpu);
    vcpu->backend = &on_xen;
    vcpu->backend_context = guest;
}
