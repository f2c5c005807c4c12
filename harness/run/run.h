/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A run in progress: the state that the files of this folder share, how a run ends before its last statement, and finding
 * a domain. Only files of harness/run include it; others include runner.h, which runs a scenario.
 *
 * A file of this folder calls those below it in this list, and no others (`make check-house` checks it):
 *
 *   runner       the whole run, from its first record to its verdict
 *   statements   the walk through a scenario's statements
 *   settle       brings all domains to rest, has them audited and judged
 *   triggers     statements that hold others: on, every
 *   typed        statements that are commands
 *   lifecycle    domains that begin and end; on the same level: the statements expect and always, and probes
 *   domains      an image for each domain, and building it; on the same level: agent, commands for a guest's agent
 *   wait         lets guests run; on the same level: stops, what ends a run early, and faults
 *   judge        compares what is wanted with what is; on the same level: answers, what a scenario asks
 *   calls        counts calls at fault sites
 *   console, groups
 *   remarks
 *   run          this page
 *   conditions, pending, images, place_files, trail
 *
 * While wait lets guests run, files above it have things to do as well: they are registered as observers (below).
 */
#ifndef HARNESS_RUN_RUN_H
#define HARNESS_RUN_RUN_H

#include "harness/run/runner.h"
#include "harness/xen/xen_host.h"
#include "sim/inspect.h"
#include "sim/invariants/invariants.h"

#define SENTENCE_BYTES 2048u
#define DEATH_BYTES    256u
#define QUIET_NS       (10 * NS_PER_S) /* `at rest` wants a window of this length in which nothing happens */

struct image;

/* A domain of this run and its image. Domids are the machine's; a slot stays when its domain is gone. */
struct slot {
    unsigned domid;
    struct image *image;     /* NULL: the domain is gone, or goes on in another slot */
    struct image_file *file; /* its image was copied from; for places in its source, also when it is gone */
    uint64_t text_offset;    /* of its code there */
    uint64_t segments;       /* how many its last audit counted */
    bool crash_expected;
    bool panicked;           /* its kernel ended itself, with words */
    char save_file[64];      /* the file of its xl save; "": none */
    struct domain *asleep;   /* the domain that was saved there and not restored yet */
    char death[DEATH_BYTES]; /* what its panic and its crash said */
};

/* Why a run ends before its last statement. */
enum run_outcome {
    OUTCOME_NONE,   /* it goes on */
    OUTCOME_HALTED, /* nothing more is wanted, or a guest's death leaves nothing to go on with */
    OUTCOME_CUT,    /* the user wanted it to end here */
    OUTCOME_ERROR,  /* the scenario, or what it needs, is wrong; the sentence says how */
    OUTCOME_SKIP,   /* something is missing on this computer; the sentence says what */
    OUTCOME_TIMEOUT,
    OUTCOME_XEN_DIED,
};

/* The command that `expect refused` looks back at. */
struct last_command {
    bool any;
    unsigned domid; /* in which it was typed; DOMID_HOST: in dom0 */
    int status;
    char output[SENTENCE_BYTES];
};

/* What belongs to one run; all of it is zero when a run begins. */
struct run {
    const struct scenario *scenario;
    const struct run_options *options;
    const struct known_xen *xen; /* which Xen it is about */
    enum run_outcome outcome;
    uint64_t time_zero_ns;          /* when the boot was over: the scenario's times count from here */
    uint64_t schedule_seed;         /* 0: threads run until they wait */
    uint64_t random;                /* the stream that d[rand] chooses from */
    uint64_t settle_ended_event[2]; /* of the settle before the last, and of the last */
    uint32_t settle_line[2];        /* and where they stand in the scenario; 0: there was none */
    bool just_settled;              /* nothing but expects came since */
    uint64_t settled_ns;            /* when the last settle ended */
    bool shown;                     /* the debugger was called already */
    bool at_its_end;                /* the scenario is done: what is recorded now is about the run */
    uint64_t cut_event;             /* OUTCOME_TIMEOUT, OUTCOME_CUT: where it was then */
    char member[NAME_BYTES_MAX +
                1]; /* of a group, whose answer to a statement with d[*] is judged just now; "": none */
    unsigned failures;
    bool waived
        [NR_INVARIANTS]; /* expected to be broken, in any domain: they no longer count against the run */
    struct last_command last_command;
    const void *recording;
    size_t recording_bytes;
    char sentence[SENTENCE_BYTES];
};

/*
 * What is called while guests run. runner.c has the table of observers, in the order in which they are called; a member
 * that is NULL is not called.
 */
struct observer {
    /* Called for each record, after the invariants, perhaps in the middle of a guest's call. */
    void (*see)(struct runner *, const struct record *, uint64_t event);
    /* Called while no guest runs: does what is due, and may build and end domains. */
    void (*act)(struct runner *);
    /* act is called even when what was waited for has happened, since the next statement must find its work done. */
    bool acts_before_statements;
    /* When act has something to do next; UINT64_MAX: nothing is planned. Guests run only up to that time. */
    uint64_t (*due_ns)(const struct runner *);
    /* Called when a domain was built or restored, before it runs. */
    void (*built)(struct runner *, struct domain *);
};

/* The structs whose members are not declared here belong to the files of the same name. */
struct runner {
    struct recorder *recorder;
    struct machine *machine;
    struct invariants *invariants;
    struct xen_backend *xen; /* booted when a run first wants it */
    struct slot *slots;
    size_t nr_slots, slots_room;
    const struct observer *observers;
    size_t nr_observers;
    struct wait *wait;
    struct lifecycle *lifecycle;
    struct triggers *triggers;
    struct pending *pending;
    struct always *always;
    struct calls *calls;
    struct console *console;
    struct images *images;
    struct place_files *place_files;
    struct remarks *remarks;
    bool spoilt; /* a guest died: machine, invariants and images are not used for another run */
    struct run run;
};

/* The moment by_ns after from_ns; false after a complaint at the place in the scenario that asks for one behind TIME_END_NS. */
bool run_moment(struct runner *, struct span where, uint64_t from_ns, uint64_t by_ns, uint64_t *moment_ns);

/* Ends the run with an ERROR at a place of the scenario. */
void run_complain(struct runner *, struct span where, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Ends the run for trouble with the real Xen, if there is some, with what the backend says of it. */
void run_take_xen_trouble(struct runner *, enum xen_trouble);
/* The sentence of a run that has ended with OUTCOME_TIMEOUT. */
void run_say_where_it_was(struct runner *, struct span where, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Ends the run with a SKIP at a place of the scenario: what it asks for can't be tried here. */
void run_skip(struct runner *, struct span where, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The first outcome counts, except that OUTCOME_HALTED may still become another. */
void run_end(struct runner *, enum run_outcome);
bool run_is_over(const struct runner *);

struct slot *run_slot(const struct runner *, unsigned domid); /* NULL: none */
bool run_slot_room(struct runner *); /* for one more; false: no memory on this computer */
struct slot *run_add_slot(struct runner *, struct image *); /* without a domain yet; there must be room */
/* Tells the observers of a new domain, which must be in its slot. */
void run_tell_built(struct runner *, struct domain *);
/* The domain of that name; NULL, after a complaint at that place of the scenario: there is none. */
struct domain *run_domain(struct runner *, const char *name, struct span where);

/* Records the statement, with its text without the time column. */
void run_record_statement(struct runner *, const struct statement *);

#endif
