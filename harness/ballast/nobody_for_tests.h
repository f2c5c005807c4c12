/* SPDX-License-Identifier: BSD-2-Clause */
/* For tests of what the system forbids: nothing is forbidden to root, as whom tests may run. */
#ifndef HARNESS_BALLAST_NOBODY_FOR_TESTS_H
#define HARNESS_BALLAST_NOBODY_FOR_TESTS_H

#include <stdbool.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOBODY_UID 65534u

/* Does it hold in a process that is not root's? */
static inline bool holds_for_nobody(bool (*holds)(void))
{
    int status = 1;
    const pid_t pid = fork();

    if (pid == 0)
        _exit((geteuid() != 0 || setuid(NOBODY_UID) == 0) && holds() ? 0 : 1);
    return pid > 0 && waitpid(pid, &status, 0) == pid && status == 0;
}

#endif
