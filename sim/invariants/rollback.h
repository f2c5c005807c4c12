/* SPDX-License-Identifier: BSD-2-Clause */
/* The family rollback: a plug or unplug that failed leaves no trace. */
#ifndef SIM_INVARIANTS_ROLLBACK_H
#define SIM_INVARIANTS_ROLLBACK_H

#include "sim/invariants/checker.h"

struct watched_rollback {
    struct ranges failed;    /* pfns of plugs that returned false since the driver's last sleep */
    struct frame_list bound; /* the frames that those pfns named when the plug returned */
    bool failed_any;
    uint64_t event;          /* of the last plug or unplug that returned false */
    struct frame_list batch; /* the frames of the last reservation call that gave any */
    uint64_t batch_event;
};

void rollback_clear(struct watched *);
void rollback_free(struct watched *);
void rollback_suspended(struct watched *); /* it was saved: the remembered frames are gone */
/* The driver's attach function has returned: when it gave up, did it undo what it had done? */
void rollback_attached(struct invariants *, struct watched *, const struct event *);
void rollback_begin(struct invariants *, struct watched *);
void rollback_end(struct invariants *, struct watched *, bool ok, const struct event *);
void rollback_given(struct invariants *, struct watched *, const struct event *, uint64_t frames);
void rollback_sleep(struct invariants *, struct watched *); /* the driver's thread sleeps */

#endif
