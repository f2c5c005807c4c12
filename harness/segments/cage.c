/* SPDX-License-Identifier: BSD-2-Clause */
/* A long jump out of whatever ran, on a stack of its own for signals. */
#include "harness/segments/cage.h"

#include <assert.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#define SIGNAL_STACK_BYTES 65536u
#define GRACE_S            5u

static sigjmp_buf way_out;
static volatile sig_atomic_t occupied;
static enum small_world_stop left_by;
static char left_with[SMALL_WORLD_TEXT_MAX], signal_stack[SIGNAL_STACK_BYTES];

void cage_leave(enum small_world_stop how, const char *text)
{
    if (!occupied)
        abort();
    left_by = how;
    snprintf(left_with, sizeof left_with, "%s", text);
    siglongjmp(way_out, 1);
}

static void on_signal(int number)
{
    cage_leave(SMALL_WORLD_SIGNAL, sigabbrev_np(number) != NULL ? sigabbrev_np(number) : "?");
}

static volatile sig_atomic_t time_is_up;

static void on_time(int number)
{
    (void)number;
    time_is_up = 1;
}

bool cage_time_is_up(void)
{
    return time_is_up != 0;
}

bool cage_limit(unsigned cpu_s, unsigned long memory_bytes)
{
    const struct rlimit cpu = {cpu_s, cpu_s + GRACE_S}, memory = {memory_bytes, memory_bytes},
                        no_core = {0, 0};

#ifndef BALLAST_SANITIZED /* the sanitizer's own memory is larger than any limit */
    if (setrlimit(RLIMIT_AS, &memory) != 0)
        return false;
#endif
    (void)memory;
    return setrlimit(RLIMIT_CPU, &cpu) == 0 && setrlimit(RLIMIT_CORE, &no_core) == 0;
}

bool cage_begin(void)
{
    static const int signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL};
    const stack_t stack = {.ss_sp = signal_stack, .ss_size = SIGNAL_STACK_BYTES};
    struct sigaction fault = {.sa_handler = on_signal, .sa_flags = SA_ONSTACK | SA_NODEFER},
                     timer = {.sa_handler = on_time, .sa_flags = SA_ONSTACK | SA_RESTART};
    bool good = sigaltstack(&stack, NULL) == 0;

    sigemptyset(&fault.sa_mask);
    sigemptyset(&timer.sa_mask);
    for (size_t s = 0; s < sizeof signals / sizeof signals[0]; s++)
        good = good && sigaction(signals[s], &fault, NULL) == 0;
    return good && sigaction(SIGXCPU, &timer, NULL) == 0;
}

bool cage_call(
    void (*code)(void *), void *context, enum small_world_stop *how, char text[SMALL_WORLD_TEXT_MAX])
{
    assert(!occupied);
    if (sigsetjmp(way_out, 0) != 0) {
        occupied = 0;
        *how = left_by;
        memcpy(text, left_with, SMALL_WORLD_TEXT_MAX);
        return false;
    }
    occupied = 1;
    code(context);
    occupied = 0;
    return true;
}
