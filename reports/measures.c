/* SPDX-License-Identifier: BSD-2-Clause */
/* Counts what a recording has. measures_print.c writes it. */
#include "reports/measures.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <xen/xen.h>
#include <xen/memory.h>

#include "guest/abi/port.h"
#include "sim/invariants/list.h"

/* Free pages as the guest notes them: how many of each 2 MiB, and how many are not in 2 MiB that are all free. */
#define FREE_UNIT_PAGES 512u
struct free_map {
    uint16_t *counts;
    uint64_t units, scattered_pages;
    bool any;
};

/* A domain, and the target that it is on its way to. */
struct guest {
    bool built, under_way;
    uint64_t asked_ns, moved_ns, target_pages;
    uint64_t reservation_pages, stranded_pages;
    uint64_t leak_ns, leaked_pages; /* by all causes together, at the rest of that time */
    bool moved;                     /* memory came or went since its driver slept last */
    bool plugging;                  /* between the two notes of a plug */
    uint64_t structs_boot_bytes, structs_most_bytes,
        structs_bytes;                                       /* of page structures; 0: it does not say */
    uint64_t present_pages, managed_pages, fragmented_pages; /* at its last audit */
    uint64_t reclaimed_pages, in_vain_pages;
    struct free_map free;
    uint64_t whole_2m, shattered_2m, direct_map_pages; /* at the last settle */
    bool audited, says_fragments, says_mappings, says_direct;
    /* Since the last injected refusal: the least that it had. The refusal of a reservation call stands just before that call. */
    uint64_t least_since_refusal_pages;
    bool refused, just_refused;
};

struct taking {
    const struct reading *reading;
    struct measures *measures;
    struct guest *guests; /* by domid */
    size_t nr_guests;
    uint64_t host_free_pages;
    bool no_memory;
};

static uint64_t pages_of_bytes(uint64_t bytes)
{
    return bytes / PAGE_BYTES + (bytes % PAGE_BYTES != 0);
}

static uint64_t distance(uint64_t a, uint64_t b)
{
    return a < b ? b - a : a - b;
}

/* A recording may say anything: a unit has at least none and at most all of its pages free. */
static void count_free(struct free_map *map, uint64_t unit, uint64_t pages, bool freed)
{
    const uint64_t before = map->counts[unit];
    const uint64_t room = freed ? FREE_UNIT_PAGES - before : before;
    const uint64_t moved = pages < room ? pages : room, after = freed ? before + moved : before - moved;

    assert(before <= FREE_UNIT_PAGES && after <= FREE_UNIT_PAGES);
    map->counts[unit] = (uint16_t)after;
    map->scattered_pages -= before % FREE_UNIT_PAGES;
    map->scattered_pages += after % FREE_UNIT_PAGES;
}

static bool free_map_room(struct free_map *map, uint64_t units)
{
    uint16_t *counts;

    if (units <= map->units)
        return true;
    units = units < 2 * map->units ? 2 * map->units : units;
    counts = realloc(map->counts, units * sizeof *counts);
    if (counts == NULL)
        return false;
    memset(counts + map->units, 0, (units - map->units) * sizeof *counts);
    map->counts = counts;
    map->units = units;
    return true;
}

/* Pages that go to the guest's allocator, or leave it. */
static void take_pages(struct taking *taking, struct guest *guest, const struct record *record)
{
    const struct record_run *runs = record_list(record);

    guest->free.any = true;
    for (uint32_t i = 0; i < record->count; i++) {
        uint64_t pfn = runs[i].pfn;
        const uint64_t end = pfn + runs[i].pages;

        if (!free_map_room(&guest->free, end / FREE_UNIT_PAGES + 1)) {
            taking->no_memory = true;
            return;
        }
        for (uint64_t next; pfn < end; pfn = next) {
            next = (pfn / FREE_UNIT_PAGES + 1) * FREE_UNIT_PAGES;
            next = next < end ? next : end;
            count_free(&guest->free, pfn / FREE_UNIT_PAGES, next - pfn, record->type == REC_PAGE_FREE);
        }
    }
}

/* A target's time ends with the last step before the next target, or before the end. */
static void end_target(struct taking *taking, struct guest *guest)
{
    if (!guest->under_way)
        return;
    if (guest->moved_ns > guest->asked_ns) /* a recording may say anything */
        taking->measures->to_targets_ns += guest->moved_ns - guest->asked_ns;
    taking->measures->missed_pages += distance(guest->reservation_pages, guest->target_pages);
    guest->under_way = false;
}

static void take_command(struct taking *taking, const struct record *record)
{
    const struct record_command *command = record_payload(record);

    if (command->does != COMMAND_DOES_MEM_SET || command->status != 0 || command->has_size == 0 ||
        command->domid == 0 || command->domid >= taking->nr_guests) /* DOMID_HOST is above */
        return;
    struct guest *guest = &taking->guests[command->domid];
    end_target(taking, guest);
    guest->under_way = true;
    guest->asked_ns = guest->moved_ns = record->time_ns;
    guest->target_pages = command->size_kib / KIB_PER_PAGE;
}

static bool gives_memory(const struct record_hypercall *call)
{
    return call->subop == XENMEM_increase_reservation || call->subop == XENMEM_populate_physmap;
}

static bool moves_memory(const struct record_hypercall *call)
{
    return call->op == __HYPERVISOR_memory_op &&
           (gives_memory(call) || call->subop == XENMEM_decrease_reservation);
}

/* How contiguous what Xen gave is: a run ends where the next frame is no neighbour. The list has each frame of an extent. */
static void take_frames(struct measures *m, const struct record *record)
{
    const uint32_t *frames = record_list(record);

    m->frames_given += record->count;
    for (uint32_t i = 0; i < record->count; i++)
        m->frame_runs += i == 0 || distance(frames[i], frames[i - 1u]) != 1;
}

static void take_hypercall(struct taking *taking, struct guest *guest, const struct record *record)
{
    const struct record_hypercall *call = record_payload(record);
    struct measures *m = taking->measures;

    if (call->host_free_pages < m->host_least_free_pages)
        m->host_least_free_pages = call->host_free_pages;
    taking->host_free_pages = call->host_free_pages;
    m->calls++;
    if (!moves_memory(call))
        return;
    m->memory_calls++;
    if (call->ret <= 0)
        return;
    m->extents += (uint64_t)call->ret;
    guest->reservation_pages = call->reservation_pages;
    if (guest->just_refused || guest->least_since_refusal_pages > guest->reservation_pages)
        guest->least_since_refusal_pages = guest->reservation_pages;
    guest->moved = true;
    guest->moved_ns = record->time_ns;
    if (gives_memory(call))
        take_frames(m, record);
}

/* Sums over guests. One that does not say something makes the sum unknown. */
static void add_known(uint64_t *sum, bool known, uint64_t value)
{
    *sum = known && *sum != MEASURE_UNKNOWN ? *sum + value : MEASURE_UNKNOWN;
}

/* Of guests to which nothing was refused it says nothing. */
static void add_recovered(struct measures *m, const struct guest *guest)
{
    if (!guest->refused)
        return;
    m->recovered_pages = m->recovered_pages == MEASURE_UNKNOWN ? 0 : m->recovered_pages;
    assert(guest->reservation_pages >= guest->least_since_refusal_pages);
    m->recovered_pages += guest->reservation_pages - guest->least_since_refusal_pages;
}

static void end_guest(struct taking *taking, struct guest *guest)
{
    const bool says = guest->structs_boot_bytes != 0;
    const uint64_t boot = pages_of_bytes(guest->structs_boot_bytes);
    struct measures *m = taking->measures;

    assert(guest->built);
    guest->built = false;
    end_target(taking, guest);
    m->stranded_pages += guest->stranded_pages;
    m->reservation_pages += guest->reservation_pages;
    add_recovered(m, guest);
    assert(guest->structs_most_bytes >= guest->structs_boot_bytes);
    add_known(&m->structs_boot_pages, says, boot);
    add_known(&m->structs_added_pages, says, pages_of_bytes(guest->structs_most_bytes) - boot);
    add_known(&m->structs_end_pages, says && guest->audited, pages_of_bytes(guest->structs_bytes));
    add_known(&m->present_pages, guest->audited, guest->present_pages);
    add_known(&m->managed_pages, guest->audited, guest->managed_pages);
    add_known(&m->fragmented_pages, guest->says_fragments, guest->fragmented_pages);
    add_known(&m->whole_2m, guest->says_mappings, guest->whole_2m);
    add_known(&m->shattered_2m, guest->says_mappings, guest->shattered_2m);
    add_known(&m->direct_map_pages, guest->says_direct, guest->direct_map_pages);
    m->reclaimed_pages += guest->reclaimed_pages;
    add_known(&m->scanned_pages, guest->audited, guest->in_vain_pages);
    free(guest->free.counts);
    guest->free = (struct free_map){0};
}

static void take_domain(struct taking *taking, struct guest *guest, const struct record *record)
{
    const struct record_domain *domain = record_payload(record);
    const struct kernel *kernel = reading_kernel(taking->reading, record->domid);
    struct measures *m = taking->measures;

    if (guest->built)
        end_guest(taking, guest); /* one of the same number, before */
    *guest = (struct guest){.built = true, .reservation_pages = domain->memory_pages};
    m->image_pages += domain->image_pages;
    if (m->version[0] == 0 && kernel != NULL && kernel->version != NULL)
        snprintf(m->version, sizeof m->version, "%s", kernel->version);
}

static void take_violation(struct taking *taking, struct guest *guest, const struct record *record)
{
    const struct record_violation *violation = record_payload(record);

    if (violation->invariant < sizeof taking->measures->broken * 8)
        taking->measures->broken |= UINT64_C(1) << violation->invariant;
    if (violation->invariant != INVARIANT_NO_LEAK)
        return;
    if (guest->leak_ns != record->time_ns) /* another rest than that of the violation before */
        guest->leaked_pages = 0;
    guest->leak_ns = record->time_ns;
    guest->leaked_pages += violation->count;
    if (guest->stranded_pages < guest->leaked_pages)
        guest->stranded_pages = guest->leaked_pages;
}

/* A fault of what the guest is told, such as a watch event that comes late, refuses nothing. */
static void take_fault(struct guest *guest, const struct record_fault *fault)
{
    const struct fault_site_info *site = kernel_site(NULL, (enum fault_site)fault->site);

    if (site != NULL && site->is_told)
        return;
    guest->refused = guest->just_refused = true;
    guest->least_since_refusal_pages = guest->reservation_pages;
}

static void take_plug(struct measures *m, const struct record_note *note)
{
    if (note->c == 0) {
        m->failed_plugs++;
        return;
    }
    m->plugs++;
    m->plugged_pages += note->b;
    if (m->largest_plug_pages < note->b)
        m->largest_plug_pages = note->b;
}

static void take_structures(struct guest *guest, uint64_t bytes)
{
    guest->structs_bytes = bytes;
    if (guest->structs_most_bytes < bytes)
        guest->structs_most_bytes = bytes;
}

static void take_note(struct taking *taking, struct guest *guest, const struct record_note *note)
{
    switch (note->note) {
    case NOTE_SLEEP:
        if (note->a != 1)
            break;
        taking->measures->wake_ups++;
        taking->measures->idle_wake_ups += !guest->moved;
        guest->moved = false;
        break;
    case NOTE_PHYSLOAD:
        guest->structs_boot_bytes += note->c;
        take_structures(guest, guest->structs_boot_bytes);
        break;
    case NOTE_PLUG_BEGIN:
        guest->plugging = true;
        break;
    case NOTE_PLUG_END:
        guest->plugging = false;
        take_plug(taking->measures, note);
        break;
    case NOTE_AUDIT_BEGIN:
        guest->audited = note->a != 0;
        guest->present_pages = note->a;
        guest->managed_pages = note->b;
        guest->says_fragments = note->c != 0 || guest->free.any;
        guest->fragmented_pages = note->c != 0 ? note->c - 1 : guest->free.scattered_pages;
        break;
    case NOTE_RECLAIMED:
        guest->reclaimed_pages = note->a;
        break;
    case NOTE_IN_VAIN:
        guest->in_vain_pages = note->a;
        break;
    case NOTE_HOST_MAPPINGS:
        guest->says_mappings = true;
        guest->whole_2m = note->a;
        guest->shattered_2m = note->b;
        break;
    case NOTE_DIRECT_MAP:
        guest->says_direct = true;
        guest->direct_map_pages = note->a;
        break;
    case NOTE_AUDIT_END:
        take_structures(guest, note->c);
        break;
    default:
        break;
    }
}

static void take_touches(struct measures *m, const struct record *record)
{
    const struct record_touch *touches = record_list(record);

    for (uint32_t i = 0; i < record->count; i++)
        m->touched_in_plugs += (touches[i].what & (TOUCH_READ | TOUCH_WRITE | TOUCH_ZERO)) != 0;
}

static void take_record(struct taking *taking, const struct record *record)
{
    if (record->type == REC_COMMAND) {
        take_command(taking, record);
        return;
    }
    if (record->domid == 0 || record->domid == DOMID_HOST)
        return;
    assert(record->domid < taking->nr_guests);
    struct guest *guest = &taking->guests[record->domid];
    if (record->type == REC_DOMAIN)
        take_domain(taking, guest, record);
    else if (record->type == REC_VIOLATION)
        take_violation(taking, guest, record);
    else if (record->type == REC_FAULT)
        take_fault(guest, record_payload(record));
    else if (record->type == REC_HYPERCALL)
        take_hypercall(taking, guest, record);
    else if (record->type == REC_NOTE)
        take_note(taking, guest, record_payload(record));
    else if (guest->built && (record->type == REC_PAGE_FREE || record->type == REC_PAGE_ALLOC))
        take_pages(taking, guest, record);
    else if (record->type == REC_PAGE_TOUCH && guest->plugging)
        take_touches(taking->measures, record);
    if (record->type != REC_FAULT)
        guest->just_refused = false;
}

static void end_host(struct taking *taking)
{
    struct measures *m = taking->measures;

    if (m->calls == 0)
        m->host_least_free_pages = taking->host_free_pages = 0;
    m->host_end_free_pages = taking->host_free_pages;
    assert(m->host_least_free_pages <= m->host_end_free_pages);
    m->host_peak_pages = m->host_end_free_pages - m->host_least_free_pages;
    m->extents_a_call = m->memory_calls > 0 ? m->extents / m->memory_calls : 0;
}

/* One more than the largest domid. */
static size_t domids(const struct reading *reading)
{
    const struct record *record;
    size_t count = 1;

    for (uint64_t event = 1; (record = reading_event(reading, event)) != NULL; event++)
        if (record->domid != DOMID_HOST && record->domid >= count)
            count = record->domid + 1u;
    return count;
}

bool measures_take(const struct reading *reading, struct measures *measures)
{
    struct taking taking = {.reading = reading, .measures = measures, .nr_guests = domids(reading)};
    const struct record *record;

    *measures = (struct measures){.verdict = reading_verdict(reading),
        .host_least_free_pages = UINT64_MAX,
        .recovered_pages = MEASURE_UNKNOWN,
        .largest_times = MEASURE_UNKNOWN,
        .ungrown_reclaimed_pages = MEASURE_UNKNOWN,
        .spared_pages = MEASURE_UNKNOWN};
    taking.guests = calloc(taking.nr_guests, sizeof *taking.guests);
    if (taking.guests == NULL)
        return false;
    for (uint64_t event = 1; (record = reading_event(reading, event)) != NULL; event++)
        take_record(&taking, record);
    for (uint64_t event = 1; (record = reading_event(reading, event)) != NULL; event++)
        if (record->type == REC_DOMAIN && taking.guests[record->domid].built)
            end_guest(&taking, &taking.guests[record->domid]);
    end_host(&taking);
    assert(measures->memory_calls <= measures->calls && measures->idle_wake_ups <= measures->wake_ups);
    free(taking.guests);
    return !taking.no_memory;
}

void measures_add_ungrown(struct measures *m, const struct measures *ungrown)
{
    const uint64_t with = m->reclaimed_pages, without = ungrown->reclaimed_pages;

    m->ungrown_reclaimed_pages = without;
    m->spared_pages = without > with ? without - with : 0;
    assert(m->spared_pages <= without);
}
