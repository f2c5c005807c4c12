/* SPDX-License-Identifier: BSD-2-Clause */
/* A command of the toolstack that is being run: its words, and what it prints. */
#ifndef SIM_TOOLSTACK_COMMAND_H
#define SIM_TOOLSTACK_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

#define EXIT_OK    0
#define EXIT_FAIL  1
#define EXIT_USAGE 2

struct domain;
struct machine;
struct xenstore;

struct command {
    struct machine *machine;
    struct xenstore *xs;
    int argc; /* argv[0] is the program, or the sub-command of xl and xm */
    char **argv;
    char *output; /* standard output and error in one, as a terminal shows them */
    size_t used, room;
};

/* Appends to what the command prints; what doesn't fit is dropped. */
__attribute__((format(printf, 2, 3))) void say(struct command *, const char *format, ...);

/* One that plays dom0 is xl's domain 0, whatever its number here; NULL: the text doesn't name it, or there is none. */
struct domain *domain_zero(struct command *, const char *text);
/* The domain of that name or number; NULL: there is none. */
struct domain *domain_named(struct command *, const char *text);

/* Removes the options of one letter that `known` lists from argv, and sets the bit of each in *given. False: one is
 * unknown, and getopt's message was printed. */
bool options_take(struct command *, const char *known, unsigned *given);

#endif
