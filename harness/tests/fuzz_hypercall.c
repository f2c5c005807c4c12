/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fuzzes the hypercalls and the debug port. The guests of three domains, one of them dom0, make the calls that the
 * input's bytes say, with pointers to anywhere and memory full of anything. After each call the simulator must still
 * run, and the invariants frame-conservation and reservation must hold.
 */
#define __XEN_TOOLS__ 1
#include "guest/abi/port.h"
#include "sim/domain/domain.h"
#include "sim/host/host.h"
#include "sim/inspect.h"
#include "sim/machine_state.h"

#include <stdlib.h>
#include <string.h>
#include <xen/io/xs_wire.h>
#include <xen/memory.h>
#include <xen/sched.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

#define GUESTS       3u
#define HOST_PAGES   4096u
#define CALLS_MAX    200u
#define SCRIBBLE_MAX 256u

struct input {
    const uint8_t *at, *end;
};

/* A guest makes one call at a time and blocks. What the fuzzer keeps about it lies outside the guest's own memory,
 * into which a call may write anything. */
struct guest {
    struct guest_image image;
    struct boot_block boot; /* a copy, since a call may write over the guest's own */
    struct domain *domain;  /* NULL when dom0 has destroyed it */
    unsigned domid;
    char text
        [16]; /* stands for its code, which calls may read; nothing of the fuzzer's may stand between it and data */
    char data[256]; /* stands for its writable memory, as the image describes it */
    unsigned long op, arg[4];
    bool wanted;
};

static struct guest guests[GUESTS];
static struct machine *machine;

static void must(bool holds)
{
    if (!holds)
        abort();
}

/* ---- the guest -------------------------------------------------------------------------------- */

static void leave(struct guest *g, unsigned long op, const unsigned long arg[4])
{
    (void)g->image.gate(g->image.gate_context, op, arg[0], arg[1], arg[2], arg[3]);
}

static void start(const struct boot_block *boot)
{
    static const unsigned long block[4] = {SCHEDOP_block};
    struct guest *g = guests;

    while (g->domain != NULL)
        g++; /* a guest starts while its domain is being built: it is the first one that has none */
    must(g < guests + GUESTS);
    g->boot = *boot;
    for (;;) {
        if (g->wanted) {
            g->wanted = false;
            leave(g, g->op, g->arg);
        }
        memset(g->boot.shared_info->evtchn_pending, 0, sizeof g->boot.shared_info->evtchn_pending);
        g->boot.shared_info->vcpu_info[0].evtchn_upcall_pending = 0;
        leave(g, __HYPERVISOR_sched_op, block);
    }
}

static void forget_destroyed(void)
{
    for (struct guest *g = guests; g < guests + GUESTS; g++)
        if (g->domain != NULL && machine_domain_by_id(machine, g->domid) != g->domain)
            g->domain = NULL;
}

static void call(struct guest *g, unsigned long op, const unsigned long arg[4])
{
    if (g->domain->state != DOMAIN_ALIVE)
        return;
    g->op = op;
    memcpy(g->arg, arg, sizeof g->arg);
    g->wanted = true;
    domain_wake(g->domain);
    machine_run(machine, &(struct run_request){.until_ns = machine->now_ns + NS_PER_MS});
    g->wanted = false; /* a guest that is blocked in a poll, or dead, did not make the call */
    forget_destroyed();
}

static void build(unsigned index)
{
    struct guest *g = &guests[index];
    struct domain_config config = {.name = index == 0   ? "dom0"
                                           : index == 1 ? "a"
                                                        : "b",
        .memory_pages = 512,
        .maxmem_pages = 768,
        .extra_kib = XL_EXTRA_KIB,
        .dom0 = index == 0,
        .dom0_maximum_pages = 1024,
        .command_line = ""};

    memset(g, 0, sizeof *g);
    g->image = (struct guest_image){.magic = GUEST_IMAGE_MAGIC,
        .kernel = "fuzz",
        .start = start,
        .text_start = g->text,
        .text_end = g->text + sizeof g->text,
        .data_start = g->data,
        .data_end = g->data + sizeof g->data};
    struct domain *built;
    must(machine_build_domain(machine, &config, &g->image, &built) == BUILD_OK);
    machine_run(machine, &(struct run_request){.until_ns = machine->now_ns + NS_PER_MS});
    must(g->boot.heap != NULL);
    g->domain = built;
    g->domid = domain_id(built);
}

/* ---- what must hold --------------------------------------------------------------------------- */

static void check(void)
{
    uint64_t owned = 0;

    for (struct domain *d = machine_next_domain(machine, NULL); d != NULL;
         d = machine_next_domain(machine, d)) {
        must(domain_counted_pages(d) == domain_reservation_pages(d));
        owned += domain_reservation_pages(d);
    }
    must(host_counted_free_pages(machine) == host_free_pages(machine));
    must(host_free_pages(machine) + owned + host_overhead_pages(machine) == host_total_pages(machine));
}

/* ---- what the bytes say ----------------------------------------------------------------------- */

static uint64_t take(struct input *in, size_t bytes)
{
    uint64_t value = 0;
    const size_t left = (size_t)(in->end - in->at);

    bytes = bytes < left ? bytes : left;
    if (bytes != 0)
        memcpy(&value, in->at, bytes);
    in->at += bytes;
    return value;
}

/* Another guest whose domain still exists, or this one when there is none. */
static const struct guest *another(const struct guest *g)
{
    const struct guest *other = &guests[(g - guests + 1) % GUESTS];

    return other->domain != NULL ? other : g;
}

/* A pointer into the guest's memory, or one that only looks like it; NULL, too. */
static char *somewhere(struct input *in, const struct guest *g)
{
    char *const places[] = {g->boot.heap, (char *)g->domain->space.boot, (char *)g->domain->space.start_info,
        (char *)g->boot.shared_info, (char *)g->boot.xenstore, (char *)g->domain->space.p2m,
        (char *)(g->domain->space.p2m + g->domain->space.p2m_room), g->boot.window, (char *)g->data,
        (char *)(uintptr_t)g->text, (char *)(uintptr_t)g->boot.m2p, (char *)machine,
        (char *)machine->host.frames, (char *)another(g)->boot.heap, g->boot.heap + g->boot.heap_bytes - 64,
        NULL};
    const uint64_t which = take(in, 1), offset = take(in, 2);

    return (char *)((uintptr_t)places[which % 16] + (which >= 128 ? (uintptr_t)0 - offset : offset));
}

static uint64_t value(struct input *in, const struct guest *g)
{
    const struct guest *other = another(g);

    switch (take(in, 1) % 10) {
    case 0:
        return take(in, 1);
    case 1:
        return take(in, 2);
    case 2:
        return take(in, 4);
    case 3:
        return take(in, 8);
    case 4:
        return (uint64_t)0 - take(in, 1);
    case 5:
        return g->domain->space.p2m[take(in, 2) % g->domain->space.p2m_room];
    case 6:
        return other->domain->space.p2m[take(in, 2) % other->domain->space.p2m_room];
    case 7:
        return DOMID_SELF - take(in, 1) % 3; /* DOMID_SELF, DOMID_IO and the next below */
    case 8:
        return machine->host.end_mfn - take(in, 1);
    default:
        return (uintptr_t)somewhere(in, g);
    }
}

static uint64_t *words(const struct guest *g, uint64_t at)
{
    return (uint64_t *)(void *)(g->boot.heap + at % 64 * 512);
}

/* Writes a list of frames, pfns or updates into the guest's heap. */
static void fill(struct input *in, struct guest *g)
{
    uint64_t *list = words(g, take(in, 1)), count = take(in, 1) % 64, first = take(in, 2);
    const uint64_t kind = take(in, 1) % 4;

    for (uint64_t i = 0; i < count; i++)
        list[i] = kind == 0   ? g->domain->space.p2m[(first + i) % g->domain->space.p2m_room]
                  : kind == 1 ? first + i
                  : kind == 2
                      ? value(in, g)
                      : (g->domain->space.p2m[(first + i / 2) % g->domain->space.p2m_room] << 12 | (i & 1));
}

static void scribble(struct input *in, struct guest *g)
{
    char *const regions[] = {g->boot.heap, (char *)g->domain->space.boot, (char *)g->domain->space.start_info,
        (char *)g->boot.shared_info, (char *)g->boot.xenstore, (char *)g->domain->space.p2m, g->data};
    const uint64_t which = take(in, 1) % 7, room = which == 6 ? sizeof g->data : PAGE_BYTES;
    const uint64_t offset = take(in, 2) % room;
    uint64_t count = take(in, 1) % SCRIBBLE_MAX;

    for (count = count < room - offset ? count : room - offset; count > 0; count--)
        regions[which][offset + count - 1] = (char)take(in, 1);
}

static void reserve(struct input *in, struct guest *g)
{
    static const unsigned subops[] = {XENMEM_increase_reservation, XENMEM_decrease_reservation,
        XENMEM_populate_physmap, XENMEM_exchange, XENMEM_claim_pages, XENMEM_remove_from_physmap};
    struct xen_memory_exchange *all = (void *)words(g, 60);
    struct xen_memory_reservation *r = &all->in;
    unsigned long arg[4] = {subops[take(in, 1) % 6], (uintptr_t)all};

    memset(all, 0, sizeof *all);
    for (unsigned half = 0; half < 2; half++, r = &all->out) {
        const uint64_t flags = take(in, 1);
        r->nr_extents = flags & 1 ? value(in, g) : take(in, 1) % 64;
        r->extent_order = flags & 2 ? (unsigned)take(in, 1) : 0;
        r->mem_flags = flags & 4 ? (unsigned)take(in, 4) : 0;
        r->domid = flags & 8 ? (domid_t)value(in, g) : DOMID_SELF;
        set_xen_guest_handle(
            r->extent_start, flags & 16 ? (xen_pfn_t *)(uintptr_t)value(in, g) : words(g, take(in, 1)));
        if (arg[0] != XENMEM_exchange)
            break;
    }
    arg[0] |= (take(in, 1) % 8 == 0 ? value(in, g) : 0) << MEMORY_OP_BITS;
    call(g, __HYPERVISOR_memory_op, arg);
}

static void call_any(struct input *in, struct guest *g)
{
    static const unsigned ops[] = {__HYPERVISOR_update_va_mapping, __HYPERVISOR_update_va_mapping_otherdomain,
        __HYPERVISOR_multicall, __HYPERVISOR_memory_op, __HYPERVISOR_mmu_update,
        __HYPERVISOR_event_channel_op, __HYPERVISOR_sched_op, __HYPERVISOR_set_timer_op,
        __HYPERVISOR_console_io, __HYPERVISOR_xen_version, __HYPERVISOR_domctl};
    const uint64_t which = take(in, 1);
    const unsigned long op = which < 220 ? ops[which % 11] : which < 250 ? take(in, 1) : value(in, g);
    unsigned long arg[4];

    for (unsigned a = 0; a < 4; a++)
        arg[a] = value(in, g);
    call(g, op, arg);
}

static void call_port(struct input *in, struct guest *g)
{
    const unsigned long op = PORT_GATE_BASE + take(in, 1) % 16;
    unsigned long arg[4];

    for (unsigned a = 0; a < 4; a++)
        arg[a] = value(in, g);
    if (op == PORT_GATE_BASE + PORT_PANIC && arg[0] % 8 != 0)
        return; /* a guest that panics makes no further call, so this has to be rare */
    call(g, op, arg);
}

/* A call whose argument points into the heap, where other steps have written. */
static void call_about_heap(struct input *in, struct guest *g)
{
    static const unsigned ops[] = {__HYPERVISOR_memory_op, __HYPERVISOR_event_channel_op,
        __HYPERVISOR_sched_op, __HYPERVISOR_domctl, __HYPERVISOR_mmu_update, __HYPERVISOR_multicall};
    const uint64_t which = take(in, 1) % 6, what = take(in, 1);
    const uintptr_t at = (uintptr_t)words(g, take(in, 1));
    unsigned long arg[4] = {what, at, 0, DOMID_SELF};

    if (which == 3)
        arg[0] = at;
    else if (which >= 4)
        arg[0] = at, arg[1] = what;
    call(g, ops[which], arg);
}

static void pass_command(struct input *in, struct guest *g)
{
    char line[8] = "x";

    line[1] = (char)('a' + take(in, 1) % 26);
    if (g->domain->state == DOMAIN_ALIVE)
        (void)domain_command(g->domain, line);
}

static void (*const deeds[])(struct input *, struct guest *) = {
    fill, scribble, reserve, call_any, call_port, call_about_heap, reserve, pass_command};

static void reset(void)
{
    static struct recorder *recorder;
    const struct machine_config config = {.seed = 1, .host_pages = HOST_PAGES};

    if (machine == NULL) {
        recorder = recorder_new();
        must(recorder != NULL);
        recorder_begin(recorder, "fuzz", "sim", 1);
        machine = machine_new(&config, recorder);
        must(machine != NULL);
    }
    recorder_begin(recorder, "fuzz", "sim", 1);
    must(machine_reset(machine, &config));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
    struct input in = {data, data + bytes};

    reset();
    for (unsigned g = 0; g < GUESTS; g++)
        build(g);
    for (unsigned calls = 0; in.at < in.end && calls < CALLS_MAX; calls++) {
        const uint64_t what = take(&in, 1);
        struct guest *g = &guests[what / 64 % GUESTS];
        if (g->domain == NULL)
            continue;
        deeds[what % 8](&in, g);
        check();
    }
    return 0;
}
