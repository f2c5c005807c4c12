/* SPDX-License-Identifier: BSD-2-Clause */
/* Chromium, started without a window, and its DevTools protocol through two pipes. What is asked of it is not known here. */
#ifndef HARNESS_TESTS_BROWSER_DEVTOOLS_H
#define HARNESS_TESTS_BROWSER_DEVTOOLS_H

#include <jansson.h>
#include <stdbool.h>
#include <sys/types.h>

struct devtools {
    pid_t pid;
    int to, from;
    char *got; /* what was read and is no whole message yet */
    size_t got_bytes, got_room;
    int last_id;
    char session[128]; /* of the page; "": none yet, and calls are to the browser itself */
    /* Each message that is no answer. */
    void (*event)(void *context, const char *method, const json_t *params);
    void *context;
};

/* Its files are in `profile`, a folder that is there. False, with a line on standard error. */
bool devtools_start(struct devtools *, const char *program, const char *profile);
/* Takes the params. The answer's result; what goes wrong ends the process with a line on standard error. */
json_t *devtools_call(struct devtools *, const char *method, json_t *params);
/* Reads messages for so long; each is told as an event. */
void devtools_wait(struct devtools *, unsigned ms);
void devtools_stop(struct devtools *);

#endif
