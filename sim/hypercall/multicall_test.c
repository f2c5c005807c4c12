/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A multicall against the same calls one by one: the answers, what is mapped afterwards, the time it took and what is
 * recorded, however its mappings fall into rows. What a call does is tested where it is made.
 */
#include "sim/test_guest.h"

#include <xen/memory.h>

#define SEEDS     300
#define CALLS_MAX 96u
#define SLOTS     12u /* of the window, so that mappings meet */
#define PAGES     24u /* of the guest, for the same reason */
#define ROOM      (1u << 20)

static struct list {
    multicall_entry_t calls[CALLS_MAX];
    unsigned count;
} list;
static struct test_guest *p;
static uint64_t chance;

static uint64_t pick(uint64_t below)
{
    chance = chance * 6364136223846793005u + 1442695040888963407u;
    return (chance >> 33) % below;
}

/* Mostly pages of its own into the window, in runs: what takes the short way. And what must not. */
static void make_list(unsigned seed)
{
    const uint64_t *p2m = test_guest_p2m(p), foreign = test_guest_p2m(&stage.test_guests[0])[500];
    unsigned kind = 0, left = 0;

    chance = seed;
    list.count = 1u + (unsigned)pick(CALLS_MAX);
    for (unsigned i = 0; i < list.count; i++) {
        uint64_t va = (uintptr_t)p->boot->window + pick(SLOTS) * PAGE_BYTES,
                 pte = p2m[900 + pick(PAGES)] << 12 | 1;
        if (left-- == 0) {
            kind = (unsigned)pick(9);
            left = (unsigned)pick(10);
        }
        if (kind >= 6) /* unmap; the frame that is named doesn't matter */
            pte &= pick(2) == 0 ? ~1ull : 0;
        if (kind == 0)
            pte = foreign << 12 | 1;
        if (kind == 1)
            pte = (0xffffffull + pick(3)) << 12 | 1;
        if (kind == 2)
            va = (uintptr_t)p->boot->window + (pick(2) == 0 ? SPACE_WINDOW_PAGES * PAGE_BYTES : 8u);
        list.calls[i] = (multicall_entry_t){
            .op = __HYPERVISOR_update_va_mapping, .args = {va, pte, pick(8) == 0 ? pick(4) : UVMF_INVLPG}};
        if (kind == 3 && pick(2) == 0)
            list.calls[i] = (multicall_entry_t){.op = __HYPERVISOR_xen_version, .args = {0}};
    }
}

/* A few of the pages are given up while they may be mapped: they leave with the last mapping. */
static void give_up_some(void)
{
    uint64_t *mfns = test_guest_list(p);
    unsigned count = 0;

    for (unsigned page = 0; page < PAGES; page++)
        if (pick(4) == 0)
            mfns[count++] = test_guest_p2m(p)[900 + page];
    if (count > 0)
        reserve(p, XENMEM_decrease_reservation, mfns, count, 0);
}

static void at_once(struct test_guest *me)
{
    me->result = test_guest_leave(me, __HYPERVISOR_multicall, (uintptr_t)list.calls, list.count, 0, 0);
}

/* An empty list takes the time of a list by itself. */
static void one_by_one(struct test_guest *me)
{
    me->result = test_guest_leave(me, __HYPERVISOR_multicall, (uintptr_t)list.calls, 0, 0, 0);
    for (unsigned i = 0; i < list.count; i++) {
        multicall_entry_t *call = &list.calls[i];
        call->result = (unsigned long)test_guest_leave(
            me, call->op, call->args[0], call->args[1], call->args[2], call->args[3]);
    }
}

struct seen {
    uint64_t bytes[ROOM / 8];
    size_t length;
    uint64_t time_ns, reservation_pages, mappings[PAGES];
    struct list answered;
};

static void play(unsigned seed, void (*way)(struct test_guest *), struct seen *seen)
{
    const struct machine_config config = {.seed = 1, .host_pages = 64 * 1024};
    uint64_t mfns[PAGES];

    stage.nr_test_guests = 0;
    recorder_begin(stage.recorder, "multicall", "sim", config.seed);
    ck_assert(machine_reset(stage.machine, &config));
    test_guest_new("other", 1024, 1024);
    p = test_guest_new("p", 1024, 2048);
    memcpy(mfns, test_guest_p2m(p) + 900, sizeof mfns);
    make_list(seed);
    perform(p, at_once); /* something is mapped already, in both */
    give_up_some();
    make_list(seed + SEEDS);
    perform(p, way);
    ck_assert_int_eq(p->result, 0);
    seen->time_ns = machine_now_ns(stage.machine);
    seen->reservation_pages = domain_reservation_pages(p->domain);
    for (unsigned page = 0; page < PAGES; page++)
        seen->mappings[page] = frame_mappings(stage.machine, MFN(mfns[page]));
    seen->answered = list;
    const void *recording = recorder_finish(stage.recorder, &seen->length);
    ck_assert_uint_le(seen->length, sizeof seen->bytes);
    memcpy(seen->bytes, recording, seen->length);
}

/* What was done to each page, in order: how many entries of how many records that makes is the recorder's affair. */
struct touches {
    struct record_touch at[4 * CALLS_MAX];
    unsigned count;
};

static void add_touches(struct touches *touches, const struct record *record)
{
    static const uint32_t order[] = {TOUCH_MAP, TOUCH_ZERO, TOUCH_WRITE, TOUCH_READ, TOUCH_UNMAP};
    const struct record_touch *entries = record_payload(record);

    for (uint32_t e = 0; e < record->count; e++)
        for (unsigned o = 0; o < 5; o++) {
            unsigned at = touches->count;
            if (!(entries[e].what & order[o]))
                continue;
            ck_assert_uint_lt(touches->count, 4 * CALLS_MAX);
            for (; at > 0 && touches->at[at - 1].mfn > entries[e].mfn; at--)
                touches->at[at] = touches->at[at - 1];
            touches->at[at] = (struct record_touch){entries[e].mfn, order[o]};
            touches->count++;
        }
}

/* The next record that isn't about touches, which are added up. */
static const struct record *next(const struct seen *seen, size_t *at, struct touches *touches)
{
    const struct record *record;

    for (;; *at += record->bytes) {
        ck_assert_uint_lt(*at, seen->length);
        record = (const void *)((const char *)seen->bytes + *at);
        if (record->type != REC_PAGE_TOUCH)
            break;
        add_touches(touches, record);
    }
    *at += record->bytes;
    return record;
}

static void same_recordings(const struct seen *a, const struct seen *b)
{
    struct touches of_a = {.count = 0}, of_b = {.count = 0};
    size_t at_a = sizeof(struct recording_head), at_b = at_a;
    const struct record *one;

    do {
        one = next(a, &at_a, &of_a);
        const struct record *other = next(b, &at_b, &of_b);
        ck_assert_uint_eq(one->type, other->type);
        ck_assert_uint_eq(one->bytes, other->bytes);
        if (one->type != REC_END) /* the sum of all bytes */
            ck_assert_mem_eq(one, other, one->bytes);
    } while (one->type != REC_END);
    ck_assert_uint_eq(of_a.count, of_b.count);
    ck_assert_mem_eq(of_a.at, of_b.at, of_a.count * sizeof of_a.at[0]);
}

START_TEST(a_list_is_its_calls)
{
    static struct seen together, alone;

    play((unsigned)_i, at_once, &together);
    play((unsigned)_i, one_by_one, &alone);
    for (unsigned i = 0; i < list.count; i++)
        ck_assert_int_eq((long)together.answered.calls[i].result, (long)alone.answered.calls[i].result);
    for (unsigned page = 0; page < PAGES; page++)
        ck_assert_uint_eq(together.mappings[page], alone.mappings[page]);
    ck_assert_uint_eq(together.time_ns, alone.time_ns);
    ck_assert_uint_eq(together.reservation_pages, alone.reservation_pages);
    same_recordings(&together, &alone);
}
END_TEST

/* Measured: Xen copies the entries, wherever they lie. */
START_TEST(a_list_may_lie_anywhere)
{
    char *room = (char *)test_guest_list(p);
    const multicall_entry_t version = {.op = __HYPERVISOR_xen_version},
                            map = {.op = __HYPERVISOR_update_va_mapping,
                                .args = {(uintptr_t)p->boot->window, test_guest_p2m(p)[900] << 12 | 1}};

    for (unsigned offset = 0; offset < 8; offset++) {
        multicall_entry_t entry = version;
        memcpy(room + offset, &entry, sizeof entry);
        memcpy(room + offset + sizeof entry, &map, sizeof map);
        ck_assert_int_eq(ask(p, __HYPERVISOR_multicall, (uintptr_t)room + offset, 2, 0, 0), 0);
        memcpy(&entry, room + offset, sizeof entry);
        ck_assert_int_eq((long)entry.result, 4 << 16 | 17);
        memcpy(&entry, room + offset + sizeof entry, sizeof entry);
        ck_assert_int_eq((long)entry.result, 0);
        ck_assert_uint_eq(frame_mappings(stage.machine, MFN(test_guest_p2m(p)[900])), 1);
    }
}
END_TEST

static void setup(void)
{
    stage_open(64 * 1024);
    p = test_guest_new("p", 1024, 2048);
}

Suite *multicall_suite(void);
Suite *multicall_suite(void)
{
    Suite *suite = suite_create("multicall");
    TCase *tests = tcase_create("multicall");

    tcase_add_checked_fixture(tests, setup, stage_close);
    tcase_add_loop_test(tests, a_list_is_its_calls, 0, SEEDS);
    tcase_add_test(tests, a_list_may_lie_anywhere);
    suite_add_tcase(suite, tests);
    return suite;
}
