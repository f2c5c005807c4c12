/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Worker processes: one is forked for each job, in a process group of its own, and writes its outcome to a file in memory
 * (outcome_file.h). For a worker that ends without an outcome, or not in time, one is made up here.
 */
#include "harness/ballast/worker.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "harness/ballast/interrupt.h"
#include "harness/ballast/outcome_file.h"
#include "harness/image/image_cache.h"

#define LOOK_AGAIN_MS 5u /* where the kernel doesn't tell when a process ends */

/* So many results wait at most for one before them: each is a file in memory, and an open one. */
#define AHEAD_MAX 128u

struct worker {
    pid_t pid;     /* 0: not started, or ended */
    int pid_fd;    /* readable when it has ended; -1: the kernel has no such thing */
    int memory_fd; /* its outcome */
    uint64_t started_ms;
    uint64_t wall_ms;     /* of one that has ended: how long it took */
    uint64_t deadline_ms; /* when it is told that its time is over; after that, when it is told again */
    uint64_t end_ms;      /* when it is ended; 0: its time is not over yet */
    bool ended, delivered;
    uint64_t kernels_missed;
    enum verdict made_up; /* PASS: the worker's own outcome counts */
    char sentence[160];
};

static uint64_t wall_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* ---- in the worker ------------------------------------------------------------------------------ */

/* Its outcome could not be left: there is no memory, or a limit is in the way. */
#define STATUS_NO_ROOM 90

static int by_number(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

/* Of what the parent has open a worker needs the standard three, images' files, and what takes its outcome. */
static void close_all_but(int memory_fd)
{
    int kept[KERNELS_MAX + 1];
    size_t count = image_cache_files(kept);
    unsigned from = STDERR_FILENO + 1;

    kept[count++] = memory_fd;
    qsort(kept, count, sizeof kept[0], by_number);
    for (size_t k = 0; k < count; k++) {
        const unsigned fd = (unsigned)kept[k];
        if (fd > from)
            (void)close_range(from, fd - 1, 0);
        if (fd >= from)
            from = fd + 1;
    }
    (void)close_range(from, UINT_MAX, 0);
}

static _Noreturn void be_worker(const struct workers *workers, size_t job, int memory_fd, pid_t parent)
{
    struct outcome outcome = {.verdict = VERDICT_ERROR};

    /* When the parent ends, its workers end, too; it may be gone already. */
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(1);
    interrupt_forget();
    setpgid(0, 0);
    close_all_but(memory_fd);
    workers->work(workers->context, job, &outcome);
    bool ok = outcome_file_write(memory_fd, &outcome, image_cache_missed());
#ifdef BALLAST_COVERAGE
    exit(ok ? 0 : STATUS_NO_ROOM); /* so that gcov's counters are written */
#else
    _exit(ok ? 0 : STATUS_NO_ROOM); /* so that the parent's buffered output is not written a second time */
#endif
}

/* ---- in the parent ------------------------------------------------------------------------------ */

static bool start(const struct workers *workers, size_t job, struct worker *all)
{
    struct worker *worker = &all[job];
    const pid_t parent = getpid();

    assert(worker->pid == 0 && !worker->ended);
    worker->memory_fd = outcome_file_new();
    if (worker->memory_fd < 0)
        return false;
    fflush(NULL);
    worker->started_ms = wall_ms();
    worker->deadline_ms = worker->started_ms + workers->timeout_ms;
    worker->pid = fork();
    if (worker->pid == 0)
        be_worker(workers, job, worker->memory_fd, parent);
    if (worker->pid > 0) {
        setpgid(worker->pid, worker->pid); /* it does so, too: whoever comes first */
        worker->pid_fd = pidfd_open(worker->pid, 0);
        return true;
    }
    worker->pid = 0;
    close(worker->memory_fd);
    return false;
}

/* What nobody here sent, and no error of a program raises by itself: who does so, and why. NULL: it is none of these. */
static const char *sent_from_outside(int signal)
{
    struct rlimit limit;

    switch (signal) {
    case SIGKILL:
        return getrlimit(RLIMIT_CPU, &limit) == 0 && limit.rlim_max != RLIM_INFINITY
                   ? "; the kernel does so past ulimit -t, and when memory runs out"
                   : "; the kernel does so when memory runs out (dmesg says)";
    case SIGXCPU:
        return ": it used up the processor time that ulimit -t allows";
    case SIGXFSZ:
        return ": it wrote more than ulimit -f allows a file";
    case SIGTERM:
    case SIGINT:
    case SIGHUP:
    case SIGQUIT:
    case SIGALRM:
    case SIGPIPE:
    case SIGUSR1:
    case SIGUSR2:
    case SIGVTALRM:
    case SIGPROF:
    case SIGIO:
    case SIGPWR:
        return "";
    default:
        return NULL;
    }
}

static void tell_signal(struct worker *worker, int signal)
{
    const char *outside = sent_from_outside(signal);

    worker->made_up = VERDICT_ERROR;
    if (outside != NULL)
        snprintf(worker->sentence, sizeof worker->sentence,
            "its worker process was ended from outside (signal %d, %s)%s", signal, strsignal(signal),
            outside);
    else
        snprintf(worker->sentence, sizeof worker->sentence,
            "the worker process died of signal %d (%s): a fault of "
            "Ballast's own, unless the guest wrote over its memory; please report it",
            signal, strsignal(signal));
}

static void tell_status(struct worker *worker, int status)
{
    worker->made_up = VERDICT_ERROR;
    if (status == STATUS_NO_ROOM)
        snprintf(worker->sentence, sizeof worker->sentence,
            "the worker process had no room to leave its outcome: memory is short, or ulimit -f allows too "
            "little");
    else
        snprintf(worker->sentence, sizeof worker->sentence,
            "the worker process ended with status %d: a fault of "
            "Ballast's own, unless the guest made system calls; please report it",
            status);
}

/* Has it ended? Then it is still there to be reaped, and its number is nobody else's. */
static bool has_ended(const struct worker *worker)
{
    siginfo_t info = {0};

    return waitid(P_PID, (id_t)worker->pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
           info.si_pid == worker->pid;
}

/* It has ended, or is killed here. With it goes whatever it has started. */
static void reap(struct worker *worker)
{
    int status = 0;

    assert(worker->pid > 0);
    kill(-worker->pid, SIGKILL);
    while (waitpid(worker->pid, &status, 0) < 0 && errno == EINTR)
        ;
    if (worker->pid_fd >= 0)
        close(worker->pid_fd);
    worker->pid = 0;
    worker->ended = true;
    worker->wall_ms = wall_ms() - worker->started_ms;
    if (worker->made_up != VERDICT_PASS)
        return;
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU && worker->end_ms != 0)
        worker->made_up = VERDICT_TIMEOUT; /* it was told so before it could say where it was */
    else if (WIFSIGNALED(status))
        tell_signal(worker, WTERMSIG(status));
    else if (WEXITSTATUS(status) != 0)
        tell_status(worker, WEXITSTATUS(status));
}

/* How often a worker is told that its time is over: the signal may find it where it can't stop. */
#define TOLD_EVERY_MS 100u

/* Its time is over: it is told so, and has a while to say where it was. */
static void stop(const struct workers *workers, struct worker *worker, uint64_t now_ms)
{
    if (worker->end_ms == 0) {
        worker->end_ms = now_ms + workers->grace_ms;
        snprintf(worker->sentence, sizeof worker->sentence,
            "not done after %u.%03u s of wall clock (--timeout gives it more)", workers->timeout_ms / 1000,
            workers->timeout_ms % 1000);
    }
    if (now_ms < worker->end_ms) {
        kill(worker->pid, SIGXCPU);
        worker->deadline_ms =
            now_ms + TOLD_EVERY_MS < worker->end_ms ? now_ms + TOLD_EVERY_MS : worker->end_ms;
        return;
    }
    kill(worker->pid, SIGKILL);
    worker->made_up = VERDICT_TIMEOUT;
    reap(worker);
}

/* Of a worker that was told that its time is over: where it was, by its own words. */
static void add_where_it_was(
    const struct worker *worker, struct outcome *outcome, char *out, size_t out_bytes)
{
    if (outcome->verdict != VERDICT_TIMEOUT)
        return;
    snprintf(out, out_bytes, "%s\n%s",
        worker->end_ms != 0 ? worker->sentence : "it used up the processor time that ulimit -t allows",
        outcome->sentence);
    outcome->sentence = out;
}

static void deliver(const struct workers *workers, size_t job, struct worker *worker)
{
    struct outcome outcome = {.verdict = worker->made_up, .sentence = worker->sentence, .places = ""};
    struct outcome_left left = {0};
    char both[2600];

    assert(worker->ended);
    if (worker->made_up == VERDICT_PASS &&
        (!outcome_file_open(worker->memory_fd, &left) ||
            !outcome_file_read(left.memory, left.bytes, &outcome, &worker->kernels_missed))) {
        outcome.verdict = VERDICT_ERROR;
        if (left.no_memory)
            snprintf(both, sizeof both, "no memory to look at what the worker process left");
        else
            snprintf(both, sizeof both,
                "the worker process left no outcome (%s): a fault of Ballast's own, unless the guest made "
                "system calls; please report it",
                left.memory != NULL ? OUTCOME_NOT_WHOLE : left.missing);
        outcome.sentence = both;
    } else if (worker->made_up == VERDICT_PASS)
        add_where_it_was(worker, &outcome, both, sizeof both);
    outcome.wall_ms = worker->wall_ms;
    workers->deliver(workers->context, job, &outcome);
    outcome_file_close(&left);
    close(worker->memory_fd);
}

/* ^C ends the wait, too, also one that comes between the look at it and the wait: the signal is blocked until ppoll waits. */
static void poll_or_interrupt(struct pollfd *polled, nfds_t count, uint64_t wait_ms)
{
    const struct timespec wait = {
        .tv_sec = (time_t)(wait_ms / 1000), .tv_nsec = (long)(wait_ms % 1000) * 1000000};
    sigset_t interrupt, before;

    sigemptyset(&interrupt);
    sigaddset(&interrupt, SIGINT);
    sigprocmask(SIG_BLOCK, &interrupt, &before);
    if (!interrupt_seen())
        ppoll(polled, count, &wait, &before);
    sigprocmask(SIG_SETMASK, &before, NULL);
}

/* Waits until one of [first, end) ends or has used up its time. */
static void wait_for_any(const struct workers *workers, struct worker *all, size_t first, size_t end)
{
    assert(first < end); /* the caller has started at least one */
    struct pollfd polled[end - first];
    const uint64_t now_ms = wall_ms();
    uint64_t next_ms = UINT64_MAX;

    for (size_t w = first; w < end; w++) {
        const bool alive = all[w].pid > 0;
        polled[w - first] = (struct pollfd){.fd = alive ? all[w].pid_fd : -1, .events = POLLIN};
        if (alive && all[w].deadline_ms < next_ms)
            next_ms = all[w].deadline_ms;
        if (alive && all[w].pid_fd < 0 && now_ms + LOOK_AGAIN_MS < next_ms)
            next_ms = now_ms + LOOK_AGAIN_MS;
    }
    assert(next_ms != UINT64_MAX);
    poll_or_interrupt(polled, (nfds_t)(end - first), next_ms <= now_ms ? 0 : next_ms - now_ms);
    for (size_t w = first; w < end; w++) {
        if (all[w].pid <= 0)
            continue;
        if ((polled[w - first].revents != 0 || all[w].pid_fd < 0) && has_ended(&all[w]))
            reap(&all[w]);
        else if (wall_ms() >= all[w].deadline_ms)
            stop(workers, &all[w], wall_ms());
    }
}

static void end_all(struct worker *all, size_t first, size_t end)
{
    for (size_t w = first; w < end; w++) {
        if (all[w].pid > 0) {
            kill(all[w].pid, SIGKILL);
            reap(&all[w]);
        }
        if (all[w].ended && !all[w].delivered)
            close(all[w].memory_fd);
    }
}

/* So many of what this process may open at once, at most. */
static size_t share_of_descriptors(size_t wanted, unsigned part)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur / part >= wanted)
        return wanted;
    return limit.rlim_cur / part > 0 ? (size_t)limit.rlim_cur / part : 1;
}

/* Starts as many as may run now. False, with errno: none can be started, and none runs whose end would make room. */
static bool start_some(const struct workers *workers, struct worker *all, size_t delivered, size_t *started)
{
    /* One that runs takes two, and a worker has open what its parent has: half are left to it. */
    const size_t at_a_time = share_of_descriptors(workers->at_a_time, 8),
                 ahead = share_of_descriptors(AHEAD_MAX, 4);
    size_t running = 0;

    for (size_t w = delivered; w < *started; w++)
        running += all[w].pid > 0;
    while (running < at_a_time && *started < workers->nr_jobs && *started - delivered < at_a_time + ahead) {
        if (!start(workers, *started, all))
            return running > 0;
        ++*started;
        running++;
    }
    return true;
}

bool workers_run(const struct workers *workers)
{
    assert(workers->at_a_time > 0 && workers->timeout_ms > 0);
    assert(workers->work != NULL && workers->deliver != NULL);

    struct worker *all = calloc(workers->nr_jobs + 1, sizeof *all);
    size_t delivered = 0, started = 0;
    bool ok = all != NULL;

    while (ok && delivered < workers->nr_jobs && !interrupt_seen()) {
        ok = start_some(workers, all, delivered, &started);
        if (!ok)
            break;
        wait_for_any(workers, all, delivered, started);
        while (delivered < started && all[delivered].ended) {
            deliver(workers, delivered, &all[delivered]);
            all[delivered].delivered = true;
            if (started < workers->nr_jobs)
                image_cache_fill(all[delivered].kernels_missed);
            delivered++;
        }
    }
    const int why = errno;
    if (all != NULL)
        end_all(all, delivered, started);
    image_cache_empty();
    free(all);
    errno = why;
    return ok;
}
