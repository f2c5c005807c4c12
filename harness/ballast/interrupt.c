/* SPDX-License-Identifier: BSD-2-Clause */
/* Remembers that SIGINT came. */
#include "harness/ballast/interrupt.h"

#include <signal.h>
#include <stdio.h>

static volatile sig_atomic_t seen;
static bool begun;

static void on_interrupt(int signal)
{
    (void)signal;
    seen = 1;
}

void interrupt_begin(void)
{
    const struct sigaction action = {.sa_handler = on_interrupt, .sa_flags = (int)SA_RESETHAND};
    struct sigaction before;

    if (begun || sigaction(SIGINT, NULL, &before) != 0 || before.sa_handler != SIG_DFL)
        return;
    begun = sigaction(SIGINT, &action, NULL) == 0;
}

bool interrupt_seen(void)
{
    return seen != 0;
}

void interrupt_forget(void)
{
    if (begun)
        signal(SIGINT, SIG_DFL);
    begun = false;
}

int interrupt_end(int code)
{
    interrupt_forget();
    if (seen == 0)
        return code;
    fflush(NULL);
    raise(SIGINT); /* so that a shell that runs it again and again ends, too */
    return EXIT_INTERRUPTED;
}
