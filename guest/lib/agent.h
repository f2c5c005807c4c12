/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A guest's agent: it takes the command lines that a scenario gives to the guest, one at a time, and answers each with an
 * exit status, as a shell does, and a text. The kernel says which words there are and how to wait for a line.
 */
#ifndef GUEST_LIB_AGENT_H
#define GUEST_LIB_AGENT_H

#include <stddef.h>

#include "guest/lib/output.h"

#define AGENT_NOT_FOUND 127 /* the status that a shell gives when there is no such command */

struct agent {
    char *line; /* room for one command line and a NUL */
    size_t line_bytes;
    char *text; /* room for one answer and a NUL */
    size_t text_bytes;
    int (*run)(struct output *, const char *line); /* returns the status */
    void (*wait)(void);                            /* returns when PORT_AGENT_EVTCHN was raised, or earlier */
};

void agent_serve(const struct agent *) __attribute__((noreturn));

/* A row of a table of words. The function of the line's first word gets the rest of the line. */
struct agent_word {
    const char *word;
    int (*run)(struct output *, const char *args);
};

int agent_run(const struct agent_word *, size_t words, struct output *, const char *line);

#endif
