/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tests of a process that has given up what a run doesn't need: what it can still do, what ends it, and what is said where
 * the kernel can't do it. hostile/system.c has what a guest tries.
 */
#include "harness/ballast/confinement.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/prctl.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#if !defined(BALLAST_SANITIZED) && !defined(BALLAST_COVERAGE) /* they may do more */
#define AS_FOR_USERS
#endif

static bool may_get_memory(void)
{
    char *much = malloc(50u << 20);

    if (much != NULL)
        memset(much, 1, 50u << 20);
    free(much);
    return much != NULL;
}

#ifdef AS_FOR_USERS
static bool may_write_and_run(void)
{
    return mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED;
}

static bool may_not_open(void)
{
    return open("/etc/passwd", O_RDONLY) < 0 && open("/proc/self/mem", O_RDWR) < 0;
}

static bool may_print_nowhere(void)
{
    return write(STDOUT_FILENO, "PASS", 4) == 4 && lseek(STDOUT_FILENO, 0, SEEK_CUR) == 0;
}

/* What a confined process may do, in builds for its users. */
static bool (*const harmless[])(void) = {may_write_and_run, may_get_memory, may_not_open, may_print_nowhere};

#endif

static void start_a_process(void)
{
    (void)!fork();
}

static void signal_another(void)
{
    kill(getppid(), 0);
}

static void signal_everybody(void)
{
    kill(0, SIGCONT);
}

static void open_a_socket(void)
{
    (void)socket(AF_INET, SOCK_STREAM, 0);
}

static void trace_another(void)
{
    ptrace(PTRACE_ATTACH, getppid(), NULL, NULL);
}

static void leave_the_group(void)
{
    (void)!setsid();
}

static void execute(void)
{
    execl("/bin/true", "true", (char *)NULL);
}

static void remove_a_file(void)
{
    unlink("/tmp/ballast-confinement-test");
}

static void (*const deadly[])(void) = {start_a_process, signal_another, signal_everybody, open_a_socket,
    trace_another, leave_the_group, execute, remove_a_file};

/* In a child, which ends with 0 when it may go on. */
static int status_of(void (*deed)(void), bool (*good)(void))
{
    const struct rlimit no_core = {0, 0};
    int status = 0;
    const pid_t pid = fork();

    if (pid == 0) {
        setrlimit(RLIMIT_CORE, &no_core);
        close(STDERR_FILENO);
        if (!confinement_enter(CONFINE_ALTOGETHER))
            _exit(2);
        if (deed != NULL)
            deed();
        _exit(good != NULL && !good() ? 3 : 0);
    }
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    return status;
}

static void setup(void)
{
    ck_assert_ptr_null(confinement_prepare());
}

#ifdef AS_FOR_USERS
START_TEST(it_may_do_what_a_run_does)
{
    const int status = status_of(NULL, harmless[_i]);

    ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0, "%x", (unsigned)status);
}
END_TEST

#endif

START_TEST(anything_else_ends_it)
{
    const int status = status_of(deadly[_i], NULL);

    ck_assert_msg(WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS, "%x", (unsigned)status);
}
END_TEST

/* A failed assertion ends it as it would elsewhere. */
START_TEST(it_may_end_itself)
{
    const int status = status_of(abort, NULL);

    ck_assert_msg(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT, "%x", (unsigned)status);
}
END_TEST

#ifdef AS_FOR_USERS
START_TEST(no_memory_becomes_both_writable_and_code)
{
    int status = 0;
    const pid_t pid = fork();

    if (pid == 0) {
        const struct rlimit no_core = {0, 0};
        setrlimit(RLIMIT_CORE, &no_core);
        close(STDERR_FILENO);
        void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (!confinement_enter(CONFINE_ALTOGETHER) || mprotect(page, 4096, PROT_READ | PROT_EXEC) != 0 ||
            mprotect(page, 4096, PROT_READ | PROT_WRITE) != 0)
            _exit(2);
        mprotect(page, 4096, PROT_READ | PROT_WRITE | PROT_EXEC);
        _exit(0);
    }
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert_msg(WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS, "%x", (unsigned)status);
}
END_TEST

#endif

START_TEST(for_guests_only_the_process_keeps_its_rights)
{
    int status = 0;
    const pid_t pid = fork();

    if (pid == 0) {
        const bool entered = confinement_enter(CONFINE_GUESTS);
        const int fd = open("/dev/null", O_RDONLY);
        const pid_t child = fork();
        if (child == 0)
            _exit(0);
        _exit(entered && fd >= 0 && child > 0 && waitpid(child, NULL, 0) == child ? 0 : 1);
    }
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert_int_eq(status, 0);
}
END_TEST

/* ---- an older kernel ---- */

/* As if it had no seccomp, or no Syscall User Dispatch. */
static void take_away(bool filters, bool dispatch)
{
    scmp_filter_ctx context = seccomp_init(SCMP_ACT_ALLOW);

    ck_assert_ptr_nonnull(context);
    if (filters)
        ck_assert_int_eq(seccomp_rule_add(context, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(seccomp), 0), 0);
    if (dispatch)
        ck_assert_int_eq(seccomp_rule_add(context, SCMP_ACT_ERRNO(EINVAL), SCMP_SYS(prctl), 1,
                             SCMP_A0(SCMP_CMP_EQ, PR_SET_SYSCALL_USER_DISPATCH, 0)),
            0);
    ck_assert_int_eq(seccomp_load(context), 0);
    seccomp_release(context);
}

static const struct {
    bool filters, dispatch;
    const char *says;
} lacks[] = {
    {true, false, "this kernel has no seccomp"},
    {false, true, "this kernel can't tell a guest's system calls from Ballast's"},
    {true, true, "this kernel filters no system calls"},
};

START_TEST(what_a_kernel_lacks_is_said_and_the_rest_is_done)
{
    take_away(lacks[_i].filters, lacks[_i].dispatch);
    const char *said = confinement_prepare();
    ck_assert_ptr_nonnull(said);
    ck_assert_msg(strstr(said, lacks[_i].says) != NULL, "%s", said);
    const int harmless_status = status_of(NULL, may_get_memory);
    ck_assert_msg(harmless_status == 0, "%x", (unsigned)harmless_status);
    const int deadly_status = status_of(signal_another, NULL);
    ck_assert_msg(WIFSIGNALED(deadly_status) == !lacks[_i].filters, "%x", (unsigned)deadly_status);
}
END_TEST

Suite *confinement_suite(void);

Suite *confinement_suite(void)
{
    Suite *suite = suite_create("confinement");
    TCase *tests = tcase_create("a confined process"), *older = tcase_create("an older kernel");

    tcase_add_checked_fixture(tests, setup, NULL);
    tcase_add_test(tests, for_guests_only_the_process_keeps_its_rights);
    tcase_add_test(tests, it_may_end_itself);
    tcase_add_loop_test(tests, anything_else_ends_it, 0, (int)(sizeof deadly / sizeof deadly[0]));
#ifdef AS_FOR_USERS
    tcase_add_loop_test(tests, it_may_do_what_a_run_does, 0, (int)(sizeof harmless / sizeof harmless[0]));
    tcase_add_test(tests, no_memory_becomes_both_writable_and_code);
#endif
    suite_add_tcase(suite, tests);
    tcase_add_loop_test(
        older, what_a_kernel_lacks_is_said_and_the_rest_is_done, 0, (int)(sizeof lacks / sizeof lacks[0]));
    suite_add_tcase(suite, older);
    return suite;
}
