/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the recorder's three files share: recorder.c (records, witness, end), recorder_rows.c (rows of single pages that
 * are kept aside) and recorder_places.c (where events came from). No other file includes it.
 */
#ifndef SIM_RECORD_RECORDER_INTERNAL_H
#define SIM_RECORD_RECORDER_INTERNAL_H

#include "sim/record/recorder.h"

#define BATCH_ENTRIES_MAX 512u
#define CHAIN_SLOTS       1024u /* a power of two */

struct buffer;

/* Rows of single pages that are kept aside. */
struct batch {
    enum record_type type;
    uint64_t begun; /* orders the two batches: the lower one had its first entry earlier */
    uint64_t time_ns;
    struct place place; /* of its first entry */
    bool has_place;
    size_t count;
    union {
        struct record_touch touches[BATCH_ENTRIES_MAX];
        struct record_run runs[BATCH_ENTRIES_MAX];
    };
};

struct recorder {
    struct buffer *buffer;
    size_t used_bytes, shown_bytes;
    uint64_t limit_bytes;
    uint64_t events, shown_events;
    uint64_t last_time_ns;
    uint32_t line;
    bool showing, finished, failed;
    witness_t *witness;
    void *witness_context;
    struct place *places;
    size_t nr_places, places_capacity;
    struct place next_place;
    bool has_next_place;
    size_t nr_frames;
    struct chain {
        uint32_t first, count; /* in frames; count 0: a free slot */
    } chains[CHAIN_SLOTS];
    /* Two batches, because pages are touched while others are taken and freed: in one batch each page would begin a
     * new row. */
    struct batch touched, moved;
    size_t row_begin,
        row_next; /* the last row of pages that were touched alike, and which of them is due now */
    bool row_grows;
    unsigned batch_domid; /* of both, while there is anything in them */
    uint32_t batch_line;
    uint64_t batches_begun;
    uint64_t frames
        [RECORDER_FRAMES_MAX]; /* of backtraces, each distinct one once; last, for nothing clears them */
};

/* What a record is, apart from its bytes. */
struct heading {
    enum record_type type;
    unsigned domid;
    uint32_t line;
    uint64_t time_ns;
};

/* Writes a record without showing it to the witness. 0: there is no room, and the recording is lost from then on. */
uint64_t recorder_write(struct recorder *, const struct heading *, const void *payload, size_t payload_bytes,
    const void *list, size_t entry_bytes, size_t count);
/* Shows the witness what it has not seen yet. What the witness appends meanwhile is shown by the outermost call. */
void recorder_show(struct recorder *);
/* Takes the place that was set for the next event of this domain, if any; events of other domains may come before. */
bool recorder_take_place(struct recorder *, unsigned domid, struct place *);
void recorder_keep_place(struct recorder *, const struct place *, uint64_t event);
void recorder_forget_chains(struct recorder *);

#endif
