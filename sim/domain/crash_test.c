/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Faults of a guest: each ends its domain with a sentence that names what was touched, and the machine
 * goes on. The handler here is the least that a holder needs.
 */
#include <errno.h>
#include <signal.h>
#include <ucontext.h>

#include "sim/test_guest.h"

static struct test_guest *p;
static char sentence[256];
static char *handler_stack;
static uint64_t placed;
static enum guest_poison poison; /* what the handler says that it saw */

static enum guest_fault_kind kind_of(int number)
{
    return number == SIGFPE                        ? GUEST_FAULT_ARITHMETIC
           : number == SIGILL || number == SIGTRAP ? GUEST_FAULT_INSTRUCTION
                                                   : GUEST_FAULT_ACCESS;
}

static void handler(int number, siginfo_t *info, void *context)
{
    greg_t *reg = ((ucontext_t *)context)->uc_mcontext.gregs;
    bool no_address = number == SIGSEGV && info->si_code == 0x80; /* SI_KERNEL */
    struct guest_fault fault = {.kind = kind_of(number),
        .write = (reg[REG_ERR] & 2) != 0,
        .pc = (uintptr_t)reg[REG_RIP],
        .address = (uintptr_t)info->si_addr,
        .frame_pointer = (uintptr_t)reg[REG_RBP],
        .sp = (uintptr_t)reg[REG_RSP],
        .no_address = no_address,
        .poison = no_address ? poison : GUEST_POISON_NONE};
    struct guest_resume resume;
    if (!machine_guest_fault(stage.machine, &fault, &resume))
        _exit(3);
    reg[REG_RIP] = (greg_t)resume.pc;
    reg[REG_RSP] = (greg_t)resume.sp;
    reg[REG_RDI] = (greg_t)resume.argument;
}

static void keep_sentence(void *context, const struct record *record, uint64_t event)
{
    (void)context;
    (void)event;
    if (record->type == REC_CRASH)
        snprintf(sentence, sizeof sentence, "%s", (const char *)record_payload(record));
}

static void setup(void)
{
    stage_open(64 * 1024);
    p = test_guest_new("p", 1024, 1024);
    recorder_set_witness(stage.recorder, keep_sentence, NULL);
    handler_stack = malloc(1 << 16);
    sigaltstack(&(stack_t){.ss_sp = handler_stack, .ss_size = 1 << 16}, NULL);
    struct sigaction action = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER};
    const int numbers[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP};
    for (unsigned i = 0; i < 5; i++)
        sigaction(numbers[i], &action, NULL);
}

static void teardown(void)
{
    stage_close();
    sigaltstack(&(stack_t){.ss_flags = SS_DISABLE}, NULL);
    free(handler_stack);
}

/* By assembly, so that no sanitizer looks before the processor does. */
static void poke(struct test_guest *me)
{
    __asm__ volatile("movq %0, (%0)" : : "r"(me->arg[0]) : "memory");
}

static void peek(struct test_guest *me)
{
    uint64_t value;
    __asm__ volatile("movq (%1), %0" : "=r"(value) : "r"(me->arg[0]));
}

static void jump(struct test_guest *me)
{
    __asm__ volatile("call *%0" : : "r"(me->arg[0]) : "memory");
}

static void divide(struct test_guest *me)
{
    uint32_t low = 1, high = 0;
    (void)me;
    __asm__ volatile("divl %2" : "+a"(low), "+d"(high) : "r"(0u) : "cc");
}

static void illegal(struct test_guest *me)
{
    (void)me;
    __asm__ volatile("ud2");
}

static void overflow(struct test_guest *me)
{
    (void)me;
    __asm__ volatile("1: pushq $0\n\tjmp 1b");
}

/* The gate itself pushes onto a stack that has no room left. */
static void overflow_at_the_gate(struct test_guest *me)
{
    __asm__ volatile("movq %0, %%rsp\n\tcall *%1"
                     :
                     : "r"(me->arg[0]), "r"(me->image.gate), "D"(me->image.gate_context)
                     : "memory");
}

static const char *crash(void (*act)(struct test_guest *), uintptr_t argument)
{
    sentence[0] = '\0';
    p->arg[0] = argument;
    ck_assert_int_eq(perform(p, act), RUN_CRASHED);
    ck_assert(domain_crashed(p->domain));
    return sentence;
}

START_TEST(m2p_is_read_only)
{
    ck_assert_str_eq(
        crash(poke, (uintptr_t)p->boot->m2p + 8), "write to the M2P, which a guest may only read");
}
END_TEST

START_TEST(behind_the_m2p)
{
    ck_assert_str_eq(
        crash(peek, (uintptr_t)p->boot->m2p + ((p->boot->m2p_entries * 8 + 4095) & ~4095ull) - 8 + 8),
        "read of memory behind the M2P");
}
END_TEST

START_TEST(null)
{
    ck_assert_str_eq(crash(poke, 8), "write to the NULL page");
}
END_TEST

START_TEST(null_read)
{
    ck_assert_str_eq(crash(peek, 8), "read of the NULL page");
}
END_TEST

START_TEST(null_jump)
{
    ck_assert_str_eq(crash(jump, 0), "jump to the NULL page");
}
END_TEST

START_TEST(heap_jump)
{
    ck_assert_str_eq(crash(jump, (uintptr_t)p->boot->heap), "jump to its heap");
}
END_TEST

START_TEST(p2m_end)
{
    ck_assert_str_eq(crash(poke, p->boot->start_info->mfn_list + 8 * p->boot->p2m_entries),
        "write to the guard behind the P2M");
}
END_TEST

START_TEST(own_code)
{
    ck_assert_str_eq(crash(poke, (uintptr_t)p->image.start), "write to its code");
}
END_TEST

START_TEST(unmapped_window)
{
    ck_assert_str_eq(crash(peek, (uintptr_t)p->boot->window + 100),
        "read of the window of virtual pages, which has no memory");
}
END_TEST

START_TEST(stack_overflow)
{
    ck_assert_str_eq(crash(overflow, 0), "write to the guard under a thread's stack");
}
END_TEST

START_TEST(lowest_byte_of_a_guard)
{
    ck_assert_str_eq(
        crash(poke, (uintptr_t)p->boot->stacks - PAGE_BYTES), "write to the guard under a thread's stack");
}
END_TEST

/* A jump is the one use of its own data that is a fault. */
START_TEST(data_jump)
{
    ck_assert_str_eq(crash(jump, (uintptr_t)&placed), "jump to its data");
}
END_TEST

START_TEST(nobodys_memory)
{
    ck_assert_str_eq(crash(poke, 1u << 24), "write to memory that isn't its own");
}
END_TEST

START_TEST(the_simulators_memory)
{
    const struct host *host = &stage.machine->host;
    const void *parts[] = {stage.machine, (const char *)host->frames + host->frames_bytes / 2};

    ck_assert_str_eq(crash(jump, (uintptr_t)parts[_i]), "jump to the simulator's memory");
}
END_TEST

START_TEST(stack_overflow_at_the_gate)
{
    ck_assert_str_eq(crash(overflow_at_the_gate, (uintptr_t)p->boot->stacks + 16),
        "write to the guard under a thread's stack");
}
END_TEST

START_TEST(division)
{
    ck_assert_str_eq(crash(divide, 0), "division by zero");
}
END_TEST

START_TEST(illegal_instruction)
{
    ck_assert_str_eq(crash(illegal, 0), "illegal instruction or trap");
}
END_TEST

static void halt(struct test_guest *me)
{
    (void)me;
    __asm__ volatile("hlt");
}

START_TEST(privileged_instruction)
{
    ck_assert_str_eq(crash(halt, 0), "instruction that only Xen may execute");
}
END_TEST

static void ask_on_and_on(struct test_guest *me)
{
    for (;;)
        test_guest_leave(me, PORT_GATE_BASE + PORT_CLOCK, 0, 0, 0, 0);
}

START_TEST(calls_in_vain)
{
    ck_assert_str_eq(
        crash(ask_on_and_on, 0), "endless loop: it calls on and on, without waiting or moving a page");
}
END_TEST

START_TEST(neighbour)
{
    struct test_guest *q = test_guest_new("q", 1024, 1024);
    ck_assert_str_eq(crash(poke, (uintptr_t)q->boot->window), "write to another domain's memory");
    ck_assert_int_gt(ask(q, PORT_GATE_BASE + PORT_CLOCK, 0, 0, 0, 0), 0); /* who is alive and well */
    ck_assert(!domain_crashed(q->domain));
    machine_destroy_domain(stage.machine, p->domain, DOMAIN_END_CRASH);
    ck_assert_uint_eq(host_counted_free_pages(stage.machine), 64 * 1024 - 1024 - 21);
}
END_TEST

START_TEST(non_canonical)
{
    /* The processor tells no address for such a one. */
    poison = GUEST_POISON_NONE;
    ck_assert_str_eq(crash(peek, 0x8000000000000000ull), "use of an address that no memory can have");
}
END_TEST

START_TEST(freed_pointer)
{
    poison = GUEST_POISON_FREED;
    ck_assert_str_eq(crash(peek, PORT_POISON_FREED + 8), "use of an address read from freed memory");
}
END_TEST

START_TEST(unwritten_pointer)
{
    poison = GUEST_POISON_NEW;
    ck_assert_str_eq(
        crash(poke, PORT_POISON_NEW - 8), "use of an address read from memory that nobody had written");
}
END_TEST

static void count_out(struct test_guest *me)
{
    test_guest_leave(me, PORT_GATE_BASE + PORT_ENDLESS, 0, 0, 0, 0);
    __asm__ volatile("" : : : "memory");
}

START_TEST(endless)
{
    ck_assert_str_eq(crash(count_out, 0), "endless loop: it ran too long without a call");
    ck_assert_uint_gt(p->image.blocks_limit, 1u << 20);
    ck_assert_uint_eq(p->image.blocks_left, p->image.blocks_limit);
}
END_TEST

START_TEST(not_a_guests_fault)
{
    struct guest_resume resume;
    ck_assert(!machine_guest_fault(stage.machine, &(struct guest_fault){.pc = 1}, &resume));
}
END_TEST

/* --- places --- */

/* A section of its own: its ends are known however it was compiled. */
extern const char __start_driver_text[], __stop_driver_text[];

static __attribute__((noinline, section("driver_text"))) void in_the_driver(struct test_guest *me)
{
    test_guest_leave(me, PORT_GATE_BASE + PORT_NOTE, NOTE_PLUG_BEGIN, 1, 1, 0);
    __asm__ volatile("" : : : "memory");
}

static __attribute__((noinline)) void outside(struct test_guest *me)
{
    in_the_driver(me);
    test_guest_leave(me, PORT_GATE_BASE + PORT_NOTE, NOTE_PLUG_END, 1, 1, 0);
    __asm__ volatile("" : : : "memory");
}

START_TEST(a_place_is_inside_the_driver)
{
    p->domain->image.driver_text_start = __start_driver_text;
    p->domain->image.driver_text_end = __stop_driver_text;
    perform(p, outside);
    size_t count;
    const struct place *places = recorder_places(stage.recorder, &count);
    ck_assert_uint_eq(count, 1);
    placed = places[0].text_offset + (uintptr_t)p->image.text_start;
    ck_assert_uint_gt(placed, (uintptr_t)p->domain->image.driver_text_start);
    ck_assert_uint_lt(placed, (uintptr_t)p->domain->image.driver_text_end);
    ck_assert_uint_eq(places[0].domid, domain_id(p->domain));
}
END_TEST

static __attribute__((noinline, section("driver_text"))) void die_in_the_driver(struct test_guest *me)
{
    test_guest_leave(me, PORT_GATE_BASE + PORT_PANIC, (uintptr_t) "so", 2, 0, 0);
    __asm__ volatile("" : : : "memory");
}

static __attribute__((noinline)) void die_outside(struct test_guest *me)
{
    die_in_the_driver(me);
    __asm__ volatile("" : : : "memory");
}

static bool in_section(uint64_t text_offset)
{
    const char *at = p->image.text_start + text_offset;
    return at >= __start_driver_text && at < __stop_driver_text;
}

START_TEST(a_death_has_a_backtrace)
{
    p->domain->image.driver_text_start = __start_driver_text;
    p->domain->image.driver_text_end = __stop_driver_text;
    ck_assert_int_eq(perform(p, die_outside), RUN_CRASHED);
    size_t count;
    const struct place *places = recorder_places(stage.recorder, &count);
    ck_assert_uint_eq(count, 1);
    ck_assert_uint_ge(places[0].nr_frames, 2);
    const uint64_t *frames = recorder_frames(stage.recorder) + places[0].first_frame;
    ck_assert(in_section(places[0].text_offset));
    size_t driver = 0;
    while (driver < places[0].nr_frames && !in_section(frames[driver]))
        driver++;
    ck_assert_uint_lt(driver + 1, places[0].nr_frames); /* somebody called it */
    ck_assert_uint_eq(frames[driver], places[0].text_offset);
    ck_assert(!in_section(frames[driver + 1]));
}
END_TEST

static __attribute__((noinline, section("driver_text"))) void fault_in_the_driver(struct test_guest *me)
{
    poke(me);
    __asm__ volatile("" : : : "memory");
}

/* Whose code was running: of a fault, the faulting instruction's; else that of the last call. */
START_TEST(a_fault_shows_the_driver_or_not)
{
    p->domain->image.driver_text_start = __start_driver_text;
    p->domain->image.driver_text_end = __stop_driver_text;
    if (_i == 0) {
        crash(fault_in_the_driver, (uintptr_t)p->boot->m2p);
        ck_assert(domain_driver_on_stack(p->domain));
    } else if (_i == 1) {
        perform(p, outside); /* whose last call but one is made by the driver, and the last by nobody of it */
        ck_assert(!domain_driver_on_stack(p->domain));
        crash(poke, (uintptr_t)p->boot->m2p);
        ck_assert(!domain_driver_on_stack(p->domain));
    } else {
        crash(die_outside, 0);
        ck_assert(domain_driver_on_stack(p->domain));
    }
}
END_TEST

/* A chain of frames that a broken guest left: it ends, and nothing is believed. */
static void bad_frames(struct test_guest *me)
{
    uintptr_t *loop = (void *)(me->boot->stacks + 1024);
    loop[0] = (uintptr_t)loop;
    loop[1] = 0x10;
    const uintptr_t bad[] = {(uintptr_t)loop, 0x10, (uintptr_t)me->boot->stacks + me->boot->stack_bytes - 8,
        (uintptr_t)loop + 3, UINTPTR_MAX - 7};
    for (unsigned i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        uintptr_t frame = bad[i], context = (uintptr_t)me->image.gate_context;
        unsigned long op = PORT_GATE_BASE + PORT_NOTE, note = NOTE_PLUG_BEGIN;
        /* Past the red zone, and with the frame pointer put back. */
        __asm__ volatile(
            "subq $136, %%rsp\n\tpushq %%rbp\n\tmovq %3, %%rbp\n\tcall *%4\n\tpopq %%rbp\n\taddq $136, %%rsp"
            : "+D"(context), "+S"(op), "+d"(note)
            : "r"(frame), "r"(me->image.gate)
            : "memory", "rax", "rcx", "r8", "r9", "r10", "r11", "cc");
    }
    me->result = 1;
}

START_TEST(bad_frames_end_the_walk)
{
    static const char nowhere[2];
    p->domain->image.driver_text_start = nowhere;
    p->domain->image.driver_text_end = nowhere + 1;
    p->result = 0;
    perform(p, bad_frames);
    ck_assert_int_eq(p->result, 1);
    size_t count;
    recorder_places(stage.recorder, &count);
    ck_assert_uint_eq(count, 0);
}
END_TEST

START_TEST(a_call_of_the_faults_number_is_no_fault)
{
    ck_assert_int_eq(ask(p, VCPU_EXIT_FAULT, 0, 0, 0, 0), -ENOSYS);
    ck_assert(!domain_crashed(p->domain));
}
END_TEST

Suite *crash_suite(void);
Suite *crash_suite(void)
{
    const TTest *const all[] = {m2p_is_read_only, behind_the_m2p, null, null_read, null_jump, heap_jump,
        p2m_end, own_code, unmapped_window, stack_overflow, stack_overflow_at_the_gate,
        lowest_byte_of_a_guard, data_jump, nobodys_memory, division, illegal_instruction, neighbour,
        non_canonical, freed_pointer, unwritten_pointer, endless, privileged_instruction, calls_in_vain,
        not_a_guests_fault, a_place_is_inside_the_driver, a_death_has_a_backtrace, bad_frames_end_the_walk,
        a_call_of_the_faults_number_is_no_fault};
    Suite *suite = suite_create("crash");
    TCase *tests = tcase_create("contained");
    tcase_add_checked_fixture(tests, setup, teardown);
    for (unsigned i = 0; i < sizeof all / sizeof all[0]; i++)
        tcase_add_test(tests, all[i]);
    tcase_add_loop_test(tests, the_simulators_memory, 0, 2);
    tcase_add_loop_test(tests, a_fault_shows_the_driver_or_not, 0, 3);
    suite_add_tcase(suite, tests);
    return suite;
}
