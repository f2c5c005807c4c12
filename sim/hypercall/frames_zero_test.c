/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * PORT_FRAMES_ZERO against the three calls that it stands for, as a guest's runtime makes them when it is refused: the
 * same bytes recorded, the same time, the same contents, wherever a run is cut into parts. What a mapping does is
 * tested elsewhere.
 */
#include "sim/test_guest.h"

#define SEEDS     200
#define ROWS      12u
#define PAGES     200u /* of the guest, from FIRST on */
#define FIRST     800u
#define STOPS_MAX 4096u
#define ROOM      (1u << 18)

static struct test_guest *p;
static uint64_t chance;
static bool short_way;
static unsigned taken; /* how often the short way was open */

static uint64_t pick(uint64_t below)
{
    chance = chance * 6364136223846793005u + 1442695040888963407u;
    return (chance >> 33) % below;
}

static void set_window(struct test_guest *me, const uint64_t *mfns, unsigned count)
{
    static multicall_entry_t calls[SPACE_WINDOW_PAGES];

    for (unsigned i = 0; i < count; i++)
        calls[i] = (multicall_entry_t){.op = __HYPERVISOR_update_va_mapping,
            .args = {(uintptr_t)me->boot->window + i * PAGE_BYTES, mfns == NULL ? 0 : mfns[i] << 12 | 1,
                UVMF_INVLPG}};
    test_guest_leave(me, __HYPERVISOR_multicall, (uintptr_t)calls, count, 0, 0);
}

static void zero(struct test_guest *me, const uint64_t *mfns, unsigned count)
{
    const unsigned long port = PORT_GATE_BASE;

    if (short_way &&
        test_guest_leave(me, port + PORT_FRAMES_ZERO, (uintptr_t)mfns, count, UVMF_INVLPG, 0) == 0) {
        taken++;
        return;
    }
    set_window(me, mfns, count);
    test_guest_leave(me, port + PORT_PAGES_WRITE, (uintptr_t)me->boot->window, 0, count, 0);
    set_window(me, NULL, count);
}

/* Rows as an allocator would have them zeroed, a page by itself now and then, and frames that aren't the guest's. */
static void rows(struct test_guest *me)
{
    static uint64_t mfns[SPACE_WINDOW_PAGES];
    const unsigned long port = PORT_GATE_BASE, window = (uintptr_t)me->boot->window;

    for (unsigned row = 0; row < ROWS; row++) {
        unsigned count = 1u + (unsigned)pick(SPACE_WINDOW_PAGES), first = (unsigned)pick(PAGES - count);
        for (unsigned i = 0; i < count; i++)
            mfns[i] = test_guest_p2m(me)[FIRST + (pick(2) == 0 ? first + i : first + count - 1 - i)];
        if (pick(4) == 0)
            mfns[pick(count)] = test_guest_p2m(&stage.test_guests[0])[500 + pick(5)];
        zero(me, mfns, count);
        if (pick(3) != 0)
            continue;
        test_guest_leave(me, __HYPERVISOR_update_va_mapping, window, mfns[pick(count)] << 12 | 1,
            pick(2) == 0 ? UVMF_INVLPG : UVMF_NONE, 0);
        test_guest_leave(me, port + PORT_PAGE_WRITE, window, pick(3), 0, 0);
        if (pick(2) == 0)
            test_guest_leave(me, port + PORT_NOTE, NOTE_PAGE_FREE, FIRST + pick(PAGES), 1, 0);
        test_guest_leave(
            me, __HYPERVISOR_update_va_mapping, window, 0, pick(2) == 0 ? UVMF_INVLPG : UVMF_NONE, 0);
    }
    me->result = 1;
}

struct seen {
    uint64_t bytes[ROOM / 8], stamps[PAGES], stops[STOPS_MAX];
    size_t length, nr_stops;
};

/* Whoever waits for a moment gets the machine at the same time, whichever way the guest went. */
static void play(unsigned seed, bool in_one, struct seen *seen)
{
    const struct machine_config config = {.seed = 1, .host_pages = 64 * 1024};

    stage.nr_test_guests = 0;
    recorder_begin(stage.recorder, "zero", "sim", config.seed);
    ck_assert(machine_reset(stage.machine, &config));
    test_guest_new("other", 1024, 1024);
    p = test_guest_new("p", 1024, 2048);
    chance = seed;
    short_way = in_one;
    for (unsigned i = 0; i < PAGES; i++)
        stage.machine->host.frames[test_guest_p2m(p)[FIRST + i]].stamp = i + 1;
    const uint64_t part_ns = seed % 2 == 0 ? NS_PER_S : 1000 + pick(100000);
    p->act = rows;
    p->wanted = true;
    p->result = 0;
    domain_wake(p->domain);
    for (seen->nr_stops = 0; p->result == 0; seen->nr_stops++) {
        const uint64_t until_ns = (machine_now_ns(stage.machine) / part_ns + 1) * part_ns;
        machine_run(stage.machine, &(struct run_request){.until_ns = until_ns});
        ck_assert_uint_lt(seen->nr_stops, STOPS_MAX);
        seen->stops[seen->nr_stops] = machine_now_ns(stage.machine);
    }
    for (unsigned i = 0; i < PAGES; i++)
        seen->stamps[i] = frame_stamp(stage.machine, MFN(test_guest_p2m(p)[FIRST + i]));
    const void *recording = recorder_finish(stage.recorder, &seen->length);
    ck_assert_uint_le(seen->length, sizeof seen->bytes);
    memcpy(seen->bytes, recording, seen->length);
}

START_TEST(it_is_its_calls)
{
    static struct seen in_one, by_three;

    taken = 0;
    play((unsigned)_i, true, &in_one);
    ck_assert(_i % 2 != 0 || taken > 0);
    play((unsigned)_i, false, &by_three);
    ck_assert_uint_eq(in_one.nr_stops, by_three.nr_stops);
    ck_assert_mem_eq(in_one.stops, by_three.stops, in_one.nr_stops * sizeof in_one.stops[0]);
    ck_assert_mem_eq(in_one.stamps, by_three.stamps, sizeof in_one.stamps);
    ck_assert_uint_eq(in_one.length, by_three.length);
    ck_assert_mem_eq(in_one.bytes, by_three.bytes, in_one.length);
}
END_TEST

static long zero_list(const uint64_t *list, uint64_t count)
{
    return ask(p, PORT_GATE_BASE + PORT_FRAMES_ZERO, (uintptr_t)list, count, UVMF_INVLPG, 0);
}

START_TEST(refused_it_does_nothing)
{
    uint64_t *list = test_guest_list(p), mine = test_guest_p2m(p)[FIRST],
             theirs = test_guest_p2m(&stage.test_guests[0])[500];
    const uint64_t before_ns = machine_now_ns(stage.machine);

    stage.machine->host.frames[mine].stamp = 7;
    for (unsigned i = 0; i <= SPACE_WINDOW_PAGES; i++)
        list[i] = mine;
    ck_assert_int_lt(zero_list(list, 0), 0);
    ck_assert_int_lt(zero_list(list, SPACE_WINDOW_PAGES + 1), 0);
    ck_assert_int_lt(zero_list(list, UINT64_MAX), 0);
    ck_assert_int_lt(ask(p, PORT_GATE_BASE + PORT_FRAMES_ZERO, (uintptr_t)list, 1, UVMF_NONE, 0), 0);
    ck_assert_int_lt(zero_list((const uint64_t *)0x10, 1), 0);
    const uint64_t strange[] = {
        theirs, 0, 1, HOST_FIRST_MFN - 1, stage.machine->host.end_mfn, UINT64_MAX, 1ull << 40};
    for (unsigned i = 0; i < sizeof strange / sizeof strange[0]; i++) {
        list[1] = strange[i];
        ck_assert_int_lt(zero_list(list, 2), 0);
    }
    /* Given up while it is mapped, it is no longer the guest's to write. */
    list[1] = test_guest_p2m(p)[FIRST + 1];
    ck_assert_int_eq(
        ask(p, __HYPERVISOR_update_va_mapping, (uintptr_t)p->boot->window, list[1] << 12 | 1, 0, 0), 0);
    ck_assert_int_eq(reserve(p, XENMEM_decrease_reservation, list + 1, 1, 0), 1);
    ck_assert_int_lt(zero_list(list, 2), 0);
    ck_assert_uint_eq(frame_stamp(stage.machine, MFN(mine)), 7);
    ck_assert_uint_gt(machine_now_ns(stage.machine), before_ns);
    ck_assert_int_eq(zero_list(list, 1), 0);
    ck_assert_uint_eq(frame_stamp(stage.machine, MFN(mine)), 0);
    ck_assert_uint_eq(frame_mappings(stage.machine, MFN(mine)), 0);
}
END_TEST

static void setup(void)
{
    stage_open(64 * 1024);
    test_guest_new("other", 1024, 1024);
    p = test_guest_new("p", 1024, 2048);
}

Suite *frames_zero_suite(void);
Suite *frames_zero_suite(void)
{
    Suite *suite = suite_create("frames_zero");
    TCase *tests = tcase_create("frames_zero");

    tcase_add_checked_fixture(tests, setup, stage_close);
    tcase_add_loop_test(tests, it_is_its_calls, 0, SEEDS);
    tcase_add_test(tests, refused_it_does_nothing);
    suite_add_tcase(suite, tests);
    return suite;
}
