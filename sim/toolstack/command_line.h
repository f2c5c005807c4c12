/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A command line of the toolstack taken apart: into words, as a shell does it, and into what the words mean when
 * they begin with xl or xm. Words and sizes are read here and nowhere else: the toolstack runs what this file
 * has split, and the parser of scenarios, the runner and the invariants ask it what a line is about.
 *
 * Nothing is allocated: words lie in room that the caller brings, or inside struct command_line.
 */
#ifndef SIM_TOOLSTACK_COMMAND_LINE_H
#define SIM_TOOLSTACK_COMMAND_LINE_H

#include "sim/toolstack/xl_commands.h"

#include <stddef.h>
#include <stdint.h>

#define COMMAND_WORDS_MAX  64u
#define COMMAND_LINE_BYTES 512u /* command_line_split refuses a longer line */

struct words {
    char *list[COMMAND_WORDS_MAX + 1]; /* with a NULL behind the last */
    size_t at[COMMAND_WORDS_MAX];      /* where each begins in the line, in bytes */
    int count;
};

/*
 * Splits a line at blanks and takes quotes and backslashes away. There is no globbing, there are no variables, and
 * there is one command only: what would need a real shell is refused rather than misread. room is
 * strlen(line) + 1 bytes long. NULL, or what is wrong with the line.
 */
const char *words_split(struct words *, const char *line, char *room);

/*
 * KiB of an amount in xl's notation, or -1: a number and at most one letter, and MiB without one. A negative
 * number, and one whose KiB don't fit, are refused; xl lets both through to libxl.
 */
int64_t size_parse_kib(const char *text);

/* How many of the words from the first on are xl's own options, which stand before the sub-command. */
int xl_options_count(int argc, char *const argv[]);

/* What a line is about. Strings point into the struct itself: it is not to be copied. */
struct command_line {
    const char *tool; /* its first word: "xl", "xm", "xenstore-write" ...; "" of an empty line */
    const struct xl_command
        *command; /* of xl and xm (whose sub-commands have xl's names); NULL: none, unknown */
    const char
        *sub_command;      /* the word that stands in its place, known or not; NULL: not xl's line, or none */
    size_t sub_command_at; /* where that stands in the line, in bytes */
    const char *domain;    /* the argument that names a domain, if the sub-command has one; or NULL */
    size_t domain_at;      /* where that stands in the line, in bytes */
    const char *amount;    /* the argument that names an amount of memory, right or wrong; or NULL */
    size_t amount_at;
    bool has_size;
    uint64_t size_kib; /* the amount of memory that is asked for */
    struct words words;
    char room[COMMAND_LINE_BYTES];
};

/* False: the line can't be split, and the toolstack would refuse it, too; all fields say "none". */
bool command_line_split(struct command_line *, const char *line);
/* Whether the line is a sub-command of xl of which the fact (XL_...) is true. */
bool xl_line_is(const char *line, unsigned fact);

#endif
