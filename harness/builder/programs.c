/* SPDX-License-Identifier: BSD-2-Clause */
/* Starts programs with posix_spawn, and waits for each of them by its own number. */
#include "harness/builder/programs.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stddef.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static bool start(struct program *program, pid_t *pid)
{
    posix_spawn_file_actions_t actions;

    assert(program->arguments.count > 0 && program->said != NULL);
    program->error = program->arguments.failed ? ENOMEM : posix_spawn_file_actions_init(&actions);
    if (program->error != 0)
        return false;
    program->error = posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    if (program->error == 0)
        program->error = posix_spawn_file_actions_addopen(
            &actions, STDOUT_FILENO, program->said, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    if (program->error == 0)
        program->error = posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
    if (program->error == 0 && program->folder != NULL)
        program->error = posix_spawn_file_actions_addchdir_np(&actions, program->folder);
    if (program->error == 0)
        program->error =
            posix_spawnp(pid, program->arguments.list[0], &actions, NULL, program->arguments.list, environ);
    posix_spawn_file_actions_destroy(&actions);
    return program->error == 0;
}

static void await(struct program *program, pid_t pid)
{
    int status = 0;
    pid_t ended;

    do
        ended = waitpid(pid, &status, 0);
    while (ended < 0 && errno == EINTR);
    program->succeeded = ended == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

void programs_run(struct program *programs, size_t count, size_t at_a_time)
{
    pid_t pids[16];

    assert(at_a_time > 0 && at_a_time <= sizeof pids / sizeof pids[0]);
    for (size_t first = 0; first < count; first += at_a_time) {
        const size_t last = first + at_a_time < count ? first + at_a_time : count;
        for (size_t p = first; p < last; p++)
            if (programs[p].arguments.count == 0 || !start(&programs[p], &pids[p - first]))
                pids[p - first] = 0;
        for (size_t p = first; p < last; p++)
            if (pids[p - first] != 0)
                await(&programs[p], pids[p - first]);
    }
}
