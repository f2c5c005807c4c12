/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A run under way: the state that the files of this room share, how a run ends before its last statement, and the
 * look-ups of domains. Only files of harness/run include it; whoever wants a scenario run includes runner.h.
 *
 * A file of this room calls those below it in this list, and no other (harness/tests/house/rooms holds it to that):
 *
 *   runner       the whole run, from its first record to its verdict
 *   statements   the walk through a scenario's statements
 *   settle       all is brought to rest, audited and judged
 *   triggers     statements that hold others: on, every
 *   typed        statements that are commands
 *   lifecycle    domains that end and begin; beside it the statements expect, always, and those of probes
 *   domains      an image for each domain, and its building; beside it agent, a command given to a guest's agent
 *   wait         guests run; beside it stops, what ends a run early, and faults, what is refused
 *   judge        what was wanted beside what is; beside it answers, what a scenario asks, looked up
 *   console, groups
 *   run          this page
 *   conditions, pending, images, place_files
 *
 * Where waiting has something done that stands above it, that is registered as an observer (below).
 */
#ifndef HARNESS_RUN_RUN_H
#define HARNESS_RUN_RUN_H

#include "harness/run/runner.h"
#include "sim/inspect.h"
#include "sim/invariants/invariants.h"

#define SENTENCE_BYTES 2048u
#define DEATH_BYTES    256u
#define QUIET_NS       (10 * NS_PER_S) /* `at rest` wants a window of this length in which nothing happens */

struct image;

/* A domain of this run and the image it runs in. Domids are the machine's; a slot stays when a domain goes. */
struct slot {
    unsigned domid;
    struct image *image; /* NULL: the domain is gone, or goes on in another slot */
    uint64_t segments;   /* as its last audit counted them */
    bool crash_expected;
    char save_file[64];      /* xl save's, from its command on; "" none */
    struct domain *asleep;   /* saved there, and not restored */
    char death[DEATH_BYTES]; /* what its panic and its crash said */
};

/* Why a run ends before its last statement. */
enum run_outcome {
    OUTCOME_NONE,   /* it goes on */
    OUTCOME_HALTED, /* nothing more is wanted, or a guest's death leaves nothing to go on with */
    OUTCOME_ERROR,  /* the scenario, or what it needs, is wrong; the sentence says how */
    OUTCOME_SKIP,   /* something is missing on this computer; the sentence says what */
    OUTCOME_TIMEOUT,
    OUTCOME_XEN_DIED,
};

/* The command that `expect refused` looks back at. */
struct last_command {
    bool any;
    int status;
    char output[SENTENCE_BYTES];
};

/* What belongs to one run; all of it is zero when a run begins. */
struct run {
    const struct scenario *scenario;
    const struct run_options *options;
    enum run_outcome outcome;
    uint64_t time_zero_ns;          /* when the boot was over: the scenario's times count from here */
    uint64_t schedule_seed;         /* 0: threads run until they wait */
    uint64_t random;                /* the stream that d[rand] chooses from */
    uint64_t settle_ended_event[2]; /* of the settle before the last, and of the last */
    bool just_settled;              /* nothing but expects came since */
    bool shown;                     /* to the debugger */
    unsigned failures;
    bool waived[NR_INVARIANTS]; /* expected to be broken: they no longer count against the run */
    struct last_command last_command;
    const void *recording;
    size_t recording_bytes;
    char sentence[SENTENCE_BYTES];
};

/*
 * Who takes part in a run while guests run. runner.c has the table, in the order in which they are asked; a
 * member that is NULL has nothing to do.
 */
struct observer {
    /* Sees each record, behind the invariants, perhaps in the middle of a guest's call. */
    void (*see)(struct runner *, const struct record *, uint64_t event);
    /* Between two stretches of guests' running: does what is due, and may build and end domains. */
    void (*act)(struct runner *);
    /* Acts also when what was waited for has come about: the next statement must find it done. */
    bool acts_before_statements;
    /* When act has something to do next; UINT64_MAX: nothing is planned. Guests run no further than that. */
    uint64_t (*due_ns)(const struct runner *);
    /* A domain was built or restored, and hasn't run yet. */
    void (*built)(struct runner *, struct domain *);
};

/* Structs that are only named here are their own file's. */
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
    struct console *console;
    struct images *images;
    struct place_files *place_files;
    bool spoilt; /* a guest died: nothing of this world is used again */
    struct run run;
};

/* An ERROR at a place of the scenario; the run ends. The message may name what would be right. */
void run_complain(struct runner *, struct span where, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The same for what can't be tried here: a SKIP. */
void run_skip(struct runner *, struct span where, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The first outcome counts; but what was only halted may still turn out to be more. */
void run_end(struct runner *, enum run_outcome);
bool run_is_over(const struct runner *);

struct slot *run_slot(const struct runner *, unsigned domid); /* NULL: none */
bool run_slot_room(struct runner *); /* for one more; false: no memory on this computer */
struct slot *run_add_slot(struct runner *, struct image *); /* of no domain yet; there must be room */
/* The domain is in its slot: the observers are told. */
void run_tell_built(struct runner *, struct domain *);
/* NULL after a complaint at where. */
struct domain *run_domain(struct runner *, const char *name, struct span where);

/* The statement's text, without its time column, goes into the recording. */
void run_record_statement(struct runner *, const struct statement *);

#endif
