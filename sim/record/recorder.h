/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Appends records to a growing buffer, and shows each one to a witness as it is written.
 * It knows the format of record.h and nothing of what the records mean. It opens no file.
 */
#ifndef SIM_RECORD_RECORDER_H
#define SIM_RECORD_RECORDER_H

#include "sim/record/record.h"
#include "sim/types.h"

struct recorder;

/* Called once for each whole record. It may append records of its own (they are shown to it in turn,
 * after the present call returned). The record is valid during the call only. */
typedef void witness_t(void *context, const struct record *record, uint64_t event);

#define RECORDING_BYTES_MAX (2ull << 30) /* no recording grows past it; a whole move of 256 GiB fits in */

struct recorder *recorder_new(void); /* NULL when memory is out */
void recorder_free(struct recorder *);

/* Empties it, keeps its memory, and writes a new head. */
void recorder_begin(struct recorder *, const char *name, const char *backend, uint64_t seed);
void recorder_set_witness(struct recorder *, witness_t *, void *context);
/* The present witness. Who wants to see records as well sets a witness of its own that calls this one first. */
witness_t *recorder_witness(const struct recorder *, void **context);
void recorder_set_line(struct recorder *, uint32_t line);
uint32_t recorder_line(const struct recorder *);

/*
 * One record: payload is copied, then `count` list entries of entry_bytes each, padded to 8.
 * Entries of one byte are text: copied, but not counted in the record.
 * time_ns is the virtual time. Returns the event's number; 0 when memory is out, see recorder_finish.
 */
uint64_t recorder_append(struct recorder *, enum record_type, unsigned domid, uint64_t time_ns,
    const void *payload, size_t payload_bytes, const void *list, size_t entry_bytes, size_t count);
uint64_t recorder_append_text(struct recorder *, enum record_type, unsigned domid, uint64_t time_ns,
    const char *text, size_t bytes); /* ends at its first NUL; stored with one */

/*
 * Single pages that come in long rows: kept aside and written as records before the next other record. A
 * record has the time of its first entry. Touches on one hand, pages freed and taken on the other, keep their
 * order among themselves; the row that began earlier is written first. What is done to one page in the order
 * map, zero, write, read, unmap becomes one entry, and is to be read in that order; so it is when it is done
 * to several pages by turns: all of them mapped, then all of them zeroed, then all of them unmapped.
 */
void recorder_touch(struct recorder *, unsigned domid, uint64_t time_ns, mfn_t, uint32_t what);
/* recorder_touch for a row of pages. */
void recorder_touch_row(
    struct recorder *, unsigned domid, uint64_t time_ns, const uint32_t *mfns, size_t count, uint32_t what);
/* True: a new row begins with these pages, and recorder_place_row can say where they came from. */
bool recorder_page_free(struct recorder *, unsigned domid, uint64_t time_ns, pfn_t, uint64_t pages);
bool recorder_page_alloc(struct recorder *, unsigned domid, uint64_t time_ns, pfn_t, uint64_t pages);
void recorder_flush(struct recorder *);

uint64_t recorder_events(const struct recorder *); /* number of the last event */
uint64_t recorder_bytes(const struct recorder *);  /* written so far */
/* So little is left of RECORDING_BYTES_MAX that the run should end now, before its recording is lost. */
bool recorder_is_full(const struct recorder *);
void recorder_limit(struct recorder *, uint64_t bytes); /* a lower limit, until the next begin */
uint64_t recorder_limit_bytes(const struct recorder *);
/* Gives the recording up, because something that the run needs found no memory: recorder_finish will return NULL. */
void recorder_lose(struct recorder *);
bool recorder_is_lost(const struct recorder *);
/* Writes REC_END, which no witness sees; the bytes belong to the recorder until the next begin.
 * NULL when memory ran out on the way: then there is no recording of this run. */
const void *recorder_finish(struct recorder *, size_t *bytes);

/*
 * Places: where in the guest's code an event came from, as an offset into its image. Kept apart from
 * the recording, since they differ between compilers. One per event at most.
 */
struct place {
    uint64_t event;
    uint16_t domid, nr_frames; /* of its backtrace: all for deaths and misuse, else the driver's own */
    uint32_t first_frame;      /* of these, in recorder_frames; innermost first */
    uint64_t text_offset;
};
#define RECORDER_FRAMES_MAX 4096u /* of all distinct backtraces together: later ones are lost */
void recorder_place(struct recorder *, unsigned domid, uint64_t text_offset); /* of the next event appended */
/* recorder_place with a backtrace: the return addresses up to that place, innermost first. */
void recorder_backtrace(
    struct recorder *, unsigned domid, uint64_t text_offset, const uint64_t *frames, size_t count);
void recorder_place_row(
    struct recorder *, unsigned domid);        /* gives the place that was set to the present row of pages */
void recorder_forget_place(struct recorder *); /* the event for which it was set does not come */
const uint64_t *recorder_frames(const struct recorder *);                    /* text offsets */
const struct place *recorder_places(const struct recorder *, size_t *count); /* sorted by event */

#endif
