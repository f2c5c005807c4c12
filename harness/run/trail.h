/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which functions of a driver ran last before an event, and which ran first after it. It is found out by running the
 * scenario once more while the driver's blocks are told (struct machine_trace), for the events that somebody asks about.
 */
#ifndef HARNESS_RUN_TRAIL_H
#define HARNESS_RUN_TRAIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/machine.h"

#define TRAIL_ASKED_MAX 96u
#define TRAIL_FUNCTIONS 8u /* that are told before an event, and after it */
#define TRAIL_MOST      3u /* of those in which most blocks ran */

struct recorder;
struct trail;

struct trail_asked {
    uint64_t event;
    unsigned domid; /* DOMID_HOST: whichever domain's driver ran last */
};

/* Writes the frames of a place, "balloon.c:512 (balloon_inflate)", innermost first with a tab between two. */
typedef bool trail_place_t(void *context, unsigned domid, uint64_t text_offset, char *out, size_t out_bytes);

/* Of at most TRAIL_ASKED_MAX events, in ascending order. NULL: no memory. */
struct trail *trail_new(const struct trail_asked *, size_t count);
void trail_free(struct trail *);
/* The run begins. What it is to give the machine; the recorder tells how far the run is. */
struct machine_trace trail_begin(
    struct trail *, const struct recorder *, trail_place_t *, void *place_context);
/* The run is over. False: there was no memory for all of it. */
bool trail_end(struct trail *);

/* The nth function before, or after, the event that was asked about as that number: nearest first. NULL: there were no more. */
const char *trail_before(const struct trail *, size_t asked, unsigned nth);
const char *trail_after(const struct trail *, size_t asked, unsigned nth);
/* The functions in which most basic blocks ran, of those told before the event, with most first. NULL: there were no more. */
const char *trail_most(const struct trail *, size_t asked, unsigned nth);

#endif
