/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Guests on the real Xen, run by the model's schedule: how one is built, how it leaves and goes on. What a
 * call's arguments and answers mean is in guest_calls.c.
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

void guest_differs(struct xen_guest *rd, const char *format, ...)
{
    struct xen_guests *guests = rd->guests;
    char text[400];
    va_list arguments;

    if (guests->counts.differences++ >= DIFFERENCES_MAX)
        return;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    recorder_append_text(guests->recorder, REC_DIFFERENCE, domain_id(rd->domain),
        machine_now_ns(guests->machine), text, strlen(text));
}

/* --- leaving and going on --- */

static bool wait_for_question(struct xen_guest *rd)
{
    struct pv_mailbox *mail = rd->on_xen->mailbox;
    time_t lost_at = time(NULL) + SILENCE_LIMIT_S;

    xen_wait_begins(rd->guests->xen);

    for (unsigned spins = 1; __atomic_load_n(&mail->asked, __ATOMIC_ACQUIRE) == mail->answered; spins++) {
        __builtin_ia32_pause();
        if (spins % SPINS_PER_YIELD == 0)
            sched_yield();
        if (spins % SPINS_PER_LOOK != 0)
            continue;
        if (!xen_alive(rd->guests->xen) || time(NULL) > lost_at)
            return false;
    }
    return true;
}

static void answer(struct xen_guest *rd, int64_t result)
{
    struct pv_mailbox *mail = rd->on_xen->mailbox;

    assert(mail->asked != mail->answered);
    mail->result = result;
    __atomic_store_n(&mail->answered, mail->asked, __ATOMIC_RELEASE);
}

/* A frame as the gate leaves it on a stack, so that the model finds where the guest called from. */
static void show_caller(struct xen_guest *rd, struct vcpu *vcpu)
{
    uint64_t *frame = (uint64_t *)rd->shadow;

    memset(frame, 0, VCPU_FRAME_BYTES);
    frame[VCPU_FRAME_BYTES / 8 - 2] = rd->on_xen->mailbox->frame_pointer;
    vcpu->guest_sp = (uintptr_t)frame;
}

static void take_question(const struct pv_mailbox *mail, struct vcpu *vcpu, uint64_t op_base)
{
    vcpu->op = mail->op + op_base;
    for (int i = 0; i < 4; i++)
        vcpu->arg[i] = mail->arg[i];
}

static void take_trap(const struct xen_guest *rd, struct vcpu *vcpu)
{
    const struct pv_mailbox *mail = rd->on_xen->mailbox;
    uint64_t vector = mail->arg[0];

    vcpu->op = VCPU_EXIT_FAULT;
    vcpu->dead = true;
    vcpu->fault = (struct guest_fault){
        .kind = vector == 14 || vector == 13 ? GUEST_FAULT_ACCESS
                : vector == 0                ? GUEST_FAULT_ARITHMETIC
                                             : GUEST_FAULT_INSTRUCTION,
        .write = vector == 14 && (mail->arg[1] & 2u) != 0,
        .pc = mail->arg[2],
        .address = vector == 14 ? rd->on_xen->shared_info->vcpu_info[0].arch.cr2 : 0,
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
static bool both_answer(struct xen_guest *rd, struct vcpu *vcpu, vcpu_serve_t *serve, void *context)
{
    struct pv_mailbox *mail = rd->on_xen->mailbox;

    take_question(mail, vcpu, 0);
    struct guest_call call;
    guest_translate(rd, vcpu, &call);
    if (call.incomparable) {
        mail->extents = call.start;
        vcpu->result = PV_REFUSED;
        return true;
    }
    bool go_on = serve(context, vcpu);
    call.model_result = vcpu->result;
    int64_t instruction = guest_instruction(rd, &call);
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
    guest_compare(rd, &call);
    vcpu->result = call.xen_result;
    return go_on;
}

/* One question of the guest's, to the point where it could be answered. False: it stays stopped for now. */
static bool one_question(struct xen_guest *rd, struct vcpu *vcpu, vcpu_serve_t *serve, void *context)
{
    struct pv_mailbox *mail = rd->on_xen->mailbox;

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
        struct guest_call call;

        take_question(mail, vcpu, 0);
        guest_translate(rd, vcpu, &call);
        call.xen_result = mail->result;
        bool go_on = serve(context, vcpu);
        call.model_result = vcpu->result;
        guest_compare(rd, &call);
        vcpu->result = call.xen_result;
        return go_on;
    }
    default:
        take_trap(rd, vcpu);
        return serve(context, vcpu);
    }
}

/* What the guest told since its last question, in its order. The model stops at none of it (sim/machine.c). */
static void read_posted(struct xen_guest *rd, struct vcpu *vcpu, vcpu_serve_t *serve, void *context)
{
    struct pv_mailbox *mail = rd->on_xen->mailbox;
    uint64_t count = mail->nr_posted < PV_POSTED_MAX ? mail->nr_posted : PV_POSTED_MAX;

    for (uint64_t i = 0; i < count; i++) {
        const struct pv_posted told = mail->posted[i];
        struct guest_call call;

        vcpu->op = told.leave == PV_LEAVE_PORT ? told.op + PORT_GATE_BASE : told.op;
        memcpy(vcpu->arg, told.arg, sizeof vcpu->arg);
        guest_translate(rd, vcpu, &call);
        bool go_on = serve(context, vcpu);
        assert(go_on);
        (void)go_on;
        call.model_result = vcpu->result;
        call.xen_result = told.result;
        if (told.leave == PV_LEAVE_AFTER)
            guest_compare(rd, &call);
    }
    mail->nr_posted = 0;
}

static void pause(struct xen_guest *rd, bool paused)
{
    if (rd->paused == paused)
        return;
    xen_pause(rd->guests->xen, rd->on_xen->domid, paused);
    rd->paused = paused;
}

static void run_on_xen(struct vcpu *vcpu, vcpu_serve_t *serve, void *context)
{
    struct xen_guest *rd = vcpu->backend_context;
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

static const struct vcpu_backend xen_vcpu_backend = {run_on_xen};

/* --- building and ending --- */

/* A domain's structures come out of pools of Xen's that others share, so the first domain may take a page less
 * and its end may give two more. dom0 evens that out; what is more than that is a difference. */
static void even_out(struct xen_guest *rd, const char *after_what)
{
    uint64_t model = host_free_pages(rd->guests->machine), on_xen = xen_free_pages(rd->guests->xen);
    uint64_t apart = on_xen > model ? on_xen - model : model - on_xen;

    if (apart <= OVERHEAD_SLACK)
        on_xen = xen_pool_resize(rd->guests->pool, model);
    if (on_xen != model)
        guest_differs(rd, "after %s Xen has %llu pages free, the model %llu", after_what,
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
    uint64_t image_pages, unsigned store_port, const uint64_t *model_p2m, struct real_xen_memory *memory,
    struct vcpu *vcpu)
{
    struct xen_guests *guests = context;
    struct xen_guest *rd = calloc(1, sizeof *rd);
    struct xen_domain_options options = {
        .image = guests->image_path(domain_kernel(domain)),
        .domid = domain_id(domain),
        .memory_pages = config->memory_pages,
        .maximum_kib = domain_maximum_pages(domain) * KIB_PER_PAGE,
        .image_pages = image_pages,
        .store_port = store_port,
        .command_line = config->command_line != NULL ? config->command_line : "",
    };

    options.p2m_entries = p2m_entries_of(config, &options.p2m_exact);
    if (rd == NULL || (rd->shadow = malloc(SHADOW_BYTES)) == NULL || options.image == NULL) {
        snprintf(guests->sentence, sizeof guests->sentence, "%s",
            options.image == NULL ? "this kernel has no PV image" : "no memory");
        if (rd != NULL)
            free(rd->shadow);
        free(rd);
        return false;
    }
    rd->guests = guests;
    rd->domain = domain;
    rd->on_xen = xen_build_domain(guests->xen, &options, guests->sentence, sizeof guests->sentence);
    if (rd->on_xen == NULL) {
        free(rd->shadow);
        free(rd);
        return false;
    }
    for (uint64_t pfn = 0; pfn < config->memory_pages; pfn++)
        frame_pairs_join(guests->pairs, rd->on_xen->p2m[pfn], model_p2m[pfn]);
    frame_pairs_join(guests->pairs, rd->on_xen->shared_info_mfn, domain_shared_info(domain).mfn);
    rd->next = guests->domains;
    guests->domains = rd;
    *memory = (struct real_xen_memory){
        .base = rd->on_xen->base,
        .bytes = rd->on_xen->base_bytes,
        .guest_tables = rd->on_xen->tables_va,
        .boot = rd->on_xen->boot,
        .shared_info = rd->on_xen->shared_info,
        .xenstore =
            (struct xenstore_domain_interface *)(rd->on_xen->base + (uintptr_t)rd->on_xen->boot->xenstore),
        .p2m = rd->on_xen->p2m,
        .shadow = rd->shadow,
        .shadow_bytes = SHADOW_BYTES,
        .image = rd->on_xen->image,
    };
    memset(vcpu, 0, sizeof *vcpu);
    vcpu->backend = &xen_vcpu_backend;
    vcpu->backend_context = rd;
    even_out(rd, "building the domain");
    guest_compare_pages(rd, "building the domain");
    return true;
}

static void forget(struct xen_guest *rd, bool evenly)
{
    struct xen_guest **link = &rd->guests->domains;

    while (*link != rd)
        link = &(*link)->next;
    *link = rd->next;
    xen_destroy_domain(rd->on_xen);
    if (evenly)
        even_out(rd, "the domain's end");
    free(rd->before);
    free(rd->shadow);
    free(rd);
}

static struct xen_guest *find(struct xen_guests *guests, const struct domain *domain)
{
    struct xen_guest *rd = guests->domains;

    while (rd != NULL && rd->domain != domain)
        rd = rd->next;
    return rd;
}

static void destroy(void *context, struct domain *domain)
{
    struct xen_guest *rd = find(context, domain);

    if (rd != NULL)
        forget(rd, !rd->guests->ending);
}

static void maximum_was_set(void *context, struct domain *domain, uint64_t kib, long model_answer)
{
    struct xen_guest *rd = find(context, domain);
    long xen_answer =
        rd != NULL ? xen_set_maximum_kib(rd->guests->xen, rd->on_xen->domid, kib) : model_answer;

    if (rd == NULL)
        return;
    if (xen_answer != model_answer)
        guest_differs(rd, "XEN_DOMCTL_max_mem of %llu KiB: Xen answers %ld, the model %ld",
            (unsigned long long)kib, xen_answer, model_answer);
    guest_compare_pages(rd, "XEN_DOMCTL_max_mem");
}

static uint64_t model_mfn(void *context, uint64_t xen_mfn)
{
    struct xen_guests *guests = context;

    return xen_mfn == UINT64_MAX ? UINT64_MAX : frame_pairs_model(guests->pairs, xen_mfn);
}

static uint64_t xen_mfn(void *context, uint64_t mfn)
{
    struct xen_guests *guests = context;
    uint64_t partner = frame_pairs_xen(guests->pairs, mfn);

    /* One of dom0's own: any of the real one's will do. */
    return partner != PAIR_NONE ? partner : xen_dom0_mfn(guests->xen, xen_spare_first_pfn(guests->xen));
}

static void conduct(void *context, struct domain *dom0, const struct boot_block *boot, struct vcpu *vcpu)
{
    struct xen_guests *guests = context;

    conductor_begin(guests->conductor, dom0, boot, vcpu);
    xen_pool_resize(guests->pool, host_free_pages(guests->machine)); /* its overhead is in the model only */
}

/* --- the whole --- */

struct xen_guests *xen_guests_new(struct xen_host *xen, const char *(*image_path)(const char *))
{
    struct xen_guests *guests = calloc(1, sizeof *guests);

    if (guests == NULL)
        return NULL;
    guests->xen = xen;
    guests->image_path = image_path;
    guests->pairs = frame_pairs_new(xen_memory_frames(xen), MODEL_FRAMES_MAX);
    guests->ops = (struct real_xen_ops){.context = guests,
        .build = build,
        .destroy = destroy,
        .conduct = conduct,
        .maximum_was_set = maximum_was_set,
        .model_mfn = model_mfn,
        .xen_mfn = xen_mfn};
    guests->pool = xen_pool_new(xen);
    guests->conductor = conductor_new(guests);
    if (guests->pairs != NULL && guests->pool != NULL && guests->conductor != NULL)
        return guests;
    xen_guests_free(guests);
    return NULL;
}

void xen_guests_end(struct xen_guests *guests)
{
    guests->ending = true; /* what the machine drops from here on is no event of a run */
    if (guests->conductor != NULL)
        conductor_end(guests->conductor);
    for (struct xen_guest *rd = guests->domains, *next; rd != NULL; rd = next) {
        next = rd->next;
        forget(rd, false);
    }
    assert(guests->domains == NULL);
}

void xen_guests_free(struct xen_guests *guests)
{
    if (guests == NULL)
        return;
    xen_guests_end(guests);
    frame_pairs_free(guests->pairs);
    xen_pool_free(guests->pool);
    conductor_free(guests->conductor);
    free(guests);
}

bool xen_guests_begin(
    struct xen_guests *guests, struct machine *machine, struct recorder *recorder, uint64_t host_pages)
{
    xen_guests_end(guests);
    guests->ending = false;
    frame_pairs_clear(guests->pairs);
    guests->machine = machine;
    guests->recorder = recorder;
    guests->counts = (struct xen_counts){0};
    machine_set_real_xen(machine, &guests->ops);
    xen_pool_give_back(guests->pool);
    uint64_t free_pages = xen_pool_resize(guests->pool, host_pages);
    if (free_pages == host_pages)
        return true;
    snprintf(guests->sentence, sizeof guests->sentence,
        "the real host has %llu pages free where the scenario's has %llu", (unsigned long long)free_pages,
        (unsigned long long)host_pages);
    return false;
}

struct xen_counts xen_counts(const struct xen_guests *guests)
{
    return guests->counts;
}

const char *xen_guests_sentence(const struct xen_guests *guests)
{
    return xen_trouble(guests->xen) != XEN_FINE ? xen_sentence(guests->xen) : guests->sentence;
}
