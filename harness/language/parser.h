/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the parser's files share: the state of one parse, how a token is asked for, how an error is reported (a complaint).
 * Only files of this folder include it; users include harness/language/scenario.h.
 *
 * Each function that parses something returns false when it has complained; the first complaint ends the parse.
 */
#ifndef HARNESS_LANGUAGE_PARSER_H
#define HARNESS_LANGUAGE_PARSER_H

#include "harness/language/lexer.h"
#include "harness/language/suggest.h"
#include "harness/language/words.h"

#define LETS_MAX           64u
#define LET_BYTES_MAX      255u
#define EXPANDED_BYTES_MAX 8192u   /* of a line with its names replaced */
#define LINES_MAX          100000u /* of a `repeat`, as often as it is done, and of included files */
#define DEPTH_MAX          8u      /* of `repeat` and `include` in one another */

struct known_domain {
    char name[NAME_BYTES_MAX + 1];
    char kernel[24];
    uint32_t line; /* of its declaration */
};

struct known_group { /* d[1..50] */
    char name[NAME_BYTES_MAX + 1];
    unsigned first, last;
};

struct let { /* {NAME} stands for the value */
    char name[NAME_BYTES_MAX + 1];
    char value[LET_BYTES_MAX + 1];
};

struct within { /* a file that is being parsed, and where it is included */
    char name[SCENARIO_NAME_BYTES_MAX + 1];
    struct span where;
};

#define NAME_SLOTS 4096u /* a power of two, well above DOMAINS_MAX */
#define GROUPS_MAX 64u

struct parser {
    const struct kernels *kernels; /* NULL: none is known */
    struct scenario *scenario;
    struct complaint *complaint;
    struct lexer lexer;
    struct token token;           /* the present one: not yet taken */
    struct span last;             /* of the token before it */
    const char *last_end;         /* where that one ends, in the line that is parsed */
    struct known_domain *domains; /* DOMAINS_MAX of them */
    size_t nr_domains;
    uint16_t slots[NAME_SLOTS]; /* index + 1 by the name's hash */
    struct known_group groups[GROUPS_MAX];
    size_t nr_groups;
    size_t domains_room, statements_room;
    bool has_host;
    bool began; /* a timed statement was seen: a domain declared from now on is built later in the run */
    bool behind_command;  /* the last statement that is no `expect refused` is a toolstack or guest command */
    uint64_t every_times; /* how often all `every` so far happen */
    struct let lets[LETS_MAX];
    size_t nr_lets;
    char expanded[EXPANDED_BYTES_MAX];
    struct origin origins[EXPANDED_BYTES_MAX + 1];
    size_t expanded_bytes;
    struct within files[DEPTH_MAX];
    unsigned nr_files, depth, nr_lines;
};

/* For "%.*s": long words are cut in messages. */
#define SHOWN_BYTES(bytes) ((bytes) > 40 ? 40 : (int)(bytes))
#define SHOWN(token)       SHOWN_BYTES((token)->bytes), (token)->start

/* --- parser.c: tokens, complaints, names */

void advance(struct parser *);
__attribute__((format(printf, 3, 4))) bool complain(struct parser *, struct span, const char *format, ...);
/* Complains that WANTED was expected, and says what stands there. */
bool expected(struct parser *, const char *wanted);
bool at_end(struct parser *);                        /* of the line; else complains about what follows */
bool accept_word(struct parser *, const char *word); /* takes the word if it is the present token */
bool token_like(const struct parser *, const char *prefix); /* the present word begins with prefix */
/* "; did you mean `WORD`?", or nothing, for the end of a message. */
const char *meant(const struct suggestion *, char *out, size_t out_bytes);
char *copy_text(struct parser *, const char *start, size_t bytes); /* NULL: complained */
/* Keeps what a record and a report say of a statement of a line whose names were replaced. False: complained. */
bool keep_said(struct parser *, struct statement *, const char *start);
struct span span_to_here(const struct parser *, struct span from); /* up to the end of the token before */

bool has_names_bytes(const char *text, size_t bytes); /* a letter, then letters, digits, - and _ */
const struct known_domain *find_domain(const struct parser *, const char *name, size_t bytes);
const struct known_group *find_group(const struct parser *, const char *name, size_t bytes);
bool know_domain(struct parser *, const struct known_domain *, struct span);
/* The name of a declared domain at the present token, copied to out. */
bool parse_domain_name(struct parser *, char out[NAME_BYTES_MAX + 1]);
/* The same, or `d[*]` for all domains of the group d; copied as it stands there. */
bool parse_domain_or_group(struct parser *, char out[NAME_BYTES_MAX + sizeof "[*]"]);
bool begins_group(const struct parser *); /* is the present token the name of a group, with a [ behind it? */
/* The kernel's name of a declared domain, in *name, and what that kernel says of itself; NULL: it is not known. */
const struct kernel *kernel_of_domain(const struct parser *, const char *domain, const char **name);
void suggest_domains(const struct parser *, struct suggestion *);

/* --- parser_value.c: numbers, sizes, times, options */

bool parse_number(struct parser *, const char *what, uint64_t *number);
bool parse_range(struct parser *, const char *what, uint64_t *first, uint64_t *last); /* 1..50 */
bool parse_size(struct parser *, const char *what, uint64_t *pages, char *suffix);
bool parse_time(struct parser *, const char *what, uint64_t *ns);
bool time_of(struct parser *, struct span, const char *text, size_t bytes, const char *what, uint64_t *ns);
bool size_of(struct parser *, struct span, const char *text, size_t bytes, const char *what, uint64_t *pages,
    char *suffix);
/* "-> 1", "-> true", "-> -EINVAL"; the arrow is the present token. */
bool parse_status(struct parser *, struct statement *);
bool errno_by_name(const char *name, size_t bytes, int *number);
/* Takes NAME=, whose NAME is the present token; afterwards the value is the present token. */
bool parse_assign(struct parser *, const struct token *option);

/* Adds a zeroed statement at the scenario's end. NULL: complained. */
struct statement *add_statement(struct parser *, struct span);

/* --- parser_line.c */

bool parse_language(struct parser *);
bool parse_line(struct parser *); /* with its time column; one of the statements below */

/* --- parser_lines.c: which lines are parsed */

bool parse_file(struct parser *); /* the lexer stands before its first line */
/* The lines of a file, or of a `repeat` up to its `end`, which sets *ended; NULL: there is no `repeat`. */
bool parse_lines(struct parser *, bool *ended);

/* --- the statements; the word that begins each was taken already */

bool parse_host(struct parser *);
bool know_dom0(struct parser *, struct span); /* from here on the scenario can name dom0 */
bool parse_domains(struct parser *, struct span first, bool timed, enum time_kind, uint64_t time_ns);
bool parse_needs(struct parser *, struct span first); /* adds no statement: its domain's declaration has it */
bool parse_boot_map(struct parser *, struct statement *);
bool parse_memory_map(struct parser *, struct domain_decl *); /* the value of e820= */
/* "FROM..TO[:TYPE] …", which is the present token. */
bool parse_memory_ranges(struct parser *, struct memory_range *, size_t *count);
/* What stands on a domain's line and is a choice of its kernel's (parser_choice.c). */
#define CHOICES_MAX 8u
struct choices {
    struct choice {
        char name[24], value[24];
        struct span where, value_where;
    } of[CHOICES_MAX];
    size_t count;
    const char *const *options; /* the language's own, for messages */
    size_t nr_options;
};
bool parse_choice(struct parser *, struct choices *); /* NAME=VALUE, which begins at the present token */
bool take_choices(struct parser *, const struct choices *, struct domain_decl *);
bool parse_fault(struct parser *, struct statement *);
/* A fault site of the domain's kernel or of Xen's, at the present token. */
bool parse_site(struct parser *, const char *domain, enum fault_site *);
bool parse_heal(struct parser *, struct statement *);
bool parse_on(struct parser *, struct statement *); /* up to the colon, as parse_every */
bool parse_every(struct parser *, struct statement *);
bool parse_settle(struct parser *, struct statement *);
bool parse_expect(struct parser *, struct statement *);
bool parse_always(struct parser *, struct statement *);
bool parse_comparison(struct parser *, struct condition *, enum unit);
/* The present token begins the command. */
bool parse_toolstack(struct parser *, struct statement *);
bool parse_guest(struct parser *, struct statement *);
bool parse_for_group(struct parser *, struct statement *); /* `d[*]$ COMMAND` or `d[*] call FUNCTION` */
bool parse_call_or_probe(struct parser *, struct statement *);

/* Any statement but language, host and domain, with the one that it holds; its first token is the present one. */
bool parse_statement(struct parser *, struct statement *);
bool check_commands(struct parser *); /* checks of commands that need the whole scenario: called at the end */

#endif
