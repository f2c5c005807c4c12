/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The filter of a worker's system calls. libseccomp makes it, which takes longer than most runs: so it is made once, and
 * each worker hands the same program to the kernel, with its own process's number in it.
 */
#include "harness/ballast/confinement.h"

#include <assert.h>
#include <asm/prctl.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "harness/image/containment.h"

#define PROGRAM_MAX 1024u
#define OWN_NUMBER  0x5e1f0001u           /* in the program, for the number of the process that it is for */
#define FILE_BYTES  (rlim_t)(64ull << 30) /* no file of a run is larger; the M2P of the largest host is one */

static struct {
    struct sock_filter program[PROGRAM_MAX];
    unsigned short steps; /* 0: there is none */
    unsigned short own_number_at;
    bool refuses_guests; /* the kernel can tell a guest's calls from ours */
} filter;

/* What a run calls, and why. */
static const int needed[] = {
    SCMP_SYS(read),
    SCMP_SYS(pread64),
    SCMP_SYS(lseek),
    SCMP_SYS(fstat),
    SCMP_SYS(close), /* debug information */
    SCMP_SYS(mmap),
    SCMP_SYS(munmap),
    SCMP_SYS(mremap),
    SCMP_SYS(madvise),
    SCMP_SYS(brk), /* memory */
    SCMP_SYS(memfd_create),
    SCMP_SYS(ftruncate), /* the M2P, mapped twice */
    SCMP_SYS(pwrite64),  /* the outcome */
    SCMP_SYS(write),
    SCMP_SYS(writev), /* what a failed assertion says on standard error */
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(sigaltstack), /* faults */
    SCMP_SYS(getpid),
    SCMP_SYS(gettid),
    SCMP_SYS(futex),
    SCMP_SYS(sched_yield), /* libc's locks, abort() */
    SCMP_SYS(getrandom),
    SCMP_SYS(sysinfo),
    SCMP_SYS(clock_gettime), /* libc's malloc and qsort; a clock without vDSO */
    SCMP_SYS(restart_syscall),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
#ifdef BALLAST_SANITIZED
    /* A sanitizer's report: its own memory map, what symbols mean, the size of stacks, and where it may write. */
    SCMP_SYS(readlink),
    SCMP_SYS(readlinkat),
    SCMP_SYS(prlimit64),
    SCMP_SYS(getrlimit),
    SCMP_SYS(sched_getaffinity),
    SCMP_SYS(getuid),
    SCMP_SYS(geteuid),
    SCMP_SYS(access),
    SCMP_SYS(stat),
    SCMP_SYS(newfstatat),
    SCMP_SYS(ioctl),
    SCMP_SYS(prctl),
    SCMP_SYS(mprotect),
    SCMP_SYS(getcwd),
    SCMP_SYS(rt_sigpending),
#endif
#ifdef BALLAST_COVERAGE
    /* Counters are written to files beside the objects when the process and each image end, and the loader makes images. */
    SCMP_SYS(open),
    SCMP_SYS(openat),
    SCMP_SYS(mkdir),
    SCMP_SYS(fcntl),
    SCMP_SYS(newfstatat),
    SCMP_SYS(access),
    SCMP_SYS(sendfile),
    SCMP_SYS(mprotect),
    SCMP_SYS(readlink),
    SCMP_SYS(getcwd),
    SCMP_SYS(umask),
    SCMP_SYS(unlink),
    SCMP_SYS(flock), /* clang's runtime adds to what other processes counted */
    SCMP_SYS(ftruncate),
    SCMP_SYS(uname),
#endif
};

#if !defined(BALLAST_SANITIZED) && !defined(BALLAST_COVERAGE)
/* What libdw tries on the way to debug information that lies elsewhere, and libc on a stream: it is told that it may not. */
static const int denied[] = {
    SCMP_SYS(open),
    SCMP_SYS(openat),
    SCMP_SYS(readlink),
    SCMP_SYS(readlinkat),
    SCMP_SYS(access),
    SCMP_SYS(stat),
    SCMP_SYS(lstat),
    SCMP_SYS(getcwd),
    SCMP_SYS(ioctl),
};
#endif

#define ALLOW(context, call, ...) \
    (seccomp_rule_add((context), SCMP_ACT_ALLOW, SCMP_SYS(call), __VA_ARGS__) == 0)
/* Code may be made, and writable memory, but nothing that is both. */
#define PROTECTS(wanted) SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_WRITE | PROT_EXEC, (wanted))

static bool add_rules(scmp_filter_ctx context)
{
    bool ok = true;

    for (size_t n = 0; n < sizeof needed / sizeof needed[0]; n++)
        ok = ok && seccomp_rule_add(context, SCMP_ACT_ALLOW, needed[n], 0) == 0;
#if !defined(BALLAST_SANITIZED) && !defined(BALLAST_COVERAGE)
    for (size_t n = 0; n < sizeof denied / sizeof denied[0]; n++)
        ok = ok && seccomp_rule_add(context, SCMP_ACT_ERRNO(EACCES), denied[n], 0) == 0;
#endif
#ifdef BALLAST_SANITIZED
    ok = ok &&
         ALLOW(context, openat, 1, SCMP_A2(SCMP_CMP_MASKED_EQ, O_ACCMODE | O_CREAT | O_TRUNC, O_RDONLY)) &&
         ALLOW(context, open, 1, SCMP_A1(SCMP_CMP_MASKED_EQ, O_ACCMODE | O_CREAT | O_TRUNC, O_RDONLY));
#elif !defined(BALLAST_COVERAGE)
    ok = ok && ALLOW(context, mprotect, 1, PROTECTS(0)) &&
         ALLOW(context, mprotect, 1, PROTECTS(PROT_WRITE)) &&
         ALLOW(context, mprotect, 1, PROTECTS(PROT_EXEC));
    ok = ok && ALLOW(context, newfstatat, 1, SCMP_A3(SCMP_CMP_EQ, AT_EMPTY_PATH, 0)); /* libc's fstat */
#endif
#ifndef BALLAST_COVERAGE
    ok = ok && ALLOW(context, fcntl, 1, SCMP_A1(SCMP_CMP_EQ, F_DUPFD_CLOEXEC, 0)) &&
         ALLOW(context, fcntl, 1, SCMP_A1(SCMP_CMP_EQ, F_GETFD, 0)) &&
         ALLOW(context, fcntl, 1, SCMP_A1(SCMP_CMP_EQ, F_GETFL, 0));
#else
    ok = ok && ALLOW(context, prctl, 1, SCMP_A0(SCMP_CMP_EQ, PR_GET_PDEATHSIG, 0)) &&
         ALLOW(context, prctl, 1, SCMP_A0(SCMP_CMP_EQ, PR_SET_PDEATHSIG, 0)); /* while it has a file locked */
#endif
    return ok && ALLOW(context, arch_prctl, 1, SCMP_A0(SCMP_CMP_EQ, ARCH_GET_FS, 0)) &&
           ALLOW(context, arch_prctl, 1, SCMP_A0(SCMP_CMP_EQ, ARCH_SET_FS, 0)) &&
           ALLOW(context, tgkill, 1, SCMP_A0(SCMP_CMP_EQ, OWN_NUMBER, 0)); /* abort() */
}

/* Reads the program that libseccomp wrote. False: it is not as it is expected to be. */
static bool take_program(int fd)
{
    const ssize_t bytes = read(fd, filter.program, sizeof filter.program);
    unsigned found = 0;

    if (bytes <= 0 || (size_t)bytes >= sizeof filter.program)
        return false;
    const unsigned steps = (unsigned)((size_t)bytes / sizeof filter.program[0]);
    for (unsigned s = 0; s < steps; s++)
        if (filter.program[s].k == OWN_NUMBER) {
            filter.own_number_at = (unsigned short)s;
            found++;
        }
    filter.steps = found == 1 ? (unsigned short)steps : 0;
    return found == 1;
}

static bool make_program(void)
{
    scmp_filter_ctx context = seccomp_init(SCMP_ACT_TRAP);
    int ends[2] = {-1, -1}; /* a pipe: what goes through it is no file, which a limit could keep short */
    const bool piped = pipe2(ends, O_CLOEXEC | O_NONBLOCK) == 0;
    /* Calls by another processor's numbers, too, end as a guest's fault; and the program is a tree, not a list. */
    const bool made = context != NULL && piped &&
                      seccomp_attr_set(context, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_TRAP) == 0 &&
                      seccomp_attr_set(context, SCMP_FLTATR_CTL_OPTIMIZE, 2) == 0 && add_rules(context) &&
                      seccomp_export_bpf(context, ends[1]) == 0 && take_program(ends[0]);

    if (piped) {
        close(ends[0]);
        close(ends[1]);
    }
    seccomp_release(context);
    return made;
}

static bool kernel_filters(void)
{
    const uint32_t action = SECCOMP_RET_TRAP;

    return syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;
}

const char *confinement_prepare(void)
{
    const bool filters = kernel_filters();

    filter.refuses_guests = containment_can_refuse_system_calls();
    if (filters && filter.steps == 0 && !make_program())
        return "libseccomp makes no filter for system calls: guests' code runs with your rights "
               "(docs/security.md)";
    if (!filters && !filter.refuses_guests)
        return "this kernel filters no system calls: guests' code runs with your rights (docs/security.md)";
    if (!filters)
        return "this kernel has no seccomp: a guest that takes over its process has your rights "
               "(docs/security.md)";
    if (!filter.refuses_guests)
        return "this kernel can't tell a guest's system calls from Ballast's (Linux 5.11 can): those that a "
               "run needs are "
               "open to guests (docs/security.md)";
    return NULL;
}

static bool install_filter(void)
{
    const struct sock_fprog program = {.len = filter.steps, .filter = filter.program};

    assert(filter.own_number_at < filter.steps);
    filter.program[filter.own_number_at].k = (uint32_t)getpid();
    /* A process without privileges may be filtered only if it can't get any; it is not asked to run slower, either. */
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_SPEC_ALLOW, &program) == 0;
}

/* Standard input and output are the parent's: a run reads and prints nothing. */
static bool drop_standard_streams(void)
{
    const int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    const bool dropped =
        nothing >= 0 && dup2(nothing, STDIN_FILENO) >= 0 && dup2(nothing, STDOUT_FILENO) >= 0;

    if (nothing > STDERR_FILENO)
        close(nothing);
    return dropped;
}

static void limit(int resource, rlim_t most)
{
    struct rlimit limits;

    if (getrlimit((__rlimit_resource_t)resource, &limits) != 0)
        return;
    if (limits.rlim_cur > most)
        limits.rlim_cur = most;
    if (limits.rlim_max > most)
        limits.rlim_max = most;
    (void)setrlimit((__rlimit_resource_t)resource, &limits);
}

bool confinement_enter(enum confinement how)
{
    if (how == CONFINE_NOTHING)
        return true;
    if (how == CONFINE_ALTOGETHER) {
        if (!drop_standard_streams())
            return false;
        limit(RLIMIT_NPROC, 0);
        limit(RLIMIT_FSIZE, FILE_BYTES);
    }
    if (filter.refuses_guests && !containment_refuse_system_calls())
        return false;
    return how != CONFINE_ALTOGETHER || filter.steps == 0 || install_filter();
}
