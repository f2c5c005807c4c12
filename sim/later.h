/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a fault holds back until its time has come: an event channel's notification, a watch event, or xenstored, which has
 * stopped. Here it is kept, in the order of time; sim/schedule.c lets it happen.
 */
#ifndef SIM_LATER_H
#define SIM_LATER_H

#include <stdbool.h>
#include <stdint.h>

struct machine;

struct later {
    uint64_t due_ns;
    unsigned domid;     /* DOMID_HOST: xenstored comes back */
    unsigned port;      /* that is raised; 0: it is a watch event, or xenstored */
    char *path, *token; /* of a watch event, else NULL */
};

/* Without memory the machine stops, as it does elsewhere. */
void later_raise(struct machine *, unsigned domid, unsigned port, uint64_t by_ns);
void later_event(struct machine *, unsigned domid, const char *path, const char *token, uint64_t by_ns);
void later_xenstored(struct machine *, uint64_t by_ns);

uint64_t later_due_ns(const struct machine *);     /* when the first is due; NEVER_NS: nothing is held back */
bool later_take(struct machine *, struct later *); /* the first that is due; the caller frees its texts */
void later_forget(struct machine *, unsigned domid); /* what is for that domain: it is gone */
void later_clear(struct machine *);                  /* all, and the memory */

#endif
