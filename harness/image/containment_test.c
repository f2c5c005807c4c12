/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tests of the fault handlers when no guest is to blame: a fault of our own must end the process as it would without the
 * handlers. Faults of guests are tested by scenarios.
 */
#include "harness/image/containment.h"

#include <check.h>
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guest/abi/port.h"

static struct machine *make_machine(void)
{
    static struct recorder *recorder;
    const struct machine_config config = {.seed = 1, .host_pages = 4096};

    recorder = recorder_new();
    ck_assert_ptr_nonnull(recorder);
    struct machine *machine = machine_new(&config, recorder);
    ck_assert_ptr_nonnull(machine);
    return machine;
}

static void write_nowhere(void)
{
    volatile uintptr_t nowhere = 8;

    *(volatile int *)nowhere = 1;
}

static void divide_by_zero(void)
{
    raise(SIGFPE); /* a sanitizer would catch the division itself */
}

static void trap(void)
{
    __builtin_trap();
}

static void (*const faults[])(void) = {write_nowhere, divide_by_zero, trap};

/* In a child with its standard error closed, for a sanitizer says much about it. */
static int status_of(void (*fault)(void), bool inside)
{
    const pid_t pid = fork();
    int status = 0;

    if (pid == 0) {
        const struct rlimit no_core = {0, 0}, some_time = {20, 20};
        setrlimit(RLIMIT_CORE, &no_core);
        setrlimit(RLIMIT_CPU, &some_time); /* a handler that returned to the fault for ever */
        close(STDERR_FILENO);
        containment_enter(make_machine());
        if (!inside)
            containment_leave();
        fault();
        _exit(0);
    }
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    return status;
}

static void assert_died(int status)
{
    ck_assert_msg(!WIFEXITED(status) || WEXITSTATUS(status) != 0, "it lived");
    ck_assert_msg(!WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL, "it hung");
}

START_TEST(a_fault_of_ours_ends_the_process)
{
    assert_died(status_of(faults[_i], true));
}
END_TEST

START_TEST(so_does_one_after_the_machine_has_stopped)
{
    assert_died(status_of(faults[_i], false));
}
END_TEST

START_TEST(it_can_be_entered_again)
{
    struct machine *machine = make_machine();

    for (int i = 0; i < 3; i++) {
        containment_enter(machine);
        containment_leave();
    }
    machine_free(machine);
}
END_TEST

/* ---- a handler that was there before ---- */

static sigjmp_buf back;
static volatile sig_atomic_t handed_on;

static void handler_before(int signal)
{
    handed_on = signal;
    siglongjmp(back, 1);
}

/* At an address of which the processor tells nothing, with a value in a register that a guest may have had from us. */
static void read_no_address(uint64_t in_a_register)
{
    __asm__ volatile("movq %0, %%r8\n\tmovabsq $0x8000000000000000, %%rax\n\tmovq (%%rax), %%rax"
                     :
                     : "r"(in_a_register)
                     : "rax", "r8", "memory");
}

static void read_with_freed(void)
{
    read_no_address(PORT_POISON_FREED + 8);
}

static void read_with_new(void)
{
    read_no_address(PORT_POISON_NEW - 8);
}

static void read_with_neither(void)
{
    read_no_address(PORT_POISON_NEW + PORT_POISON_REACH);
}

static const struct {
    void (*raise)(void);
    int signal;
} handed[] = {{write_nowhere, SIGSEGV}, {divide_by_zero, SIGFPE}, {trap, SIGILL}, {read_with_freed, SIGSEGV},
    {read_with_new, SIGSEGV}, {read_with_neither, SIGSEGV}};

static int handed_on_of(int which, bool inside)
{
    const struct sigaction action = {.sa_handler = handler_before};
    struct machine *machine = make_machine();

    ck_assert_int_eq(sigaction(handed[which].signal, &action, NULL), 0);
    handed_on = 0;
    containment_enter(machine);
    if (!inside)
        containment_leave();
    if (sigsetjmp(back, 1) == 0)
        handed[which].raise();
    if (inside)
        containment_leave();
    machine_free(machine);
    return handed_on;
}

/* No guest is made to blame for it, whatever our registers hold. */
START_TEST(the_handler_before_gets_a_fault_of_ours)
{
    ck_assert_int_eq(handed_on_of(_i, true), handed[_i].signal);
}
END_TEST

START_TEST(and_gets_it_when_no_machine_runs)
{
    ck_assert_int_eq(handed_on_of(_i, false), handed[_i].signal);
}
END_TEST

Suite *containment_suite(void)
{
    Suite *suite = suite_create("containment");
    TCase *tests = tcase_create("faults that no guest raised");

    tcase_add_loop_test(tests, a_fault_of_ours_ends_the_process, 0, 3);
    tcase_add_loop_test(tests, so_does_one_after_the_machine_has_stopped, 0, 3);
    tcase_add_test(tests, it_can_be_entered_again);
    tcase_add_loop_test(
        tests, the_handler_before_gets_a_fault_of_ours, 0, (int)(sizeof handed / sizeof handed[0]));
    tcase_add_loop_test(tests, and_gets_it_when_no_machine_runs, 0, (int)(sizeof handed / sizeof handed[0]));
    suite_add_tcase(suite, tests);
    return suite;
}
