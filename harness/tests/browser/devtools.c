/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages are JSON, each ended by NUL: --remote-debugging-pipe reads them from descriptor 3 and writes them to 4. */
#include "harness/tests/browser/devtools.h"

#include <err.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define READ_BYTES (1u << 16)
#define FAILED     2

static unsigned long long now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (unsigned long long)now.tv_sec * 1000 + (unsigned long long)now.tv_nsec / 1000000;
}

static _Noreturn void become_browser(const char *program, const char *profile, int in, int out)
{
    char data[4096];
    const char *arguments[20] = {program, "--headless", "--remote-debugging-pipe", data, "--disable-gpu",
        "--no-first-run", "--disable-extensions", "--disable-background-networking", "--disable-sync",
        "--disable-component-update", "--hide-scrollbars", "--mute-audio"};
    size_t count = 12;

    snprintf(data, sizeof data, "--user-data-dir=%s", profile);
    if (getuid() == 0)
        arguments[count++] = "--no-sandbox"; /* Chromium refuses root otherwise */
    arguments[count] = "about:blank";
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    in = fcntl(in, F_DUPFD, 10); /* out of the way of 3 and 4 */
    out = fcntl(out, F_DUPFD, 10);
    const int nowhere = open("/dev/null", O_WRONLY);
    if (in < 0 || out < 0 || nowhere < 0 || dup2(in, 3) < 0 || dup2(out, 4) < 0 || dup2(nowhere, 1) < 0 ||
        dup2(nowhere, 2) < 0)
        _exit(127);
    execvp(program, (char *const *)arguments);
    _exit(127);
}

bool devtools_start(struct devtools *tools, const char *program, const char *profile)
{
    int to[2], from[2];

    if (pipe2(to, O_CLOEXEC) != 0 || pipe2(from, O_CLOEXEC) != 0) {
        warn("a pipe");
        return false;
    }
    signal(SIGPIPE, SIG_IGN);
    tools->pid = fork();
    if (tools->pid == 0)
        become_browser(program, profile, to[0], from[1]);
    close(to[0]);
    close(from[1]);
    tools->to = to[1];
    tools->from = from[0];
    if (tools->pid > 0)
        return true;
    warn("%s", program);
    return false;
}

/* One more read, at most so long. False: nothing came. */
static bool read_some(struct devtools *tools, int ms)
{
    struct pollfd polled = {.fd = tools->from, .events = POLLIN};

    if (poll(&polled, 1, ms) <= 0)
        return false;
    if (tools->got_room - tools->got_bytes < READ_BYTES) {
        tools->got_room = 2 * tools->got_room + READ_BYTES;
        tools->got = realloc(tools->got, tools->got_room);
        if (tools->got == NULL)
            err(FAILED, "a message");
    }
    const ssize_t bytes = read(tools->from, tools->got + tools->got_bytes, READ_BYTES);
    if (bytes <= 0)
        errx(FAILED, "the browser has ended");
    tools->got_bytes += (size_t)bytes;
    return true;
}

/* The next whole message; NULL: there is none yet. */
static json_t *take_message(struct devtools *tools)
{
    json_error_t error;
    char *end = tools->got_bytes > 0 ? memchr(tools->got, '\0', tools->got_bytes) : NULL;

    if (end == NULL)
        return NULL;
    json_t *message = json_loads(tools->got, 0, &error);
    if (message == NULL)
        errx(FAILED, "a message of the browser is no JSON: %s", error.text);
    tools->got_bytes -= (size_t)(end + 1 - tools->got);
    memmove(tools->got, end + 1, tools->got_bytes);
    return message;
}

static void tell(struct devtools *tools, const json_t *message)
{
    const char *method = json_string_value(json_object_get(message, "method"));

    if (method != NULL)
        tools->event(tools->context, method, json_object_get(message, "params"));
}

json_t *devtools_call(struct devtools *tools, const char *method, json_t *params)
{
    json_t *call = json_pack("{s:i, s:s, s:o}", "id", ++tools->last_id, "method", method, "params",
        params != NULL ? params : json_object());

    if (tools->session[0] != '\0')
        json_object_set_new(call, "sessionId", json_string(tools->session));
    char *text = json_dumps(call, JSON_COMPACT);
    json_decref(call);
    if (text == NULL || write(tools->to, text, strlen(text) + 1) != (ssize_t)strlen(text) + 1)
        errx(FAILED, "the browser takes no message");
    free(text);
    for (;;) {
        json_t *message = take_message(tools);
        if (message == NULL) {
            (void)read_some(tools, -1);
            continue;
        }
        if (json_integer_value(json_object_get(message, "id")) == tools->last_id) {
            json_t *result = json_incref(json_object_get(message, "result"));
            if (result == NULL)
                errx(FAILED, "%s: %s", method,
                    json_string_value(json_object_get(json_object_get(message, "error"), "message")));
            json_decref(message);
            return result;
        }
        tell(tools, message);
        json_decref(message);
    }
}

void devtools_wait(struct devtools *tools, unsigned ms)
{
    const unsigned long long end = now_ms() + ms;

    for (unsigned long long now = now_ms();; now = now_ms()) {
        json_t *message = take_message(tools);
        if (message != NULL) {
            tell(tools, message);
            json_decref(message);
        } else if (now >= end || !read_some(tools, (int)(end - now)))
            return;
    }
}

void devtools_stop(struct devtools *tools)
{
    if (tools->pid <= 0)
        return;
    kill(-tools->pid, SIGKILL);
    waitpid(tools->pid, NULL, 0);
    free(tools->got);
    tools->pid = 0;
}
