/* SPDX-License-Identifier: BSD-2-Clause */
/* A machine as its holder sees it: runs, rest, time, commands, several domains, reset, the same run again. */
#include <errno.h>
#include <malloc.h>

#include "sim/test_guest.h"
#include <xen/event_channel.h>

static struct test_guest *p;

static void setup(void)
{
    stage_open(64 * 1024);
    p = test_guest_new("p", 1024, 2048);
}

static void teardown(void)
{
    stage_close();
}

static enum run_end run_until(uint64_t until_ns, bool stop_at_rest, uint64_t quiet_ns)
{
    return machine_run(stage.machine,
        &(struct run_request){.until_ns = until_ns, .stop_at_rest = stop_at_rest, .quiet_ns = quiet_ns});
}

static void want(void (*act)(struct test_guest *))
{
    p->act = act;
    p->wanted = true;
    domain_wake(p->domain);
}

/* --- time --- */

static void sleep_5_seconds(struct test_guest *me)
{
    uint64_t until_ns = (uint64_t)test_guest_clock(me) + 5 * NS_PER_S;
    while ((uint64_t)test_guest_clock(me) < until_ns)
        test_guest_poll(me, NULL, 0, until_ns);
    me->result = test_guest_clock(me);
}

START_TEST(time_jumps_to_the_next_timer)
{
    uint64_t start_ns = machine_now_ns(stage.machine);
    want(sleep_5_seconds);
    ck_assert_int_eq(run_until(start_ns + NS_PER_S, false, 0), RUN_TIME);
    ck_assert_uint_eq(machine_now_ns(stage.machine), start_ns + NS_PER_S);
    ck_assert(domain_blocked(p->domain));
    ck_assert_uint_lt(domain_next_timer_ns(p->domain), start_ns + 6 * NS_PER_S);
    const char *why = NULL;
    ck_assert(!machine_at_rest(stage.machine, 10 * NS_PER_S, &why));
    ck_assert_ptr_nonnull(strstr(why, "timer"));
    ck_assert(machine_at_rest(stage.machine, NS_PER_S, NULL));
    ck_assert_int_eq(run_until(UINT64_MAX, true, 10 * NS_PER_S), RUN_REST);
    ck_assert_uint_ge(machine_now_ns(stage.machine), start_ns + 5 * NS_PER_S);
    ck_assert_uint_lt(machine_now_ns(stage.machine), start_ns + 5 * NS_PER_S + NS_PER_MS);
    ck_assert_int_ge(p->result, (long)(start_ns + 5 * NS_PER_S));
    ck_assert_uint_eq(domain_next_timer_ns(p->domain), UINT64_MAX);
}
END_TEST

START_TEST(nothing_to_wait_for)
{
    ck_assert_int_eq(run_until(UINT64_MAX, false, 0), RUN_IDLE);
    ck_assert_int_eq(run_until(UINT64_MAX, true, NS_PER_S), RUN_REST);
    uint64_t now_ns = machine_now_ns(stage.machine);
    ck_assert_int_eq(run_until(now_ns + 7, false, 0), RUN_TIME);
    ck_assert_uint_eq(machine_now_ns(stage.machine), now_ns + 7);
    ck_assert_int_eq(run_until(now_ns, false, 0), RUN_TIME);
}
END_TEST

static void spin(struct test_guest *me)
{
    for (me->result = 0; me->result < 1000; me->result++)
        test_guest_clock(me);
}

START_TEST(a_run_ends_in_the_middle_of_a_guests_work)
{
    want(spin);
    uint64_t cost_ns = stage.machine->config.costs.port_ns;
    ck_assert_int_eq(run_until(machine_now_ns(stage.machine) + 100 * cost_ns, false, 0), RUN_TIME);
    ck_assert_int_ge(p->result, 98);
    ck_assert_int_le(p->result, 100);
    const char *why = NULL;
    ck_assert(!machine_at_rest(stage.machine, NS_PER_S, &why));
    ck_assert_str_eq(why, "p: a thread can run");
    ck_assert_int_eq(run_until(UINT64_MAX, true, NS_PER_S), RUN_REST);
    ck_assert_int_eq(p->result, 1000);
}
END_TEST

static void tell_for_ever(struct test_guest *me)
{
    for (;;)
        test_guest_leave(me, PORT_GATE_BASE + PORT_NOTE, NOTE_SLEEP, 0, 0, 0);
}

START_TEST(a_guest_that_only_tells_is_stopped_too)
{
    want(tell_for_ever);
    uint64_t until_ns = machine_now_ns(stage.machine) + 1000;
    ck_assert_int_eq(run_until(until_ns, false, 0), RUN_TIME);
    ck_assert_uint_ge(machine_now_ns(stage.machine), until_ns);
    ck_assert_uint_lt(machine_now_ns(stage.machine), until_ns + 2 * NS_PER_MS);
}
END_TEST

static void stop_at_log(void *context, const struct record *record, uint64_t event)
{
    (void)event;
    if (record->type == REC_LOG)
        machine_stop(context);
}

static void log_twice(struct test_guest *me)
{
    static const char line[] = "a line";
    for (me->result = 1; me->result <= 2; me->result++)
        test_guest_leave(me, PORT_GATE_BASE + PORT_LOG, (uintptr_t)line, sizeof line - 1, 0, 0);
}

START_TEST(a_witness_stops_a_run)
{
    recorder_set_witness(stage.recorder, stop_at_log, stage.machine);
    want(log_twice);
    ck_assert_int_eq(run_until(UINT64_MAX, false, 0), RUN_STOPPED);
    ck_assert_int_eq(p->result, 1);
    ck_assert_int_eq(run_until(UINT64_MAX, false, 0), RUN_STOPPED);
    ck_assert_int_eq(p->result, 2);
    ck_assert_int_eq(run_until(UINT64_MAX, false, 0), RUN_IDLE);
}
END_TEST

/* A guest that goes on with its work while its timer runs is interrupted, too. */
static void spin_until_the_timer(struct test_guest *me)
{
    const xen_ulong_t *pending = &me->boot->shared_info->evtchn_pending[0];
    const long until_ns = test_guest_clock(me) + (long)NS_PER_MS;

    test_guest_leave(me, __HYPERVISOR_set_timer_op, (unsigned long)until_ns, 0, 0, 0);
    for (me->result = 0; *pending == 0 && test_guest_clock(me) < until_ns + (long)NS_PER_MS;)
        test_guest_leave(me, __HYPERVISOR_sched_op, SCHEDOP_yield, 0, 0, 0);
    me->result = test_guest_clock(me) - until_ns;
    me->arg[1] = *pending;
}

START_TEST(a_timer_comes_in_the_middle_of_work)
{
    evtchn_bind_virq_t *bind = (void *)test_guest_list(p);

    *bind = (evtchn_bind_virq_t){.virq = VIRQ_TIMER};
    ck_assert_int_eq(ask(p, __HYPERVISOR_event_channel_op, EVTCHNOP_bind_virq, (uintptr_t)bind, 0, 0), 0);
    memset(p->boot->shared_info->evtchn_mask, 0xff, sizeof p->boot->shared_info->evtchn_mask);
    perform(p, spin_until_the_timer);
    ck_assert_uint_ne(p->arg[1], 0);
    ck_assert_int_ge(p->result, 0);
    ck_assert_int_lt(p->result, 10000);
}
END_TEST

/* --- commands --- */

static void answer_with_a_nul(struct test_guest *me)
{
    static const char answer[] = "before\0behind";
    char *line = me->boot->heap;
    me->result = test_guest_leave(me, PORT_GATE_BASE + PORT_COMMAND, (uintptr_t)line, 100, 0, 0);
    memcpy(line, answer, sizeof answer);
    test_guest_leave(me, PORT_GATE_BASE + PORT_REPLY, 0, (uintptr_t)line, sizeof answer, 0);
}

static void answer_a_command(struct test_guest *me)
{
    char *line = me->boot->heap;
    me->result = test_guest_leave(me, PORT_GATE_BASE + PORT_COMMAND, (uintptr_t)line, 100, 0, 0);
    if (me->result <= 0)
        return;
    line[me->result] = '!';
    test_guest_leave(me, PORT_GATE_BASE + PORT_REPLY, 3, (uintptr_t)line, (unsigned long)me->result + 1, 0);
}

START_TEST(an_agent_answers)
{
    int status = -1;
    const char *output = NULL, *why = NULL;
    ck_assert(!domain_command_done(p->domain, &status, &output));
    ck_assert(domain_command(p->domain, "sysctl -a"));
    ck_assert(!domain_command(p->domain, "another"));
    ck_assert(!machine_at_rest(stage.machine, 0, &why));
    ck_assert_ptr_nonnull(strstr(why, "command"));
    perform(p, answer_a_command);
    ck_assert_int_eq(p->result, 9);
    ck_assert(domain_command_done(p->domain, &status, &output));
    ck_assert_int_eq(status, 3);
    ck_assert_str_eq(output, "sysctl -a!");
    ck_assert(machine_at_rest(stage.machine, 0, NULL));
    perform(p, answer_a_command);
    ck_assert_int_eq(p->result, 0); /* none waits */
    ck_assert_int_eq(ask(p, PORT_GATE_BASE + PORT_REPLY, 0, 0, 0, 0), -EINVAL);
    ck_assert(domain_command(p->domain, "again"));
    ck_assert(!domain_command_done(p->domain, NULL, NULL));
    perform(p, answer_with_a_nul);
    ck_assert(domain_command_done(p->domain, &status, &output));
    ck_assert_str_eq(output, "before");
    size_t length;
    const void *recording = recorder_finish(stage.recorder, &length);
    ck_assert_ptr_nonnull(memmem(recording, length, "before", 6));
    ck_assert_ptr_null(memmem(recording, length, "behind", 6));
}
END_TEST

START_TEST(a_command_raises_the_agents_port)
{
    evtchn_alloc_unbound_t *alloc = (void *)test_guest_list(p);
    *alloc = (evtchn_alloc_unbound_t){.dom = DOMID_SELF};
    ask(p, __HYPERVISOR_event_channel_op, EVTCHNOP_alloc_unbound, (uintptr_t)alloc, 0, 0);
    unsigned long publish = PORT_GATE_BASE + PORT_PUBLISH;
    ck_assert_int_eq(ask(p, publish, PORT_AGENT_EVTCHN, 0, alloc->port, 0), 0);
    ck_assert_int_eq(ask(p, publish, PORT_AGENT_EVTCHN, 0, alloc->port + 1, 0), -EINVAL);
    ck_assert_int_eq(ask(p, publish, PORT_AGENT_EVTCHN, 0, 100000, 0), -EINVAL);
    ck_assert(domain_command(p->domain, "x"));
    ck_assert(evtchn_pending(p->domain, alloc->port));
}
END_TEST

/* --- what a guest tells --- */

START_TEST(counters_are_checked_when_published)
{
    unsigned long publish = PORT_GATE_BASE + PORT_PUBLISH;
    struct port_counters counters, *mine = (void *)p->boot->heap;
    ck_assert(!domain_counters(p->domain, &counters));
    ck_assert_int_eq(ask(p, publish, PORT_COUNTERS, 0x10, 1, 0), -EFAULT);
    ck_assert_int_eq(ask(p, publish, PORT_COUNTERS, (uintptr_t)mine + 1, 1, 0), -EINVAL);
    ck_assert_int_eq(ask(p, publish, PORT_COUNTERS, (uintptr_t)p->boot->m2p, 1, 0), -EFAULT);
    ck_assert_int_eq(ask(p, publish, PORT_COUNTERS, (uintptr_t)mine, 1, 0), 0);
    mine->total_pages = 17;
    ck_assert(domain_counters(p->domain, &counters));
    ck_assert_uint_eq(counters.total_pages, 17);
    ck_assert_int_eq(ask(p, publish, 99, (uintptr_t)mine, 1, 0), -EINVAL);
    ck_assert_int_eq(ask(p, PORT_GATE_BASE + 99, 0, 0, 0, 0), -ENOSYS);
}
END_TEST

/* Maps the first page of the window to a frame, 0: to none. */
static long map_first(uint64_t mfn)
{
    return ask(p, __HYPERVISOR_update_va_mapping, (uintptr_t)p->boot->window,
        mfn != 0 ? mfn << PAGE_SHIFT_BITS | 1 : 0, 0, 0);
}

static pfn_t hooked;
static void page_hook(void *context, struct domain *d, pfn_t first, uint64_t pages)
{
    ck_assert_ptr_eq(context, &hooked);
    ck_assert_ptr_eq(d, p->domain);
    hooked = PFN(first.pfn * 1000 + pages);
}

START_TEST(page_frees_are_shown_at_once)
{
    machine_set_page_hook(stage.machine, page_hook, &hooked);
    ck_assert_int_eq(ask(p, PORT_GATE_BASE + PORT_NOTE, NOTE_PAGE_FREE, 7, 3, 0), 0);
    ck_assert_uint_eq(hooked.pfn, 7003);
}
END_TEST

static unsigned sites_entered, sites_returned;
static enum fault_site last_site;

static void site_hook(void *context, struct domain *d, enum fault_site site, enum site_moment moment,
    pfn_t first, uint64_t pages)
{
    ck_assert_ptr_eq(context, &sites_returned);
    ck_assert_ptr_eq(d, p->domain);
    ck_assert_int_eq(machine_enters_call(stage.machine), moment == SITE_ENTER);
    sites_entered += moment == SITE_ENTER;
    sites_returned += moment == SITE_RETURN;
    last_site = site;
    hooked = PFN(first.pfn * 1000 + pages);
}

/* Only as it is entered nothing of a call has been done. */
START_TEST(a_call_is_entered_and_returns)
{
    sites_entered = sites_returned = 0;
    machine_set_site_hook(stage.machine, site_hook, &sites_returned);
    (void)ask(
        p, __HYPERVISOR_mmu_update, (uintptr_t)p->boot->heap, 1, 0, DOMID_SELF); /* whatever the answer */
    ck_assert_uint_eq(sites_entered, 1);
    ck_assert_uint_eq(sites_returned, 1);
    ck_assert(!machine_enters_call(stage.machine));
}
END_TEST

/* A note ends the call of a site if the kernel's description says so; no other note does. */
START_TEST(a_site_returns_with_its_note)
{
    sites_entered = sites_returned = 0;
    machine_set_site_hook(stage.machine, site_hook, &sites_returned);
    ck_assert_int_eq(ask(p, PORT_GATE_BASE + PORT_NOTE, NOTE_SLEEP, 7, 3, 0), 0);
    ck_assert_uint_eq(sites_returned, 0);
    ck_assert_int_eq(ask(p, PORT_GATE_BASE + PORT_NOTE, NOTE_UNPLUG_END, 7, 3, 1), 0);
    ck_assert_uint_eq(sites_returned, 1);
    ck_assert_uint_eq(last_site, TEST_SITE_REMOVE);
    ck_assert_uint_eq(hooked.pfn, 7003);
}
END_TEST

static uint64_t frame_hooked;
static void frame_hook(void *context, struct domain *d, const uint32_t *mfns, size_t count)
{
    ck_assert_ptr_eq(context, &frame_hooked);
    ck_assert_ptr_eq(d, p->domain);
    ck_assert_uint_eq(count, 1);
    frame_hooked = mfns[0];
}

START_TEST(frames_that_leave_are_shown_before)
{
    const uint64_t mfn = test_guest_p2m(p)[1000];

    machine_set_page_hook(stage.machine, page_hook, &hooked);
    machine_set_frame_hook(stage.machine, frame_hook, &frame_hooked);
    ck_assert_int_eq(map_first(mfn), 0);
    *test_guest_list(p) = mfn;
    ck_assert_int_eq(reserve(p, XENMEM_decrease_reservation, test_guest_list(p), 1, 0), 1);
    ck_assert_uint_eq(frame_hooked, 0); /* it is mapped */
    ck_assert_int_eq(map_first(0), 0);
    ck_assert_uint_eq(frame_hooked, mfn);
}
END_TEST

static struct {
    unsigned of_type[NR_RECORD_TYPES];
    struct record_touch touch;
    uint64_t choices;
} recorded;

static void see_all(void *context, const struct record *record, uint64_t event)
{
    const void *payload = record_payload(record);
    (void)context;
    (void)event;
    recorded.of_type[record->type]++;
    if (record->type == REC_PAGE_TOUCH)
        recorded.touch = *(const struct record_touch *)payload;
    if (record->type == REC_SCHEDULE)
        recorded.choices |= ((const struct record_value *)payload)->value;
}

static void watch_records(void)
{
    recorder_flush(stage.recorder);
    memset(&recorded, 0, sizeof recorded);
    recorder_set_witness(stage.recorder, see_all, NULL);
}

START_TEST(pages_that_are_taken_are_recorded)
{
    watch_records();
    ck_assert_int_eq(ask(p, PORT_GATE_BASE + PORT_NOTE, NOTE_PAGE_ALLOC, 7, 3, 0), 0);
    recorder_flush(stage.recorder);
    ck_assert_uint_eq(recorded.of_type[REC_PAGE_ALLOC], 1);
    ck_assert_uint_eq(recorded.of_type[REC_PAGE_FREE], 0);
}
END_TEST

/* One call about the first page of the window, after others that changed nothing. */
static void use_first(struct test_guest *me)
{
    for (me->result = 0; me->result < 10; me->result++)
        test_guest_clock(me);
    test_guest_leave(me, PORT_GATE_BASE + me->op, (uintptr_t)me->boot->window, me->arg[0], 0, 0);
    me->result = (long)me->domain->vain_exits;
}

/* What is done to a page's contents is recorded; zeros are told from other contents. */
START_TEST(what_is_done_to_a_page_is_recorded)
{
    static const struct {
        unsigned op;
        uint64_t stamp;
        uint32_t what;
    } rows[] = {
        {PORT_PAGE_WRITE, 9, TOUCH_WRITE}, {PORT_PAGE_WRITE, 0, TOUCH_ZERO}, {PORT_PAGE_READ, 0, TOUCH_READ}};

    ck_assert_int_eq(map_first(test_guest_p2m(p)[1000]), 0);
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        watch_records();
        p->op = rows[i].op;
        p->arg[0] = rows[i].stamp;
        perform(p, use_first);
        ck_assert_int_eq(p->result, 0); /* a guest that does this is in no endless loop */
        recorder_flush(stage.recorder);
        ck_assert_uint_eq(recorded.of_type[REC_PAGE_TOUCH], 1);
        ck_assert_uint_eq(recorded.touch.mfn, test_guest_p2m(p)[1000]);
        ck_assert_uint_eq(recorded.touch.what, rows[i].what);
    }
}
END_TEST

static unsigned logged;
static void see_log(void *context, const struct record *record, uint64_t event)
{
    (void)context;
    (void)event;
    if (record->type == REC_LOG)
        logged += 1 + (unsigned)strlen(record_payload(record));
}

START_TEST(a_bad_text_is_an_empty_line)
{
    recorder_set_witness(stage.recorder, see_log, NULL);
    ck_assert_int_eq(ask(p, PORT_GATE_BASE + PORT_LOG, 0x10, 1000, 0, 0), 0);
    ck_assert_uint_eq(logged, 1);
    ck_assert_int_eq(ask(p, PORT_GATE_BASE + PORT_LOG, (uintptr_t) "some text", 4, 0, 0), 0);
    ck_assert_uint_eq(logged, 6);
}
END_TEST

/* --- again and again --- */

static size_t play(const struct machine_config *config, uint64_t *bytes, size_t room)
{
    stage.nr_test_guests = 0;
    recorder_begin(stage.recorder, "again", "sim", config->seed);
    ck_assert(machine_reset(stage.machine, config));
    struct test_guest *a = test_guest_new("a", 1024, 4096), *b = test_guest_new("b", 2048, 2048);
    domain_set_maximum_kib(a->domain, 4 * 4096);
    uint64_t *list = test_guest_list(a);
    ck_assert_uint_eq(list[5], 0); /* a fresh heap */
    ck_assert_int_eq(reserve(a, XENMEM_increase_reservation, list, 500, 0), 500);
    ck_assert_int_eq(reserve(a, XENMEM_decrease_reservation, list, 300, 0), 300);
    ck_assert_int_eq(reserve(a, XENMEM_increase_reservation, list, 2, 9), 2);
    ask(b, __HYPERVISOR_update_va_mapping, (uintptr_t)b->boot->window, test_guest_p2m(b)[2000] << 12 | 1, 0,
        0);
    ask(b, PORT_GATE_BASE + PORT_PAGE_WRITE, (uintptr_t)b->boot->window, config->seed + 9, 0, 0);
    machine_destroy_domain(stage.machine, a->domain, DOMAIN_END_DESTROY);
    struct test_guest *c = test_guest_new("c", 1024, 1024);
    ask(c, PORT_GATE_BASE + PORT_NOTE, NOTE_PHYSLOAD, 5, 6, 0);
    ask(c, PORT_GATE_BASE + PORT_SCHEDULE, 0, 0, 0, 0);
    size_t length;
    const void *recording = recorder_finish(stage.recorder, &length);
    ck_assert_uint_le(length, room);
    memcpy(bytes, recording, length);
    return length;
}

START_TEST(a_reset_machine_does_the_same_again)
{
    enum { ROOM = 1 << 20 };
    void *first = malloc(ROOM), *again = malloc(ROOM);
    struct machine_config config = {.seed = 42, .host_pages = 64 * 1024, .schedule_seed = 42};
    size_t length = play(&config, first, ROOM);
    for (unsigned i = 0; i < 3; i++) {
        ck_assert_uint_eq(play(&config, again, ROOM), length);
        ck_assert(memcmp(first, again, length) == 0);
    }
    stage_close(); /* and a new one does, too */
    stage_open_with(config);
    ck_assert_uint_eq(play(&config, again, ROOM), length);
    ck_assert(memcmp(first, again, length) == 0);
    config.seed = 43;
    play(&config, again, ROOM);
    ck_assert(memcmp(first, again, length) != 0);
    config.host_pages = 100 * 1024; /* another host on the same machine */
    play(&config, again, ROOM);
    ck_assert_uint_eq(host_total_pages(stage.machine), 100 * 1024);
    free(first);
    free(again);
}
END_TEST

START_TEST(memory_does_not_grow)
{
    enum { ROOM = 1 << 20 };
    void *bytes = malloc(ROOM);
    struct machine_config config = {.seed = 42, .host_pages = 64 * 1024};
    for (unsigned i = 0; i < 3; i++)
        play(&config, bytes, ROOM);
    size_t before = mallinfo2().uordblks;
    for (unsigned i = 0; i < 20; i++)
        play(&config, bytes, ROOM);
    ck_assert_uint_le(mallinfo2().uordblks, before + 4096);
    free(bytes);
}
END_TEST

START_TEST(dirt_is_gone_after_a_reset)
{
    struct machine_config config = {.seed = 1, .host_pages = 64 * 1024};
    memset(p->boot->heap, 0xee, 3 * PAGE_BYTES);
    memset(p->boot->stacks, 0xee, p->boot->stack_bytes);
    char *heap = p->boot->heap, *stacks = p->boot->stacks;
    p->boot->shared_info->evtchn_mask[3] = 7;
    stage.nr_test_guests = 0;
    ck_assert(machine_reset(stage.machine, &config));
    p = test_guest_new("p", 1024, 2048);
    ck_assert_ptr_eq(p->boot->heap, heap); /* the same place, or this test shows nothing */
    for (size_t i = 0; i < 3 * PAGE_BYTES; i++)
        ck_assert_int_eq(heap[i], 0);
    for (size_t i = 0; i < p->boot->stack_bytes; i++)
        ck_assert_int_eq(stacks[i], 0);
    ck_assert_uint_eq(p->boot->shared_info->evtchn_mask[3], 0);
}
END_TEST

/* --- many calls in one, and chance --- */

START_TEST(a_multicall_is_its_calls)
{
    multicall_entry_t *list = (void *)test_guest_list(p);
    uintptr_t window = (uintptr_t)p->boot->window;
    uint64_t mfn = test_guest_p2m(p)[1000];
    domid_t *domid = (void *)(p->boot->heap + 32 * PAGE_BYTES);
    *domid = DOMID_SELF;
    list[0] = (multicall_entry_t){.op = __HYPERVISOR_update_va_mapping, .args = {window, mfn << 12 | 1}};
    list[1] = (multicall_entry_t){.op = __HYPERVISOR_update_va_mapping, .args = {window + PAGE_BYTES, 1}};
    list[2] = (multicall_entry_t){
        .op = __HYPERVISOR_memory_op, .args = {XENMEM_current_reservation, (uintptr_t)domid}};
    list[3] = (multicall_entry_t){.op = __HYPERVISOR_multicall, .args = {(uintptr_t)list, 1}};
    list[4] = (multicall_entry_t){.op = __HYPERVISOR_sched_op, .args = {SCHEDOP_block}};
    list[5] = (multicall_entry_t){.op = 63};
    ck_assert_int_eq(ask(p, __HYPERVISOR_multicall, (uintptr_t)list, 6, 0, 0), 0);
    ck_assert_int_eq((long)list[0].result, 0);
    ck_assert_int_eq((long)list[1].result, -EPERM);
    ck_assert_int_eq((long)list[2].result, 1024);
    ck_assert_int_eq((long)list[3].result, -EINVAL);
    ck_assert_int_eq((long)list[4].result, -ENOSYS);
    ck_assert_int_eq((long)list[5].result, -ENOSYS);
    ck_assert_uint_eq(frame_mappings(stage.machine, MFN(mfn)), 1);
    ck_assert_int_eq(ask(p, __HYPERVISOR_multicall, 0x10, 1, 0, 0), -EFAULT);
    ck_assert_int_eq(ask(p, __HYPERVISOR_multicall, (uintptr_t)list, UINT32_MAX, 0, 0), -EFAULT);
}
END_TEST

/* Mapped and unmapped in rows, with what is special in between: as if each call had come alone. */
START_TEST(a_row_of_mappings_is_its_calls)
{
    multicall_entry_t *list = (void *)test_guest_list(p);
    uintptr_t window = (uintptr_t)p->boot->window;
    const uint64_t *p2m = test_guest_p2m(p);
    uint64_t before_ns = machine_now_ns(stage.machine), step_ns;
    const uint64_t pages[] = {900, 901, 901, 902};
    for (size_t i = 0; i < 4; i++)
        list[i] = (multicall_entry_t){
            .op = __HYPERVISOR_update_va_mapping, .args = {window + i * PAGE_BYTES, p2m[pages[i]] << 12 | 1}};
    list[4] = list[0]; /* over a mapping: that one goes */
    list[4].args[1] = p2m[903] << 12 | 1;
    list[5] = list[1];
    list[5].args[1] = 1ull << 30; /* not present: unmaps, whatever frame it names */
    ck_assert_int_eq(ask(p, __HYPERVISOR_multicall, (uintptr_t)list, 6, 0, 0), 0);
    for (size_t i = 0; i < 6; i++)
        ck_assert_int_eq((long)list[i].result, 0);
    step_ns = machine_now_ns(stage.machine) - before_ns;
    ck_assert_uint_eq(frame_mappings(stage.machine, MFN(p2m[900])), 0);
    ck_assert_uint_eq(frame_mappings(stage.machine, MFN(p2m[901])), 1);
    ck_assert_uint_eq(frame_mappings(stage.machine, MFN(p2m[902])), 1);
    ck_assert_uint_eq(frame_mappings(stage.machine, MFN(p2m[903])), 1);

    /* Its last mapping gone, a page given up before leaves: in a row, too. */
    for (size_t i = 0; i < 4; i++)
        list[i].args[1] = 0;
    ck_assert_int_eq(ask(p, __HYPERVISOR_multicall, (uintptr_t)list, 4, 0, 0), 0);
    for (uint64_t pfn = 900; pfn < 904; pfn++)
        ck_assert_uint_eq(frame_mappings(stage.machine, MFN(p2m[pfn])), 0);
    ck_assert_int_eq(ask(p, __HYPERVISOR_multicall, (uintptr_t)list, 4, 0, 0), 0);
    ck_assert_uint_ge(step_ns, 7); /* each call takes its time */
}
END_TEST

static void ask_the_schedule(struct test_guest *me)
{
    for (me->result = 0, me->arg[1] = 0; me->result < 1000; me->result++)
        me->arg[1] += (unsigned long)test_guest_leave(me, PORT_GATE_BASE + PORT_SCHEDULE, 0, 0, 0, 0);
}

START_TEST(a_schedule_by_chance_switches_at_times)
{
    perform(p, ask_the_schedule);
    ck_assert_uint_eq(p->arg[1], 0); /* run to block, unless chance is asked for */
    struct machine_config config = {.seed = 4, .host_pages = 64 * 1024, .schedule_seed = 42};
    stage.nr_test_guests = 0;
    ck_assert(machine_reset(stage.machine, &config));
    p = test_guest_new("p", 1024, 1024);
    watch_records();
    perform(p, ask_the_schedule);
    ck_assert_int_eq(p->result, 1000);
    ck_assert_uint_eq(recorded.of_type[REC_SCHEDULE], p->arg[1]);
    ck_assert_uint_eq(recorded.choices, 0); /* another thread of the same domain */
    ck_assert_uint_gt(p->arg[1], 150);
    ck_assert_uint_lt(p->arg[1], 350);
}
END_TEST

START_TEST(sets_of_domids)
{
    static struct domset set;
    const unsigned members[] = {1, 63, 64, 65, 4095, 4096, 20000, DOMID_LIMIT - 1};
    const unsigned nr = sizeof members / sizeof members[0];
    ck_assert_uint_eq(domset_next(&set, 0), 0);
    for (unsigned i = 0; i < nr; i++) {
        domset_add(&set, members[i]);
        domset_add(&set, members[i]);
    }
    ck_assert_uint_eq(set.count, nr);
    for (unsigned i = 0; i < nr; i++) {
        ck_assert_uint_eq(domset_next(&set, i == 0 ? 0 : members[i - 1] + 1), members[i]);
        ck_assert_uint_eq(domset_next(&set, members[i]), members[i]);
    }
    ck_assert_uint_eq(domset_next(&set, DOMID_LIMIT), 0);
    for (unsigned i = 0; i < nr; i++)
        domset_remove(&set, members[i]);
    ck_assert_uint_eq(set.count, 0);
    ck_assert_uint_eq(domset_next(&set, 0), 0);
}
END_TEST

Suite *machine_suite(void);
Suite *machine_suite(void)
{
    const TTest *const all[] = {time_jumps_to_the_next_timer, nothing_to_wait_for,
        a_run_ends_in_the_middle_of_a_guests_work, a_timer_comes_in_the_middle_of_work, a_witness_stops_a_run,
        an_agent_answers, a_guest_that_only_tells_is_stopped_too, a_command_raises_the_agents_port,
        counters_are_checked_when_published, page_frees_are_shown_at_once, a_call_is_entered_and_returns,
        a_site_returns_with_its_note, frames_that_leave_are_shown_before, pages_that_are_taken_are_recorded,
        what_is_done_to_a_page_is_recorded, a_bad_text_is_an_empty_line, a_reset_machine_does_the_same_again,
        memory_does_not_grow, dirt_is_gone_after_a_reset, a_multicall_is_its_calls,
        a_row_of_mappings_is_its_calls, a_schedule_by_chance_switches_at_times, sets_of_domids};
    Suite *suite = suite_create("machine");
    TCase *tests = tcase_create("machine");
    tcase_add_checked_fixture(tests, setup, teardown);
    for (unsigned i = 0; i < sizeof all / sizeof all[0]; i++)
        tcase_add_test(tests, all[i]);
    suite_add_tcase(suite, tests);
    return suite;
}
