/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A scenario as the parser makes it: declarations and statements in the order of the file, each with its place in the
 * text. It does not change during a run; the runner keeps the state. docs/scenario.md is the language's reference.
 */
#ifndef HARNESS_LANGUAGE_SCENARIO_H
#define HARNESS_LANGUAGE_SCENARIO_H

#include <regex.h>

#include "sim/invariants/list.h"
#include "sim/machine.h"
#include "sim/record/scenario_files.h"

#define SCENARIO_LANGUAGE  1u
#define SCENARIO_BYTES_MAX (1u << 20)
/*
 * Virtual time ends here, after 292 years: whatever a scenario adds to a moment before it still fits into 64 bits.
 */
#define TIME_END_NS        (UINT64_MAX / 2)
/* So often may all `every` of a scenario happen: each time takes some 800 bytes of a recording, and more where memory moves. */
#define EVERY_TIMES_MAX    2000000u
#define DOMAINS_MAX        1000u
#define NAME_BYTES_MAX     31u

struct span {
    uint32_t line, column, length;
}; /* from 1; columns are bytes */

/* What a value is in, so that `reservation == 3` can be refused and shown values get the scenario's unit. */
enum unit { UNIT_NONE, UNIT_PAGES, UNIT_KIB, UNIT_NS, UNIT_TEXT };

/* How the answers of a group's domains become one. */
enum over { OVER_ONE, OVER_SUM, OVER_MAX, OVER_MIN };

/* Something that can be asked. queries.h has the table of names, units and meanings. */
struct query {
    struct span where;
    char domain[NAME_BYTES_MAX + sizeof "[*]"]; /* "" host or global; "d[*]" over a group */
    char name[48];                              /* as in queries.h: "reservation", "log" */
    enum over over;                             /* all domains of a group */
    enum fault_site site;                       /* of `calls`, and its name: */
    char site_name[32];
};

/* One of a sum: the answer to a query, or what is written there. */
struct term {
    bool less;  /* it is taken away */
    bool asked; /* the query is answered in the run */
    struct query query;
    uint64_t number; /* written, in the unit of what it is added to or compared with */
    char suffix;     /* as in struct value */
};

struct sum {
    struct term *terms; /* owned by the scenario */
    size_t count, room;
};

struct value {
    enum unit unit;
    uint64_t number; /* pages, KiB, ns, count or 0/1 */
    char *text;      /* UNIT_TEXT; owned by the scenario */
    char suffix;    /* as written: 'k' 'm' 'g' 't' 'p' or 0; of a sum, that of its last one that is written */
    regex_t *regex; /* UNIT_TEXT: the text is a regular expression; owned by the scenario */
    bool has_times; /* so many lines of the log are as it says: the number */
    struct sum sum; /* `nb target - 1m`: in place of the number, if it has terms */
};

enum comparison {
    CMP_EQ,
    CMP_NE,
    CMP_LT,
    CMP_LE,
    CMP_GT,
    CMP_GE,
    CMP_MATCH,
    CMP_NO_MATCH
}; /* ~ and !~: contains */

struct condition {
    struct query query; /* its place is that of the whole sum */
    struct sum more;    /* what is added to its answer */
    enum comparison comparison;
    struct value value;
    struct span operator_span, value_span;
};

enum statement_kind {
    ST_WAIT,      /* only a time */
    ST_TOOLSTACK, /* text: the command of dom0: xl, xm, or a tool of xenstore */
    ST_GUEST,     /* domain$ text, and perhaps a comparison of its output, or -> status */
    ST_FAULT,
    ST_HEAL,
    ST_SETTLE,
    ST_EXPECT,         /* condition, perhaps within a time, perhaps for a time: for_ns */
    ST_EXPECT_REFUSED, /* text: the command before it failed and said this */
    ST_EXPECT_VIOLATION, /* invariant, perhaps domain: it was broken there; that doesn't count against the run */
    ST_EXPECT_CRASH,     /* domain, perhaps text: its guest died, and that does not count against the run */
    ST_ALWAYS,           /* condition, judged after every event from here on */
    ST_CALL,             /* domain, text: the function and its arguments, and perhaps -> what it returns */
    ST_PROBE,            /* domain, text: the words behind it, and perhaps -> the number that comes back */
    ST_BOOT_MAP,
    ST_ON,     /* domain, fault site and call: body, when that call comes */
    ST_EVERY,  /* every_ns, for_ns: body, again and again */
    ST_DOMAIN, /* a domain declared after the first timed statement */
};

struct domain_decl {
    struct span where;
    char name[NAME_BYTES_MAX + 1]; /* d[1..50] becomes d1 to d50, one declaration each */
    char kernel[24];
    struct span kernel_where;
    uint64_t memory_pages, maxmem_pages; /* maxmem = memory when it isn't said */
    enum p2m_size p2m;
    uint64_t p2m_pages;
    uint64_t videoram_kib;
    char *command_line;
    bool pvh;   /* type=pvh or hvm: Xen translates */
    bool hvm;   /* type=hvm */
    bool waits; /* start=no: until xl create */
    struct boot_range boot_map[BOOT_RANGES_MAX];
    size_t nr_boot_ranges; /* 0: no boot-map */
    struct memory_range memory_map[MEMORY_RANGES_MAX];
    size_t nr_memory_ranges;  /* 0: no e820= */
    bool has_xls_map;         /* e820=xl: one range, as large as maxmem */
    bool hosts_map;           /* e820=host: what its toolstack makes of the host's */
    bool initial, no_maximum; /* role=dom0; without maxmem= */
    bool bare;                /* role=bare-dom0 */
    unsigned needs;           /* 1 << enum kernel_feature for each one that its kernel must have */
    struct span needs_where;
};

enum time_kind { TIME_AFTER, TIME_AT }; /* +T from the end of the previous statement; @T */

struct statement {
    enum statement_kind kind;
    struct span where; /* of the statement without its time column */
    enum time_kind time_kind;
    uint64_t time_ns;
    /* With ST_GUEST, ST_FAULT, ST_HEAL, ST_CALL, ST_PROBE, ST_EXPECT_CRASH, ST_ON, and perhaps ST_EXPECT_VIOLATION; "d[*]"
     * with the first four. */
    char domain[NAME_BYTES_MAX + sizeof "[*]"];
    char *text;
    struct span text_span;
    char *said; /* the statement with its names replaced, where it has any; NULL: as it stands */
    struct fault_spec fault;
    bool all_sites; /* heal DOM without a site */
    bool has_within;
    uint64_t within_ns;
    struct condition condition;
    bool has_condition; /* of ST_GUEST: its output is compared */
    bool has_status;
    int64_t status; /* ST_GUEST, ST_CALL, ST_PROBE: -> N | true | false */
    enum invariant invariant;
    bool
        refusal_expected; /* ST_TOOLSTACK, ST_GUEST: `expect refused` stands behind it; ST_CALL: -> refused */
    bool at_return;       /* ST_ON: when the call returns, not when it is entered */
    bool makes_pvh;       /* ST_PROBE: it makes a domain that Xen translates */
    bool exchanges;       /* ST_PROBE: it exchanges frames */
    struct statement *body;          /* ST_ON, ST_EVERY; its own refusal is never expected */
    uint64_t every_ns, for_ns;       /* ST_EVERY; for_ns of ST_EXPECT, too: 0 if it need not last */
    struct domain_decl *domain_decl; /* ST_DOMAIN */
};

enum host_schedule {
    SCHEDULE_ANY,    /* threads run until they wait; replayed under seeds when that is asked for */
    SCHEDULE_SEEDED, /* always by a seed */
    SCHEDULE_FIXED   /* never by one of its own accord: what it expects holds for that one order only */
};

struct host_decl {
    struct span where;
    uint64_t memory_pages; /* 512 MiB unless said */
    enum toolstack toolstack;
    bool scrub_domheap;
    enum host_schedule schedule;
    const struct known_xen *xen;         /* NULL: any */
    bool has_dom0;                       /* it takes part: a statement or the host line names it */
    uint64_t dom0_pages, dom0_max_pages; /* 64m and 96m unless said */
    struct memory_range map[MEMORY_RANGES_MAX];
    size_t nr_ranges; /* 0: no e820= */
};

struct scenario {
    char *path, *name; /* as given, and its base name */
    char *text;
    size_t text_bytes;
    uint32_t *line_starts; /* where each line begins in the text, the first at [0] */
    size_t nr_lines;
    struct host_decl host;
    struct domain_decl *domains;
    size_t nr_domains;
    struct statement *statements;
    size_t nr_statements;
};

/* What is wrong with a file: a message for a person, that also says what would have been right. */
struct complaint {
    struct span where; /* the line is one of the whole text, with what it includes */
    char message[320];
    /* What it takes to show a line of an included file, whose text the reader of a complaint may not have; see complaint_place. */
    char file[SCENARIO_NAME_BYTES_MAX + 1]; /* "": the line is the scenario's own */
    uint32_t file_line;
    char line[400]; /* cut, if it is longer */
    char via[400];  /* where the file is included; "": not known */
};

#define DOM0_KERNEL \
    "probe" /* of a dom0 that a scenario names, whatever runs in place of its domains' own kernels */

/*
 * The kernels that a scenario may name; the caller has their images. The fault sites and functions that a scenario names
 * are checked against the kernel's description. If describe() doesn't know the kernel, nothing is checked, for its domain
 * can't be built anyway.
 */
struct kernels {
    const struct kernel *(*describe)(const char *name); /* NULL: not known, or its image is not built */
    const char *instead; /* a kernel that runs in place of each domain's own, or NULL */
    const char *(*in_place)(const char *instead, const char *own); /* which one that is; NULL: instead */
};

/* NULL with *complaint filled in when the text can't be read as a scenario. path is only kept. */
struct scenario *scenario_parse(
    const char *path, const char *text, size_t bytes, const struct kernels *, struct complaint *);
/* scenario_parse for a file; a file that can't be read is a complaint at line 0. */
struct scenario *scenario_read(const char *path, const struct kernels *, struct complaint *);
void scenario_free(struct scenario *);
/*
 * Makes another scenario of it: its first domain alone, with so many times its memory as maxmem, in xl's memory map as well
 * where it is a PV domain, and on a host that has as much. It boots, and comes to rest. False: it has no such domain, that would be
 * a host of more than 1 TiB, or there is no memory; the scenario is as it was.
 */
#define KEEP_FIRST_PAGES_MAX (UINT64_C(1) << 28)
bool scenario_keep_first(struct scenario *, uint64_t times);
/* The text of a line, up to its newline; NULL: there is no line of that number. */
const char *scenario_line(const struct scenario *, uint32_t line, size_t *bytes);
/* A file's bytes with a NUL behind them, to be freed; NULL with a complaint at line 0. */
char *scenario_text(const char *path, size_t *bytes, struct complaint *);

/* Has the complaint tell of the included file that its line is in, if there is one. text is a scenario's whole text. */
void complaint_place(struct complaint *, const char *text, size_t bytes);
/*
 * Writes "file:line:column: message", the line, and a caret under the span to out; returns the bytes wanted, as snprintf
 * does. text is ended by NUL; NULL: the file at path is read again for its line.
 */
size_t complaint_text(
    const char *path, const char *text, const struct complaint *, char *out, size_t out_bytes);
/* Writes only the line and the caret, with a note behind the caret, "got 16896p, 413p over"; NULL: no note. */
size_t excerpt_text(const char *text, const struct span *, const char *note, char *out, size_t out_bytes);

/* Sizes and times as the language writes them; shared with the reports. */
void size_text(uint64_t pages, char suffix_wanted, char *out, size_t out_bytes); /* "128m", "16483p" */
void time_text(uint64_t ns, char *out, size_t out_bytes);                        /* "1.5s" */

#endif
