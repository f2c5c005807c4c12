/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the toolstack's files share: one command under way, its words and what it prints. Nobody outside
 * sim/toolstack*.c includes it.
 */
#ifndef SIM_TOOLSTACK_TOOLSTACK_INTERNAL_H
#define SIM_TOOLSTACK_TOOLSTACK_INTERNAL_H

#include "sim/machine_state.h"
#include "sim/toolstack/command_line.h"
#include "sim/toolstack/toolstack.h"

#define EXIT_OK    0
#define EXIT_FAIL  1
#define EXIT_USAGE 2

struct command {
    struct machine *machine;
    struct xenstore *xs;
    int argc; /* argv[0] is the program, or the sub-command of xl and xm */
    char **argv;
    char *output; /* standard output and error in one, as a terminal shows them */
    size_t used, room;
};

/* Appends to what the command prints; what doesn't fit is left off. */
__attribute__((format(printf, 2, 3))) void say(struct command *, const char *format, ...);

/* xl's options: removes those in `known` from argv, sets their bits in *given. False, with what getopt
 * would have said: one is unknown. */
bool options_take(struct command *, const char *known, unsigned *given);

int xl_run(struct command *);                                   /* xl.c; argv[0] is "xl" */
int xm_run(struct command *);                                   /* xm.c */
int xl_usage(struct command *, const char *name, int required); /* too few arguments; EXIT_USAGE */

/* xl_ID of each row of xl_commands.h. */
#define X(id, name, usage, description, facts) int xl_##id(struct command *);
XL_COMMANDS(X)
#undef X
int xm_mem_set(struct command *);
int xm_mem_max(struct command *);

/* What xl takes for a domain: a name, or any number. False, with its text: no such name. */
bool xl_find_domain(struct command *, const char *text, unsigned *domid);

/* xenstore-read and its kin (xenstore_tools.c). -1: it is none of them. */
int xenstore_tool_run(struct command *);

#endif
