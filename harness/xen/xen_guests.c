/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Guests on the real Xen, run by the model's schedule: how one is built, how it leaves and goes on. What a
 * call's arguments and answers mean is in remote_calls.c.
 */
#include "harness/xen/conductor.h"
#include "harness/xen/xen_guests_internal.h"

#include <assert.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MODEL_FRAMES_MAX (1u << 26) /* of the largest host that a QEMU of ours can hold, with room */
#define OVERHEAD_SLACK   8u  /* pages: what Xen takes for a domain depends on its own pools, by so much */
#define DIFFERENCES_MAX  20u /* the first tell the story: the rest is counted */
#define SILENCE_LIMIT_S  20u /* a guest that neither asks nor is answered for so long is lost */
#define SPINS_PER_YIELD  1024u
#define SPINS_PER_LOOK   65536u

void remote_differs(struct remote_domain *rd, const char *format, ...)
{
    struct remote *remote = rd->remote;
    char text[400];
    va_list arguments;

    if (remote->counts.differences++ >= DIFFERENCES_MAX)
        return;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    recorder_append_text(remote->recorder, REC_DIFFERENCE, domain_id(rd->domain),
        machine_now_ns(remote->machine), text, strlen(text));
}

/* --- leaving and going on --- */

static bool wait_for_question(struct remote_domain *rd)
{
    struct pv_mailbox *mail = rd->twin->mailbox;
    time_t lost_at = time(NULL) + SILENCE_LIMIT_S;

    xen_wait_begins(rd->remote->xen);

    for (unsigned spins = 1; __atomic_load_n(&mail->asked, __ATOMIC_ACQUIRE) == mail->answered; spins++) {
        __builtin_ia32_pause();
        if (spins % SPINS_PER_YIELD == 0)
            sched_yield();
        if (spins % SPINS_PER_LOOK != 0)
            continue;
        if (!xen_alive(rd->remote->xen) || time(NULL) > lost_at)
            return false;
    }
    return true;
}

static void answer(struct remote_domain *rd, int64_t result)
{
    struct pv_mailbox *mail = rd->twin->mailbox;

    assert(mail->asked != mail->answered);
    mail->result = result;
    __atomic_store_n(&mail->answered, mail->asked, __ATOMIC_RELEASE);
}

/* A frame as the gate leaves it on a stack, so that the model finds where the guest called from. */
static void show_caller(struct remote_domain *rd, struct vcpu *vcpu)
{
    uint64_t *frame = (uint64_t *)rd->shadow;

    memset(frame, 0, VCPU_FRAME_BYTES);
    frame[VCPU_FRAME_BYTES / 8 - 2] = rd->twin->mailbox->frame_pointer;
    vcpu->guest_sp = (uintptr_t)frame;
}

static void take_question(const struct pv_mailbox *mail, struct vcpu *vcpu, uint64_t op_base)
{
    vcpu->op = mail->op + op_base;
    for (int i = 0; i < 4; i++)
        vcpu->arg[i] = mail->arg[i];
}

static void take_trap(const struct remote_domain *rd, struct vcpu *vcpu)
{
    const struct pv_mailbox *mail = rd->twin->mailbox;
    uint64_t vector = mail->arg[0];

    vcpu->op = VCPU_EXIT_FAULT;
    vcpu->dead = true;
    vcpu->fault = (struct guest_fault){
        .kind = vector == 14 || vector == 13 ? GUEST_FAULT_ACCESS
                : vector == 0                ? GUEST_FAULT_ARITHMETIC
                                             : GUEST_FAULT_INSTRUCTION,
        .write = vector == 14 && (mail->arg[1] & 2u) != 0,
        .pc = mail->arg[2],
        .address = vector == 14 ? rd->twin->shared_info->vcpu_info[0].arch.cr2 : 0,
        .frame_pointer = mail->arg[3],
    };
}

static void lost(struct vcpu *vcpu)
{
    vcpu->op = VCPU_EXIT_FAULT;
    vcpu->dead = true;
    vcpu->fault = (struct guest_fault){.kind = GUEST_FAULT_ENDLESS};
}

/* A call that Xen answers: the model goes first, so that its faults can shorten it; then Xen; then both compared. */
static bool both_answer(struct remote_domain *rd, struct vcpu *vcpu, vcpu_serve_t *serve, void *context)
{
    struct pv_mailbox *mail = rd->twin->mailbox;

    take_question(mail, vcpu, 0);
    struct remote_call call;
    remote_translate(rd, vcpu, &call);
    if (call.incomparable) {
        mail->extents = call.start;
        vcpu->result = PV_REFUSED;
        return true;
    }
    bool go_on = serve(context, vcpu);
    call.model_result = vcpu->result;
    int64_t instruction = remote_instruction(rd, &call);
    if (call.refused) {
        vcpu->result = instruction; /* told when the guest is next to go on */
        return go_on;
    }
    answer(rd, instruction);
    if (!wait_for_question(rd)) {
        lost(vcpu);
        serve(context, vcpu);
        return false;
    }
    assert(mail->leave == PV_LEAVE_AFTER);
    call.xen_result = mail->result;
    remote_compare(rd, &call);
    vcpu->result = call.xen_result;
    return go_on;
}

/* One question of the guest's, to the point where it could be answered. False: it stays stopped for now. */
static bool one_question(struct remote_domain *rd, struct vcpu *vcpu, vcpu_serve_t *serve, void *context)
{
    struct pv_mailbox *mail = rd->twin->mailbox;

    show_caller(rd, vcpu);
    switch (mail->leave) {
    case PV_LEAVE_PORT:
        take_question(mail, vcpu, PORT_GATE_BASE);
        if (mail->op == PORT_PAGE_READ || mail->op == PORT_PAGE_WRITE) {
            int64_t contents = mail->result;
            bool go_on = serve(context, vcpu);

            vcpu->result = mail->op == PORT_PAGE_READ ? contents : vcpu->result;
            return go_on;
        }
        return serve(context, vcpu);
    case PV_LEAVE_SERVED:
        take_question(mail, vcpu, 0);
        return serve(context, vcpu);
    case PV_LEAVE_BEFORE:
        return both_answer(rd, vcpu, serve, context);
    case PV_LEAVE_AFTER: {
        struct remote_call call;

        take_question(mail, vcpu, 0);
        remote_translate(rd, vcpu, &call);
        call.xen_result = mail->result;
        bool go_on = serve(context, vcpu);
        call.model_result = vcpu->result;
        remote_compare(rd, &call);
        vcpu->result = call.xen_result;
        return go_on;
    }
    default:
        take_trap(rd, vcpu);
        return serve(context, vcpu);
    }
}

/* What the guest told since its last question, in its order. The model stops at none of it (sim/machine.c). */
static void read_posted(struct remote_domain *rd, struct vcpu *vcpu, vcpu_serve_t *serve, void *context)
{
    struct pv_mailbox *mail = rd->twin->mailbox;
    uint64_t count = mail->nr_posted < PV_POSTED_MAX ? mail->nr_posted : PV_POSTED_MAX;

    for (uint64_t i = 0; i < count; i++) {
        const struct pv_posted told = mail->posted[i];
        struct remote_call call;

        vcpu->op = told.leave == PV_LEAVE_PORT ? told.op + PORT_GATE_BASE : told.op;
        memcpy(vcpu->arg, told.arg, sizeof vcpu->arg);
        remote_translate(rd, vcpu, &call);
        bool go_on = serve(context, vcpu);
        assert(go_on);
        (void)go_on;
        call.model_result = vcpu->result;
        call.xen_result = told.result;
        if (told.leave == PV_LEAVE_AFTER)
            remote_compare(rd, &call);
    }
    mail->nr_posted = 0;
}

static void pause(struct remote_domain *rd, bool paused)
{
    if (rd->paused == paused)
        return;
    xen_pause(rd->remote->xen, rd->twin->domid, paused);
    rd->paused = paused;
}

static void run_remote(struct vcpu *vcpu, vcpu_serve_t *serve, void *context)
{
    struct remote_domain *rd = vcpu->backend_context;
    bool go_on = true;

    pause(rd, false);
    while (go_on && !vcpu->dead) {
        if (rd->owes_answer)
            answer(rd, vcpu->result);
        rd->owes_answer = true;
        if (!wait_for_question(rd)) {
            lost(vcpu);
            serve(context, vcpu);
            break;
        }
        read_posted(rd, vcpu, serve, context);
        go_on = one_question(rd, vcpu, serve, context);
    }
    /* A guest that waits for its answer would yield all the time: let it sleep instead. */
    pause(rd, true);
}

static const struct vcpu_backend remote_backend = {run_remote};

/* --- building and ending --- */

/* A domain's structures come out of pools of Xen's that others share, so the first domain may take a page less
 * and its end may give two more. dom0 evens that out; what is more than that is a difference. */
static void even_out(struct remote_domain *rd, const char *after_what)
{
    uint64_t model = host_free_pages(rd->remote->machine), on_xen = xen_free_pages(rd->remote->xen);
    uint64_t apart = on_xen > model ? on_xen - model : model - on_xen;

    if (apart <= OVERHEAD_SLACK)
        on_xen = soak_until(rd->remote->soak, model);
    if (on_xen != model)
        remote_differs(rd, "after %s Xen has %llu pages free, the model %llu", after_what,
            (unsigned long long)on_xen, (unsigned long long)model);
}

static uint64_t p2m_entries_of(const struct domain_config *config, bool *exact)
{
    *exact = config->p2m == P2M_EXACT;
    if (*exact)
        return config->memory_pages;
    uint64_t wanted = config->p2m == P2M_PAGES ? config->p2m_pages : config->maxmem_pages;
    return (wanted + 511) / 512 * 512;
}

static bool build(void *context, struct domain *domain, const struct domain_config *config,
    uint64_t image_pages, unsigned store_port, const uint64_t *model_p2m, struct remote_memory *memory,
    struct vcpu *vcpu)
{
    struct remote *remote = context;
    struct remote_domain *rd = calloc(1, sizeof *rd);
    struct xen_domain_options options = {
        .image = remote->image_path(domain_kernel(domain)),
        .domid = domain_id(domain),
        .memory_pages = config->memory_pages,
        .maximum_kib = domain_maximum_pages(domain) * KIB_PER_PAGE,
        .image_pages = image_pages,
        .store_port = store_port,
        .command_line = config->command_line != NULL ? config->command_line : "",
    };

    options.p2m_entries = p2m_entries_of(config, &options.p2m_exact);
    if (rd == NULL || (rd->shadow = malloc(SHADOW_BYTES)) == NULL || options.image == NULL) {
        snprintf(remote->sentence, sizeof remote->sentence, "%s",
            options.image == NULL ? "this kernel has no PV image" : "no memory");
        if (rd != NULL)
            free(rd->shadow);
        free(rd);
        return false;
    }
    rd->remote = remote;
    rd->domain = domain;
    rd->twin = xen_build_domain(remote->xen, &options, remote->sentence, sizeof remote->sentence);
    if (rd->twin == NULL) {
        free(rd->shadow);
        free(rd);
        return false;
    }
    for (uint64_t pfn = 0; pfn < config->memory_pages; pfn++)
        pairs_join(remote->pairs, rd->twin->p2m[pfn], model_p2m[pfn]);
    pairs_join(remote->pairs, rd->twin->shared_info_mfn, domain_shared_info(domain).mfn);
    rd->next = remote->domains;
    remote->domains = rd;
    *memory = (struct remote_memory){
        .base = rd->twin->base,
        .bytes = rd->twin->base_bytes,
        .guest_tables = rd->twin->tables_va,
        .boot = rd->twin->boot,
        .shared_info = rd->twin->shared_info,
        .xenstore =
            (struct xenstore_domain_interface *)(rd->twin->base + (uintptr_t)rd->twin->boot->xenstore),
        .p2m = rd->twin->p2m,
        .shadow = rd->shadow,
        .shadow_bytes = SHADOW_BYTES,
        .image = rd->twin->image,
    };
    memset(vcpu, 0, sizeof *vcpu);
    vcpu->backend = &remote_backend;
    vcpu->backend_context = rd;
    even_out(rd, "building the domain");
    remote_compare_pages(rd, "building the domain");
    return true;
}

static void forget(struct remote_domain *rd, bool evenly)
{
    struct remote_domain **link = &rd->remote->domains;

    while (*link != rd)
        link = &(*link)->next;
    *link = rd->next;
    xen_destroy_domain(rd->twin);
    if (evenly)
        even_out(rd, "the domain's end");
    free(rd->before);
    free(rd->shadow);
    free(rd);
}

static struct remote_domain *find(struct remote *remote, const struct domain *domain)
{
    struct remote_domain *rd = remote->domains;

    while (rd != NULL && rd->domain != domain)
        rd = rd->next;
    return rd;
}

static void destroy(void *context, struct domain *domain)
{
    struct remote_domain *rd = find(context, domain);

    if (rd != NULL)
        forget(rd, !rd->remote->ending);
}

static void maximum_was_set(void *context, struct domain *domain, uint64_t kib, long model_answer)
{
    struct remote_domain *rd = find(context, domain);
    long xen_answer = rd != NULL ? xen_set_maximum_kib(rd->remote->xen, rd->twin->domid, kib) : model_answer;

    if (rd == NULL)
        return;
    if (xen_answer != model_answer)
        remote_differs(rd, "XEN_DOMCTL_max_mem of %llu KiB: Xen answers %ld, the model %ld",
            (unsigned long long)kib, xen_answer, model_answer);
    remote_compare_pages(rd, "XEN_DOMCTL_max_mem");
}

static uint64_t model_mfn(void *context, uint64_t xen_mfn)
{
    struct remote *remote = context;

    return xen_mfn == UINT64_MAX ? UINT64_MAX : pairs_model(remote->pairs, xen_mfn);
}

static uint64_t xen_mfn(void *context, uint64_t mfn)
{
    struct remote *remote = context;
    uint64_t partner = pairs_xen(remote->pairs, mfn);

    /* One of dom0's own: any of the real one's will do. */
    return partner != PAIR_NONE ? partner : xen_dom0_mfn(remote->xen, xen_spare_first_pfn(remote->xen));
}

static void conduct(void *context, struct domain *dom0, const struct boot_block *boot, struct vcpu *vcpu)
{
    struct remote *remote = context;

    hands_begin(remote->hands, dom0, boot, vcpu);
    soak_until(remote->soak, host_free_pages(remote->machine)); /* its overhead is in the model only */
}

/* --- the whole --- */

struct remote *remote_new(struct xen_host *xen, const char *(*image_path)(const char *))
{
    struct remote *remote = calloc(1, sizeof *remote);

    if (remote == NULL)
        return NULL;
    remote->xen = xen;
    remote->image_path = image_path;
    remote->pairs = pairs_new(xen_memory_frames(xen), MODEL_FRAMES_MAX);
    remote->ops = (struct remote_ops){.context = remote,
        .build = build,
        .destroy = destroy,
        .conduct = conduct,
        .maximum_was_set = maximum_was_set,
        .model_mfn = model_mfn,
        .xen_mfn = xen_mfn};
    remote->soak = soak_new(xen);
    remote->hands = hands_new(remote);
    if (remote->pairs != NULL && remote->soak != NULL && remote->hands != NULL)
        return remote;
    remote_free(remote);
    return NULL;
}

void remote_end(struct remote *remote)
{
    remote->ending = true; /* what the machine drops from here on is no event of a run */
    if (remote->hands != NULL)
        hands_end(remote->hands);
    for (struct remote_domain *rd = remote->domains, *next; rd != NULL; rd = next) {
        next = rd->next;
        forget(rd, false);
    }
    assert(remote->domains == NULL);
}

void remote_free(struct remote *remote)
{
    if (remote == NULL)
        return;
    remote_end(remote);
    pairs_free(remote->pairs);
    soak_free(remote->soak);
    hands_free(remote->hands);
    free(remote);
}

bool remote_begin(
    struct remote *remote, struct machine *machine, struct recorder *recorder, uint64_t host_pages)
{
    remote_end(remote);
    remote->ending = false;
    pairs_clear(remote->pairs);
    remote->machine = machine;
    remote->recorder = recorder;
    remote->counts = (struct remote_counts){0};
    machine_set_remote(machine, &remote->ops);
    soak_wring(remote->soak);
    uint64_t free_pages = soak_until(remote->soak, host_pages);
    if (free_pages == host_pages)
        return true;
    snprintf(remote->sentence, sizeof remote->sentence,
        "the real host has %llu pages free where the scenario's has %llu", (unsigned long long)free_pages,
        (unsigned long long)host_pages);
    return false;
}

struct remote_counts remote_counts(const struct remote *remote)
{
    return remote->counts;
}

const char *remote_sentence(const struct remote *remote)
{
    return xen_trouble(remote->xen) != XEN_FINE ? xen_sentence(remote->xen) : remote->sentence;
}
