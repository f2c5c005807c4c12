/* SPDX-License-Identifier: BSD-2-Clause */
/* The family progress: rest in bounded time and calls, and attempts without effect at growing pauses. */
#ifndef SIM_INVARIANTS_PROGRESS_H
#define SIM_INVARIANTS_PROGRESS_H

#include "sim/invariants/checker.h"

struct run_progress {
    bool remarked;       /* a remark was written that has a place */
    bool hopeless;       /* a guest spins: the run should end */
    uint64_t push_ns;    /* when something last came from outside the machine */
    uint64_t push_bytes; /* how long the recording was then */
    uint64_t fault_ns;   /* when a fault last fired */
};

struct watched_progress {
    /* Since the last push from outside: */
    uint64_t push_ns, moved_pages;
    uint64_t calls_base, blocks_base; /* port calls and basic blocks at that push */
    uint64_t wanted_pages;            /* the greatest distance of the reservation from its target */
    uint64_t looked_blocks;           /* basic blocks at the last event */
    uint64_t most_blocks, most_event; /* the most blocks between two events, and the second of these */

    /* Sleeps since that push between two steps that moved pages, where nothing was refused: */
    uint64_t stepped_ns, stepped_event; /* the last of these, if the next step has not begun; 0: none */
    uint64_t idle_ns, idle_sleeps, idle_event; /* all of them together, and the last one */

    uint64_t single_calls; /* reservation calls in a row that asked for one page and got it */
    bool remarked;

    /* Calls refused in a row, with nothing moved and no sleep between: */
    uint64_t futile_calls, futile_first_event, futile_reservation, futile_plugged;

    /* Allocations and other things of the kernel's that were refused in a row, in the same way: */
    uint64_t asked_in_vain, asked_reservation, asked_plugged;

    /* The driver's present attempt, which began with its last sleep: */
    uint64_t attempts;    /* its sleeps so far */
    uint64_t sleep_event; /* of the last one */
    uint64_t attempt_reservation, attempt_plugged;
    bool attempt_refused;
    uint64_t attempt_event, attempt_ns; /* of the first refusal in it */

    /* Attempts without effect: */
    uint64_t last_ns, last_pause_ns; /* of the last one; 0: none */
    uint64_t second, in_second;      /* how many within one second of virtual time */
    uint64_t in_a_row;               /* with short pauses, and without any effect between */
};

void progress_clear(struct watched *);
void progress_push(struct invariants *);                     /* something came from outside */
void progress_target(struct invariants *, struct watched *); /* a new target was read */
void progress_fault(struct invariants *, const struct event *);
void progress_moved(struct watched *, uint64_t pages); /* moved, touched or handed over */
void progress_plugged(struct watched *, uint64_t pages);
void progress_step(struct invariants *, struct watched *); /* a reservation call moved pages */
void progress_attempt(struct invariants *, struct watched *, const struct event *); /* it met a refusal */
void progress_asked(struct invariants *, struct watched *); /* a fault of the kernel's fired */
void progress_refused(struct invariants *, struct watched *, const struct event *); /* of a call or a plug */
void progress_cost(struct watched *, uint64_t event);
void progress_sleep(struct invariants *, struct watched *, const struct event *);
void progress_attempt_ended(struct invariants *, struct watched *);
void progress_calls(struct invariants *, struct watched *);
/* A reservation call that moved so many pages: is it one of many that move one each? */
void progress_batch(struct invariants *, struct watched *, uint64_t asked_pages, uint64_t moved_pages);
void progress_not_at_rest(struct invariants *, const struct event *);
void progress_rest(struct invariants *);
void progress_recorded(struct invariants *, const struct event *);
uint64_t progress_rest_bound_ns(const struct invariants *);

#endif
