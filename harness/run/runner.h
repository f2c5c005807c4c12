/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The runner's inside: what run*.c and queries.c share. Whoever only wants a scenario run reads run.h.
 */
#ifndef HARNESS_RUN_RUNNER_H
#define HARNESS_RUN_RUNNER_H

#include "harness/image/image.h"
#include "harness/run/run_triggers.h"
#include "harness/run/run.h"
#include "harness/xen/backend.h"
#include "sim/invariants/invariants.h"
#include "sim/inspect.h"

#define SENTENCE_BYTES 2048u
#define DEATH_BYTES    256u
#define QUIET_NS       (10 * NS_PER_S) /* the quiet window that `at rest` asks for */

/* A domain of this run and the image it runs in. Domids are the machine's; a slot stays when a domain goes. */
struct slot {
    unsigned domid;
    struct image *image;
    uint64_t segments; /* as its last audit counted them */
    bool crash_expected;
    char save_file[64];      /* xl save's, from its command on; "" none */
    struct domain *asleep;   /* saved there, and not restored */
    char death[DEATH_BYTES]; /* what its panic and its crash said */
};

/* A console line, for `log ~`: its text lies in the runner's log_text. */
struct log_line {
    unsigned domid;
    uint64_t event;
    size_t offset;
};

/* The command that `expect refused` looks back at. */
struct last_command {
    bool any;
    int status;
    char output[SENTENCE_BYTES];
};

/* Why the machine is being run; the witness stops it when this has come about. */
struct awaited {
    bool command; /* the end of a command of this domain */
    unsigned domid;
    unsigned saving;     /* the end of an xl save of this domain, 0 none */
    unsigned trigger_of; /* the end of a held command of this domain, 0 none */
    const struct condition *condition;
};

struct runner {
    /* Kept from run to run. */
    struct recorder *recorder;
    struct machine *machine;
    struct invariants *invariants;
    struct image **idle; /* copies that no domain uses, restored */
    size_t nr_idle, idle_room;
    struct slot *slots;
    size_t nr_slots, slots_room;
    struct log_line *log;
    size_t nr_log, log_room;
    char *log_text;
    size_t log_text_bytes, log_text_room;
    struct place_files *place_files;
    bool places_lost;                /* there was no memory to put some into words */
    const struct statement **always; /* that still hold */
    size_t nr_always, always_room;
    struct machine_lifecycle lifecycle;
    unsigned saving;  /* the domain of the last xl save, 0 none */
    bool in_trigger;  /* a statement that on or every holds */
    bool guest_ended; /* one has shut itself down since lifecycle_do */
    struct triggers triggers;
    struct xen_backend *xen; /* booted when a run first wants it */
    bool spoilt;             /* a guest died: nothing in this process is reused */

    /* Of this run. */
    const struct scenario *scenario;
    const struct run_options *options;
    witness_t *judges; /* the invariants, which see each record first */
    void *judges_context;
    struct awaited awaited;
    bool came_about;
    bool shown;  /* to the debugger */
    bool halted; /* --until, --stop-at-first, or a death that nobody expects */
    bool error, skip, timeout, xen_died;
    uint64_t time_zero_ns;
    uint64_t settle_ended_event[2]; /* of the settle before the last, and of the last */
    bool just_settled;              /* nothing but expects came since */
    unsigned failures;
    bool waived[NR_INVARIANTS]; /* by `expect violation` */
    struct last_command last_command;
    const void *recording;
    size_t recording_bytes;
    char sentence[SENTENCE_BYTES];
};

/* run.c: an ERROR at a place of the scenario; the run ends. The message may name what would be right. */
void runner_complain(struct runner *, struct span, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* run_domains.c */
bool runner_build_domain(struct runner *, const struct domain_decl *); /* false: complained, or skipped */
bool runner_boot(struct runner *);                                     /* all of them, until at rest */
/* Pages of the host that are dom0's own, its structures included; 0 when it takes no part. */
uint64_t runner_dom0_pages(const struct scenario *);
void runner_release_images(struct runner *);
struct slot *runner_slot(struct runner *, unsigned domid); /* NULL: none */
/* NULL after a complaint at where. */
struct domain *runner_domain(struct runner *, const char *name, struct span where);

bool runner_slot_room(struct runner *); /* for one more; false: no memory, and the run ends */
void runner_add_slot(struct runner *, struct domain *, struct image *);
void runner_release_domain(struct runner *, struct domain *, enum domain_end);

/* run_lifecycle.c: domains that come and go. */
void lifecycle_begin(struct runner *);
void lifecycle_do(struct runner *); /* about guests that have shut themselves down */
void lifecycle_finish_save(struct runner *, const struct statement *); /* waits until an xl save is done */
bool lifecycle_is_an_end(const struct record *);

/* run_time.c: lets guests run. */
enum went { WENT_TIME, WENT_REST, WENT_CAME_ABOUT, WENT_HALTED };
enum went runner_go(struct runner *, uint64_t until_ns, bool to_rest);
void runner_watch(struct runner *); /* becomes the recorder's witness */

/* run_statements.c */
void runner_statements(struct runner *);
void runner_act(struct runner *, const struct statement *); /* it alone, without its time and its record */
void runner_record_statement(struct runner *, const struct statement *);

/* run_always.c */
void runner_always(struct runner *, const struct statement *, const struct statement *next);
void always_judge(struct runner *, uint64_t event); /* after it */
void always_finish(struct runner *);

/* run_commands.c; next is the statement behind it, which may expect the refusal */
void runner_toolstack(struct runner *, const struct statement *, const struct statement *next);
void runner_guest(struct runner *, const struct statement *, const struct statement *next);
void runner_call(struct runner *, const struct statement *, const struct statement *next);
/* The line that the guest's agent is given for a ST_GUEST or ST_CALL, and the judging of its answer. */
void runner_agent_line(const struct statement *, char *line, size_t bytes);
void runner_judge_answer(
    struct runner *, const struct statement *, const struct statement *next, int status, const char *output);
/* Gives the guest's agent a command and lets guests run until it is answered. False: not within the bound. */
bool runner_command(
    struct runner *, struct domain *, const char *line, uint64_t bound_ns, int *status, const char **output);

/* run_probe.c */
void runner_probe(struct runner *, const struct statement *, const struct statement *next);

/* run_settle.c */
void runner_settle(struct runner *, const struct statement *);
/* within_ns 0: progress's bound. False: it was not reached, and that is recorded as a failure. */
bool runner_reach_rest(struct runner *, uint64_t within_ns);

/* run_expect.c */
void runner_expect(struct runner *, const struct statement *);
void runner_expect_refused(struct runner *, const struct statement *);
void runner_expect_violation(struct runner *, const struct statement *);
void runner_expect_crash(struct runner *, const struct statement *);
/* Records what was wanted and seen; counts a failure. */
void runner_judge(struct runner *, bool ok, struct span where, const char *wanted, const char *seen);
/* Compares a command's output with what the statement asks. */
void runner_judge_output(struct runner *, const struct statement *, int status, const char *output);
bool number_holds(enum comparison, uint64_t seen, uint64_t wanted);

/* queries.c: what a scenario asks, answered by looking. */
bool query_number(const struct runner *, const struct query *, uint64_t *number); /* false: not known (yet) */
/* The last console line in the log's window that holds the text, or NULL. "" finds the last line. */
const char *query_log(const struct runner *, const struct query *, const char *text);
bool condition_holds(const struct runner *, const struct condition *);
/* "16896p, 413p over"; "== 16483p" */
void condition_seen(const struct runner *, const struct condition *, char *out, size_t out_bytes);
void condition_wanted(const struct condition *, char *out, size_t out_bytes);
const char *comparison_text(enum comparison);

/* run_places.c */
void place_files_free(struct place_files *);

#endif
