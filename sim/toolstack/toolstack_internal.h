/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the toolstack's files share: one command under way, its words and what it prints. Nobody outside
 * sim/toolstack*.c includes it.
 */
#ifndef SIM_TOOLSTACK_TOOLSTACK_INTERNAL_H
#define SIM_TOOLSTACK_TOOLSTACK_INTERNAL_H

#include "sim/toolstack/toolstack.h"

#define WORDS_MAX  64 /* of one command line */
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

/* A line split as a empty domain does, without globbing and variables. On refusal what is wrong, else NULL. */
struct words {
    char *text; /* the words' bytes; the caller frees */
    char *list[WORDS_MAX + 1];
    int count;
};
const char *words_split(struct words *, const char *line);

/* KiB from xl's notation, or -1. */
int64_t size_parse_kib(const char *text);

/* xl's options: removes those in `known` from argv, sets their bits in *given. False, with what getopt
 * would have said: one is unknown. */
bool options_take(struct command *, const char *known, unsigned *given);

/* One sub-command of xl or xm. A new one is a row in toolstack_xl.c's or toolstack_xm.c's table. */
struct subcommand {
    const char *name;
    int (*run)(struct command *);
    const char *usage, *description;
    bool modifies;   /* takes xl's -f */
    bool can_dryrun; /* takes xl's -N */
};

int xl_run(struct command *);                                   /* toolstack_xl.c; argv[0] is "xl" */
int xm_run(struct command *);                                   /* toolstack_xm.c */
int xl_usage(struct command *, const char *name, int required); /* too few arguments; EXIT_USAGE */

int xl_mem_set(struct command *); /* toolstack_memory.c */
int xl_mem_max(struct command *);
int xm_mem_set(struct command *);
int xm_mem_max(struct command *);

int xl_create(struct command *); /* xl_lifecycle.c */
int xl_destroy(struct command *);
int xl_shutdown(struct command *);
int xl_reboot(struct command *);
int xl_pause(struct command *);
int xl_unpause(struct command *);
int xl_save(struct command *);
int xl_restore(struct command *);

int xl_list(struct command *); /* toolstack_info.c */
int xl_info(struct command *);
int xl_domid(struct command *);
int xl_domname(struct command *);

/* What xl takes for a domain: a name, or any number. False, with its text: no such name. */
bool xl_find_domain(struct command *, const char *text, unsigned *domid);

/* xenstore-read and its kin (toolstack_xenstore.c). -1: it is none of them. */
int xenstore_tool_run(struct command *);

#endif
