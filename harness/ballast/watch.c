/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Each run is a process of its own, this program without --watch. Watched are folders, for an editor puts a new file in a
 * file's place; and they are watched before a run begins, so that no change is missed while it lasts.
 */
#include "harness/ballast/watch.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/ballast/called.h"
#include "harness/ballast/options.h"
#include "harness/ballast/stderr_line.h"
#include "harness/language/included.h"
#include "sim/array.h"

#define CHANGES (IN_CLOSE_WRITE | IN_MOVED_TO)

struct watched {
    int folder;              /* inotify's number of it */
    char name[NAME_MAX + 1]; /* of the file in it; "": any file in it counts */
};

struct watch {
    int fd;
    struct watched *list;
    size_t count, room;
};

/* False: errno says why. */
static bool add(struct watch *watch, const char *folder, const char *name)
{
    const int number = inotify_add_watch(watch->fd, *folder != '\0' ? folder : ".", CHANGES);

    if (number < 0 || !ARRAY_ONE_MORE(watch->list, watch->room, watch->count))
        return false;
    watch->list[watch->count].folder = number;
    snprintf(watch->list[watch->count].name, sizeof watch->list[0].name, "%s", name);
    watch->count++;
    return true;
}

/* A file, or a folder with all that is in it. What is not there is not watched: its run says so. */
static bool add_path(struct watch *watch, const char *path)
{
    const char *slash = strrchr(path, '/');
    char folder[PATH_MAX];
    struct stat status;

    if (stat(path, &status) == 0 && S_ISDIR(status.st_mode))
        return add(watch, path, "");
    snprintf(folder, sizeof folder, "%.*s", slash != NULL ? (int)(slash - path) + 1 : 0, path);
    return add(watch, folder, slash != NULL ? slash + 1 : path) || errno == ENOENT || errno == ENOTDIR;
}

/* The scenario and what it includes now. */
static bool add_scenario(struct watch *watch, const char *path)
{
    struct complaint complaint;
    size_t bytes, all_bytes, name_bytes;
    char *text = scenario_text(path, &bytes, &complaint), file[PATH_MAX];
    char *all = text != NULL ? included_all(path, text, bytes, &all_bytes) : NULL;
    bool ok = add_path(watch, path);
    const char *name;

    for (const char *line = all != NULL ? all + bytes : ""; ok && *line != '\0';
         line += strcspn(line, "\n"), line += *line == '\n')
        if (scenario_begins_file(line, strcspn(line, "\n"), &name, &name_bytes)) {
            scenario_file_path(path, name, name_bytes, file, sizeof file);
            ok = add_path(watch, file);
        }
    free(all);
    free(text);
    return ok;
}

/* What is watched already stays so: what is included may have changed. */
static bool add_all(struct watch *watch, const struct replay_options *options)
{
    bool ok = true;

    watch->count = 0;
    for (size_t f = 0; ok && f < options->nr_files; f++)
        ok = add_scenario(watch, options->files[f]);
    for (size_t p = 0; ok && p < RECIPE_PARTS_MAX; p++)
        for (char **file = options->guest.parts[p]; ok && file != NULL && *file != NULL; file++)
            ok = add_path(watch, *file);
    return ok;
}

static bool is_watched(const struct watch *watch, const struct inotify_event *event)
{
    for (size_t w = 0; w < watch->count; w++)
        if (watch->list[w].folder == event->wd &&
            (watch->list[w].name[0] == '\0' || strcmp(watch->list[w].name, event->name) == 0))
            return true;
    return false;
}

/* Waits until a file has changed, and puts its name into changed. False: errno says why it can't wait. */
static bool wait_for_change(const struct watch *watch, char changed[NAME_MAX + 1])
{
    _Alignas(struct inotify_event) char events[16 * (sizeof(struct inotify_event) + NAME_MAX + 1)];
    bool any = false;

    while (!any) {
        const ssize_t bytes = read(watch->fd, events, sizeof events);
        if (bytes < 0 && errno != EINTR)
            return false;
        for (ssize_t at = 0; at < bytes;) {
            const struct inotify_event *event = (const void *)(events + at);
            if (event->len > 0 && is_watched(watch, event)) {
                snprintf(changed, NAME_MAX + 1, "%s", event->name);
                any = true;
            }
            at += (ssize_t)(sizeof *event + event->len);
        }
    }
    return true;
}

/* The program with the same arguments but --watch. */
static bool run_once(int count, const char **arguments)
{
    const pid_t child = fork();
    int status = 0;

    if (child < 0)
        return false;
    if (child == 0) {
        const char **words = calloc((size_t)count + 2, sizeof *words);
        size_t given = 0;
        bool is_option = true;
        if (words == NULL)
            _exit(VERDICT_ERROR);
        words[given++] = called_program();
        for (int a = 0; a < count; a++) {
            if (strcmp(arguments[a], "--") == 0)
                is_option = false;
            if (!is_option || strcmp(arguments[a], "--watch") != 0)
                words[given++] = arguments[a];
        }
        execv("/proc/self/exe", (char *const *)(uintptr_t)words);
        _exit(VERDICT_ERROR);
    }
    /* It tells what it has found when ^C comes, and this process ends behind it. */
    void (*const before)(int) = signal(SIGINT, SIG_IGN);
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    signal(SIGINT, before);
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGINT)
        raise(SIGINT);
    return true;
}

int watch_replay(const struct replay_options *options, int count, const char **arguments)
{
    struct watch watch = {.fd = inotify_init1(IN_CLOEXEC)};
    char changed[NAME_MAX + 1];

    assert(count > 0);
    while (watch.fd >= 0 && add_all(&watch, options) && run_once(count, arguments)) {
        printf("-- waiting for a change of %zu file%s; Ctrl-C ends it\n", watch.count,
            watch.count == 1 ? "" : "s");
        fflush(stdout);
        if (!wait_for_change(&watch, changed))
            break;
        printf("-- %s has changed\n", changed);
        fflush(stdout);
    }
    stderr_line("--watch: %s", strerror(errno));
    free(watch.list);
    if (watch.fd >= 0)
        close(watch.fd);
    return VERDICT_ERROR;
}
