/* SPDX-License-Identifier: BSD-2-Clause */
/* Looks after descriptors 0, 1 and 2, whatever the caller left of them. */
#include "harness/ballast/streams.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "harness/run/runner.h"

static bool is_open(int fd)
{
    return fcntl(fd, F_GETFD) >= 0;
}

bool streams_begin(void)
{
    const bool output = is_open(STDOUT_FILENO);

    /* A file that is opened later would get a closed one's number, and what is printed would be written over it. */
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (!is_open(fd) &&
            open("/dev/null", O_RDWR) != fd) { /* in turn, each gets the lowest number that is free */
            fprintf(stderr, "ballast: descriptor %d is closed, and can't be opened: /dev/null: %s\n", fd,
                strerror(errno));
            return false;
        }
    if (!output)
        fputs("ballast: standard output is closed, and results could not be written\n", stderr);
    /* Whoever started this may have ignored it, and then no process of ours could be waited for. */
    signal(SIGCHLD, SIG_DFL);
    /* Past `ulimit -f` a write fails then, and where it was is said. */
    signal(SIGXFSZ, SIG_IGN);
    return output;
}

/*
 * Of a write that failed in the middle stdio keeps only that it did. One byte more fails for the same reason; if it does not, what
 * was printed is not whole all the same.
 */
static void ask_why(void)
{
    errno = 0;
    (void)!write(STDOUT_FILENO, "\n", 1);
}

int streams_end(int code)
{
    errno = 0;
    if (fflush(stdout) == 0 && ferror(stdout) == 0 && close(STDOUT_FILENO) == 0)
        return code;
    if (errno == 0)
        ask_why();
    fprintf(stderr, "ballast: what was to be printed can't be written whole%s%s\n", errno != 0 ? ": " : "",
        errno != 0 ? strerror(errno) : "");
    return VERDICT_ERROR;
}
