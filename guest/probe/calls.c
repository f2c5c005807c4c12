/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The commands that issue hypercalls about a domain's memory. Each makes the arguments that the command line asks for,
 * valid or not.
 *
 *   hypercall NAME KEY=VALUE... [LIST]     NAME as in Xen's headers, without its prefix
 *   last WHAT                              what the last call told beside its answer
 */
#include "guest/abi/paging.h"
#include "guest/abi/port.h"
#include "guest/lib/boot_block.h"
#include "guest/lib/string.h"
#include "guest/probe/commands.h"
#include "guest/probe/last.h"

#include <xen/memory.h>
#include <xen/vcpu.h>

static uint64_t plain_buffer[LIST_ENTRIES_MAX], out_buffer[LIST_ENTRIES_MAX];

/* Memory with room for so many entries right before a guard page, so that a write of more faults. */
static uint64_t *edge_buffer(uint64_t entries)
{
    char *end = boot_block->stacks + (boot_block->nr_stacks - 1) * boot_block->stack_stride_bytes +
                boot_block->stack_bytes;

    return (uint64_t *)end - entries;
}

/* With step=2 nr=256, the list [$a] becomes 256 frames: every second one from $a on. */
static void spread_list(const struct options *options, struct list *list)
{
    if (options->step == 0 || list->count != 1 || options->nr > LIST_ENTRIES_MAX)
        return;
    list->count = options->nr;
    for (size_t i = 1; i < list->count; i++) {
        list->value[i] = list->value[0] + i * options->step;
        list->name[i] = NULL;
    }
}

/* The address at which a place is; plain: memory for LIST_ENTRIES_MAX entries, where a list lies that names no place. */
static char *place_address(const struct place *place, uint64_t *plain)
{
    switch (place->what) {
    case LIST_NULL:
        return NULL;
    case LIST_BAD:
        return (char *)BAD_ADDRESS;
    case LIST_READONLY:
        return (char *)(uintptr_t)boot_block->m2p;
    case LIST_EDGE:
        return (char *)edge_buffer(place->number);
    case LIST_CROSS:
        return (char *)(((uintptr_t)plain + 2 * PAGE_BYTES - 1) & ~(PAGE_BYTES - 1)) -
               place->number * sizeof *plain;
    case LIST_AT:
        return (char *)place->number;
    default:
        return (char *)plain;
    }
}

/* How many entries the probe can itself write and read there. */
static uint64_t place_room(const struct place *place)
{
    switch (place->what) {
    case LIST_PLAIN:
        return LIST_ENTRIES_MAX;
    case LIST_CROSS:
        return LIST_ENTRIES_MAX / 2;
    case LIST_EDGE:
        return place->number;
    default:
        return 0;
    }
}

/*
 * Writes a list to its place, as far as there is memory: its own numbers, or pfns from `pfn` on. It lies `skew` bytes away
 * from there, towards where there is memory, so that its entries need not be aligned.
 */
static char *place_list(const struct place *place, uint64_t skew, uint64_t *plain, const struct list *list,
    uint64_t pfn, uint64_t order)
{
    const uint64_t room = place_room(place) - (skew != 0 && place->what == LIST_PLAIN);
    char *at = place_address(place, plain);

    if (place->what == LIST_EDGE || place->what == LIST_CROSS)
        at -= skew;
    else
        at += skew;
    for (size_t i = 0; i < list->count && i < room; i++) {
        const uint64_t value = pfn == NO_VALUE ? list->value[i] : pfn + (i << order);

        memcpy(at + i * sizeof value, &value, sizeof value);
    }
    return at;
}

/*
 * Binds the names in an output list to what Xen wrote for them: entries [from, until), as far as the list
 * reaches and the probe can read it.
 */
static void take_output(
    const struct list *list, const struct place *place, const char *buffer, uint64_t from, uint64_t until)
{
    const uint64_t room = place_room(place);

    for (uint64_t i = from; i < list->count && i < until && i < room; i++) {
        uint64_t mfn;

        memcpy(&mfn, buffer + i * sizeof mfn, sizeof mfn);
        if (list->name[i] != NULL)
            frame_set(list->name[i], mfn);
    }
}

static unsigned memory_flags(const struct options *options)
{
    unsigned flags = (unsigned)(options->flags | XENMEMF_address_bits(options->bits));

    if (options->node != NO_VALUE)
        flags |= XENMEMF_node((unsigned)options->node);
    if (options->exact)
        flags |= XENMEMF_exact_node_request;
    return options->pod ? flags | XENMEMF_populate_on_demand : flags;
}

static long reservation_call(unsigned command, const struct options *options, bool output)
{
    char *buffer =
        place_list(&options->place, options->skew, plain_buffer, &in_list, options->pfn, options->order);
    struct xen_memory_reservation reservation = {
        .nr_extents = option_or(options->nr, in_list.count),
        .extent_order = (unsigned)options->order,
        .mem_flags = memory_flags(options),
        .domid = (domid_t)options->domid,
    };
    unsigned long op = command | options->start << MEMORY_OP_BITS;
    long result;

    set_xen_guest_handle(reservation.extent_start, (xen_pfn_t *)(void *)buffer);
    result = hypercall(
        __HYPERVISOR_memory_op, op, options->bad_argument ? BAD_ADDRESS : (unsigned long)&reservation, 0, 0);
    if (output && result > 0)
        take_output(&in_list, &options->place, buffer, options->start, (uint64_t)result);
    return result;
}

static long exchange_call(const struct options *options)
{
    struct xen_memory_exchange exchange = {
        .in = {.nr_extents = option_or(options->nr, in_list.count),
            .extent_order = (unsigned)options->order,
            .domid = (domid_t)options->domid},
        .out = {.nr_extents = option_or(options->nr_out, out_list.count),
            .extent_order = (unsigned)options->order_out,
            .domid = (domid_t)options->domid},
        .nr_exchanged = options->done,
    };
    long result;

    char *in = place_list(&options->place, options->skew, plain_buffer, &in_list, NO_VALUE, 0);
    char *out = place_list(
        &options->out_place, options->skew, out_buffer, &out_list, options->pfn, options->order_out);
    set_xen_guest_handle(exchange.in.extent_start, (xen_pfn_t *)(void *)in);
    set_xen_guest_handle(exchange.out.extent_start, (xen_pfn_t *)(void *)out);
    result = hypercall(__HYPERVISOR_memory_op, XENMEM_exchange,
        options->bad_argument ? BAD_ADDRESS : (unsigned long)&exchange, 0, 0);
    if (result == 0)
        take_output(&out_list, &options->out_place, out, 0, out_list.count);
    last_set("exchanged", exchange.nr_exchanged);
    return result;
}

static long domid_call(unsigned command, const struct options *options)
{
    domid_t domid = (domid_t)options->domid;

    return hypercall(
        __HYPERVISOR_memory_op, command, options->bad_argument ? BAD_ADDRESS : (unsigned long)&domid, 0, 0);
}

static long claim_call(const struct options *options)
{
    struct xen_memory_reservation claim = {.nr_extents = options->value,
        .extent_order = (unsigned)options->order,
        .mem_flags = memory_flags(options),
        .domid = (domid_t)options->domid};

    set_xen_guest_handle(claim.extent_start, in_list.count > 0 ? plain_buffer : NULL);
    return hypercall(__HYPERVISOR_memory_op, XENMEM_claim_pages,
        options->bad_argument ? BAD_ADDRESS : (unsigned long)&claim, 0, 0);
}

/* The list has pairs: a frame, and the new value of its M2P entry. */
static long machphys_call(const struct options *options)
{
    static struct mmu_update update[LIST_ENTRIES_MAX / 2];
    unsigned count = (unsigned)(in_list.count / 2), done = 0;
    long result;

    for (unsigned i = 0; i < count; i++)
        in_list.value[2 * i] = in_list.value[2 * i] << PAGE_SHIFT_BITS | MMU_MACHPHYS_UPDATE;
    const char *at =
        place_list(&options->place, options->skew, (uint64_t *)(void *)update, &in_list, NO_VALUE, 0);
    result = hypercall(__HYPERVISOR_mmu_update, options->bad_argument ? BAD_ADDRESS : (unsigned long)at,
        count, (unsigned long)&done, options->domid);
    last_set("done", done);
    return result;
}

static long memory_map_call(unsigned command, const struct options *options)
{
    struct xen_memory_map map = {.nr_entries = (unsigned)option_or(options->nr, 128)};
    long result;

    set_xen_guest_handle(map.buffer, options->place.what == LIST_NULL ? NULL : (void *)plain_buffer);
    result = hypercall(
        __HYPERVISOR_memory_op, command, options->bad_argument ? BAD_ADDRESS : (unsigned long)&map, 0, 0);
    last_set("entries", map.nr_entries);
    return result;
}

/* Its vcpu_info is to lie in the list's frame, at the offset that value= says. */
static long vcpu_info_call(const struct options *options)
{
    struct vcpu_register_vcpu_info info = {
        .mfn = in_list.count > 0 ? in_list.value[0] : 0, .offset = (uint32_t)option_or(options->value, 0)};

    return hypercall(__HYPERVISOR_vcpu_op, VCPUOP_register_vcpu_info, 0,
        options->bad_argument ? BAD_ADDRESS : (unsigned long)&info, 0);
}

static long pod_call(unsigned command, const struct options *options)
{
    struct xen_pod_target target = {.target_pages = options->value, .domid = (domid_t)options->domid};
    long result = hypercall(__HYPERVISOR_memory_op, command, (unsigned long)&target, 0, 0);

    last_set("pages", target.tot_pages);
    last_set("cache", target.pod_cache_pages);
    last_set("entries", target.pod_entries);
    return result;
}

static bool memory_command(struct word name, const struct options *options, int64_t *result)
{
    static const struct {
        const char *name;
        unsigned command;
        bool output;
    } reservations[] = {
        {"increase_reservation", XENMEM_increase_reservation, true},
        {"decrease_reservation", XENMEM_decrease_reservation, false},
        {"populate_physmap", XENMEM_populate_physmap, true},
    };
    static const struct {
        const char *name;
        unsigned command;
        long (*call)(unsigned, const struct options *);
    } others[] = {
        {"current_reservation", XENMEM_current_reservation, domid_call},
        {"maximum_reservation", XENMEM_maximum_reservation, domid_call},
        {"maximum_gpfn", XENMEM_maximum_gpfn, domid_call},
        {"memory_map", XENMEM_memory_map, memory_map_call},
        {"machine_memory_map", XENMEM_machine_memory_map, memory_map_call},
        {"set_pod_target", XENMEM_set_pod_target, pod_call},
        {"get_pod_target", XENMEM_get_pod_target, pod_call},
    };

    for (size_t i = 0; i < sizeof reservations / sizeof reservations[0]; i++)
        if (word_is(name, reservations[i].name)) {
            *result = reservation_call(reservations[i].command, options, reservations[i].output);
            return true;
        }
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (word_is(name, others[i].name)) {
            *result = others[i].call(others[i].command, options);
            return true;
        }
    return false;
}

/* What each call takes; control.c has the last five, and channels.c those of event channels. */
#define RESERVATION "nr order bits node exact pod flags domid start step list skew arg pfn [ "
static const struct {
    const char *name, *takes;
} calls[] = {
    {"increase_reservation", RESERVATION},
    {"decrease_reservation", RESERVATION},
    {"populate_physmap", RESERVATION},
    {"exchange", "nr order nr_out order_out domid done list out_list skew arg pfn [ out "},
    {"claim_pages", "value order bits node exact pod flags domid arg [ "},
    {"machphys_update", "domid list skew arg [ "},
    {"current_reservation", "domid arg "},
    {"maximum_reservation", "domid arg "},
    {"maximum_gpfn", "domid arg "},
    {"memory_map", "nr list arg "},
    {"machine_memory_map", "nr list arg "},
    {"set_pod_target", "value domid "},
    {"get_pod_target", "value domid "},
    {"register_vcpu_info", "value arg [ "},
    {"memory_op", "value "},
    {"number", "value "},
    {"max_mem", "kib domid version arg "},
    {"createdomain", "pvh domid version arg "},
    {"max_vcpus", "vcpus domid version arg "},
    {"destroydomain", "domid version arg "},
    {"getdomaininfo", "domid version arg "},
};

/* NULL: there is no such call. */
static const char *taken_by(struct word name)
{
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++)
        if (word_is(name, calls[i].name))
            return calls[i].takes;
    return channels_takes(name);
}

static void hypercall_command(struct words *words, int64_t *result)
{
    struct options options;
    struct word name = words_next(words);
    const char *takes = taken_by(name);
    /* A name that the call will set must not be bound to a boot page before it. */
    bool fills = word_is(name, "increase_reservation") || word_is(name, "populate_physmap");

    if (takes == NULL) {
        words->error = "the probe knows no hypercall of that name";
        return;
    }
    if (!options_read(words, takes, &options, !fills))
        return;
    last_forget();
    spread_list(&options, &in_list);
    if (memory_command(name, &options, result) || control_run(name, &options, result) ||
        channels_call(name, &options, result))
        return;
    if (word_is(name, "exchange"))
        *result = exchange_call(&options);
    else if (word_is(name, "claim_pages"))
        *result = claim_call(&options);
    else if (word_is(name, "machphys_update"))
        *result = machphys_call(&options);
    else if (word_is(name, "register_vcpu_info"))
        *result = vcpu_info_call(&options);
    else if (word_is(name, "memory_op"))
        *result = hypercall(__HYPERVISOR_memory_op, options.value, (unsigned long)plain_buffer, 0, 0);
    else if (word_is(name, "number"))
        *result = hypercall(options.value, 0, 0, 0, 0);
}

bool calls_run(struct word command, struct words *words, int64_t *result)
{
    if (word_is(command, "hypercall"))
        hypercall_command(words, result);
    else if (word_is(command, "last"))
        last_run(words, result);
    else
        return remap_run(command, words, result) || channels_run(command, words, result) ||
               pages_run(command, words, result);
    return true;
}
