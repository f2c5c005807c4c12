/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The probe's commands: each builds what a hypercall wants, as well or as badly as it was asked to, and
 * issues it. It judges nothing.
 *
 *   hypercall NAME key=value … [list]     NAME as in Xen's headers, without its prefix
 *   map $a [slot=N] | unmap $a | write $a STAMP | read $a | m2p $a | unset $a
 */
#include "guest/probe/probe.h"

#include <xen/memory.h>

#define SLOTS      64u
#define PTE_FLAGS  0x63ul          /* present, writable, accessed, dirty */
#define PAGE_SHIFT 12
#define NO_VALUE   (UINT64_MAX - 1)
#define START_EXTENT_SHIFT 6       /* a preempted call goes on at the extent above these bits of its number */

/* Where a list is put, so that Xen meets what the scenario wants it to meet. */
enum list_place { LIST_PLAIN, LIST_NULL, LIST_BAD, LIST_READONLY, LIST_EDGE };

struct options {
    uint64_t nr, order, bits, flags, domid, start, value, order_out, nr_out;
    enum list_place place;
    uint64_t edge;                 /* entries that are writable, with LIST_EDGE */
    bool bad_argument;
};

static struct list in_list, out_list;
static uint64_t plain_buffer[LIST_ENTRIES_MAX], out_buffer[LIST_ENTRIES_MAX];
static struct { uint64_t mfn; bool used; } slots[SLOTS];

static char *slot_va(uint64_t slot)
{
    return probe_boot->window + (slot << PAGE_SHIFT);
}

/* The last entries before a guard page: what lies behind can't be written. */
static uint64_t *edge_buffer(uint64_t entries)
{
    char *end = probe_boot->stacks + (probe_boot->nr_stacks - 1) * probe_boot->stack_stride_bytes +
        probe_boot->stack_bytes;

    return (uint64_t *)end - entries;
}

static bool read_place(struct word value, struct options *options)
{
    struct word count;

    if (word_is(value, "null"))
        options->place = LIST_NULL;
    else if (word_is(value, "bad"))
        options->place = LIST_BAD;
    else if (word_is(value, "readonly"))
        options->place = LIST_READONLY;
    else if (value.bytes > 5 && word_is((struct word) { value.start, 5 }, "edge:")) {
        count = (struct word) { value.start + 5, value.bytes - 5 };
        options->place = LIST_EDGE;
        return word_number(count, &options->edge);
    } else
        return false;
    return true;
}

static bool read_option(struct word word, struct options *options)
{
    struct {
        const char *key;
        uint64_t *where;
    } numbers[] = {
        { "nr", &options->nr }, { "order", &options->order }, { "bits", &options->bits }, { "flags", &options->flags },
        { "domid", &options->domid }, { "start", &options->start }, { "value", &options->value },
        { "order_out", &options->order_out }, { "nr_out", &options->nr_out },
    };
    struct word value;

    if (word_has_key(word, "list", &value))
        return read_place(value, options);
    if (word_has_key(word, "arg", &value))
        return options->bad_argument = word_is(value, "bad");
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        if (word_has_key(word, numbers[i].key, &value))
            return word_number(value, numbers[i].where);
    return false;
}

/* Options and up to two lists: of what goes in, and, behind `->out`, of what comes out. */
static bool read_all(struct words *words, struct options *options, bool bind)
{
    struct word word;
    bool second = false;

    *options = (struct options) { .nr = NO_VALUE, .domid = DOMID_SELF, .nr_out = NO_VALUE };
    in_list.count = out_list.count = 0;
    while ((word = words_next(words)).bytes != 0) {
        if (word_is(word, "[")) {
            if (!list_read(words, second ? &out_list : &in_list, second ? false : bind))
                return false;
        } else if (word_is(word, "out")) {
            second = true;
        } else if (!read_option(word, options)) {
            words->error = "an option looks like nr=3, order=9, list=null or arg=bad";
            return false;
        }
    }
    return true;
}

static uint64_t *place_list(const struct options *options, const struct list *list)
{
    uint64_t *buffer = plain_buffer;

    if (options->place == LIST_NULL)
        return NULL;
    if (options->place == LIST_BAD)
        return (uint64_t *)0x10;
    if (options->place == LIST_READONLY)
        return (uint64_t *)(uintptr_t)probe_boot->m2p;
    if (options->place == LIST_EDGE)
        buffer = edge_buffer(options->edge);
    for (size_t i = 0; i < list->count && (options->place != LIST_EDGE || i < options->edge); i++)
        buffer[i] = list->value[i];
    return buffer;
}

/* Names in an output list are bound to what Xen wrote there. */
static void take_output(const struct list *list, const uint64_t *buffer, size_t done)
{
    for (size_t i = 0; i < list->count && i < done; i++)
        if (list->name[i] != NULL)
            frame_set(list->name[i], buffer[i]);
}

static long reservation_call(unsigned command, const struct options *options, bool output)
{
    uint64_t *buffer = place_list(options, &in_list);
    struct xen_memory_reservation reservation = {
        .nr_extents = options->nr == NO_VALUE ? in_list.count : options->nr,
        .extent_order = (unsigned)options->order,
        .mem_flags = (unsigned)(options->flags | options->bits),
        .domid = (domid_t)options->domid,
    };
    unsigned long op = command | options->start << START_EXTENT_SHIFT;
    long result;

    set_xen_guest_handle(reservation.extent_start, buffer);
    result = hypercall(__HYPERVISOR_memory_op, op,
        options->bad_argument ? 0x10ul : (unsigned long)&reservation, 0, 0);
    if (output && result > 0 && options->place == LIST_PLAIN)
        take_output(&in_list, buffer, (size_t)result);
    return result;
}

static long exchange_call(const struct options *options)
{
    struct xen_memory_exchange exchange = {
        .in = { .nr_extents = options->nr == NO_VALUE ? in_list.count : options->nr,
            .extent_order = (unsigned)options->order, .domid = (domid_t)options->domid },
        .out = { .nr_extents = options->nr_out == NO_VALUE ? out_list.count : options->nr_out,
            .extent_order = (unsigned)options->order_out, .domid = (domid_t)options->domid },
    };
    long result;

    for (size_t i = 0; i < out_list.count; i++)
        out_buffer[i] = out_list.value[i];
    set_xen_guest_handle(exchange.in.extent_start, place_list(options, &in_list));
    set_xen_guest_handle(exchange.out.extent_start, out_buffer);
    result = hypercall(__HYPERVISOR_memory_op, XENMEM_exchange, (unsigned long)&exchange, 0, 0);
    if (result == 0)
        take_output(&out_list, out_buffer, out_list.count);
    return result;
}

static long domid_call(unsigned command, const struct options *options)
{
    domid_t domid = (domid_t)options->domid;

    return hypercall(__HYPERVISOR_memory_op, command, options->bad_argument ? 0x10ul : (unsigned long)&domid, 0, 0);
}

static long claim_call(const struct options *options)
{
    struct xen_memory_reservation claim = { .nr_extents = options->value, .extent_order = (unsigned)options->order,
        .domid = (domid_t)options->domid };

    set_xen_guest_handle(claim.extent_start, options->place == LIST_NULL ? NULL : in_list.count > 0 ? plain_buffer : NULL);
    return hypercall(__HYPERVISOR_memory_op, XENMEM_claim_pages, (unsigned long)&claim, 0, 0);
}

/* [$a pfn $b pfn …]: pairs of a frame and what its M2P entry shall say. */
static long machphys_call(const struct options *options, struct answer *answer)
{
    static struct mmu_update update[LIST_ENTRIES_MAX / 2];
    unsigned count = (unsigned)(in_list.count / 2), done = 0;
    long result;

    for (unsigned i = 0; i < count; i++)
        update[i] = (struct mmu_update) { .ptr = in_list.value[2 * i] << PAGE_SHIFT | MMU_MACHPHYS_UPDATE,
            .val = in_list.value[2 * i + 1] };
    result = hypercall(__HYPERVISOR_mmu_update, (unsigned long)update, count, (unsigned long)&done, options->domid);
    answer->bytes = text_copy(answer->text, "done ");
    answer->bytes += text_number(answer->text + answer->bytes, done);
    return result;
}

static long map_call(uint64_t mfn, uint64_t domid)
{
    for (uint64_t slot = 0; slot < SLOTS && slot < probe_boot->window_pages; slot++) {
        if (slots[slot].used)
            continue;
        unsigned long entry = mfn << PAGE_SHIFT | PTE_FLAGS;
        long result = domid == DOMID_SELF
            ? hypercall(__HYPERVISOR_update_va_mapping, (unsigned long)slot_va(slot), entry, UVMF_INVLPG, 0)
            : hypercall(__HYPERVISOR_update_va_mapping_otherdomain, (unsigned long)slot_va(slot), entry, UVMF_INVLPG, domid);
        if (result == 0) {
            slots[slot].used = true;
            slots[slot].mfn = mfn;
        }
        return result;
    }
    return -28;   /* ENOSPC: no slot is free */
}

static bool find_slot(uint64_t mfn, uint64_t *slot)
{
    for (*slot = 0; *slot < SLOTS; (*slot)++)
        if (slots[*slot].used && slots[*slot].mfn == mfn)
            return true;
    return false;
}

/* Commands that name one frame: map, unmap, write, read, m2p. */
static bool frame_command(struct word command, struct words *words, struct answer *answer)
{
    struct word name = words_next(words), value = words_next(words), domain;
    uint64_t mfn, slot, number = 0, domid = DOMID_SELF;

    if (!word_number(name, &mfn)) {
        struct frame_name *frame = frame_named(name, &words->error);

        if (frame == NULL)
            return true;
        mfn = frame_mfn(frame);
    }
    if (value.bytes > 0 && word_has_key(value, "domid", &domain))
        word_number(domain, &domid);
    else if (value.bytes > 0 && !word_number(value, &number))
        words->error = "that is no number";
    if (word_is(command, "map")) {
        answer->status = map_call(mfn, domid);
        return true;
    }
    if (word_is(command, "m2p")) {
        answer->status = mfn < probe_boot->m2p_entries ? (int64_t)probe_boot->m2p[mfn] : -1;
        return true;
    }
    if (!find_slot(mfn, &slot)) {
        words->error = "that frame is not mapped: map it first";
        return true;
    }
    if (word_is(command, "write"))
        answer->status = debug_port(PORT_PAGE_WRITE, (unsigned long)slot_va(slot), number, 0, 0);
    else if (word_is(command, "read"))
        answer->status = debug_port(PORT_PAGE_READ, (unsigned long)slot_va(slot), 0, 0, 0);
    else {
        answer->status = hypercall(__HYPERVISOR_update_va_mapping, (unsigned long)slot_va(slot), 0, UVMF_INVLPG, 0);
        slots[slot].used = answer->status != 0;
    }
    return true;
}

static bool memory_command(struct word name, struct words *words, const struct options *options, struct answer *answer)
{
    static const struct { const char *name; unsigned command; bool output; } reservations[] = {
        { "increase_reservation", XENMEM_increase_reservation, true },
        { "decrease_reservation", XENMEM_decrease_reservation, false },
        { "populate_physmap", XENMEM_populate_physmap, true },
    };
    static const struct { const char *name; unsigned command; } queries[] = {
        { "current_reservation", XENMEM_current_reservation },
        { "maximum_reservation", XENMEM_maximum_reservation },
        { "maximum_gpfn", XENMEM_maximum_gpfn },
    };

    (void)words;
    for (size_t i = 0; i < sizeof reservations / sizeof reservations[0]; i++)
        if (word_is(name, reservations[i].name)) {
            answer->status = reservation_call(reservations[i].command, options, reservations[i].output);
            return true;
        }
    for (size_t i = 0; i < sizeof queries / sizeof queries[0]; i++)
        if (word_is(name, queries[i].name)) {
            answer->status = domid_call(queries[i].command, options);
            return true;
        }
    return false;
}

static void memory_map_call(unsigned command, const struct options *options, struct answer *answer)
{
    struct xen_memory_map map = { .nr_entries = (unsigned)(options->nr == NO_VALUE ? 128 : options->nr) };

    set_xen_guest_handle(map.buffer, options->place == LIST_NULL ? NULL : (void *)plain_buffer);
    answer->status = hypercall(__HYPERVISOR_memory_op, command, (unsigned long)&map, 0, 0);
    answer->bytes = text_copy(answer->text, "entries ");
    answer->bytes += text_number(answer->text + answer->bytes, map.nr_entries);
}

bool calls_run(struct word command, struct words *words, struct answer *answer)
{
    static const char *const frame_commands[] = { "map", "unmap", "write", "read", "m2p" };
    struct options options;
    struct word name;
    bool output;

    for (size_t i = 0; i < sizeof frame_commands / sizeof frame_commands[0]; i++)
        if (word_is(command, frame_commands[i]))
            return frame_command(command, words, answer);
    if (!word_is(command, "hypercall"))
        return false;
    name = words_next(words);
    /* What a call fills in is not bound to boot pages first; populate's list goes both ways, as pfns. */
    output = word_is(name, "increase_reservation");
    if (!read_all(words, &options, !output))
        return true;
    if (memory_command(name, words, &options, answer))
        return true;
    if (word_is(name, "exchange"))
        answer->status = exchange_call(&options);
    else if (word_is(name, "claim_pages"))
        answer->status = claim_call(&options);
    else if (word_is(name, "machphys_update"))
        answer->status = machphys_call(&options, answer);
    else if (word_is(name, "memory_map"))
        memory_map_call(XENMEM_memory_map, &options, answer);
    else if (word_is(name, "machine_memory_map"))
        memory_map_call(XENMEM_machine_memory_map, &options, answer);
    else if (word_is(name, "memory_op"))
        answer->status = hypercall(__HYPERVISOR_memory_op, options.value, (unsigned long)plain_buffer, 0, 0);
    else if (word_is(name, "number"))
        answer->status = hypercall(options.value, 0, 0, 0, 0);
    else
        words->error = "the probe knows no hypercall of that name";
    return true;
}
