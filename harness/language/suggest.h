/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * "Did you mean": the candidate that is nearest to a misspelt word, if one is near enough to be meant; or else the first that
 * the word is a part of, as `leak` is of no-leak.
 */
#ifndef HARNESS_LANGUAGE_SUGGEST_H
#define HARNESS_LANGUAGE_SUGGEST_H

#include <stdbool.h>
#include <stddef.h>

#define SUGGEST_BYTES_MAX 48u

struct suggestion {
    const char *word; /* as typed; not ended by NUL */
    size_t bytes;
    const char *best; /* nearest candidate so far, or NULL; the candidate's own storage */
    unsigned distance;
};

void suggest_begin(struct suggestion *, const char *word, size_t bytes);
/* Offers a candidate. Of two that are equally near, the first one stays. */
void suggest_offer(struct suggestion *, const char *candidate);

/* How many letters to add, drop, change or swap with a neighbour; UINT_MAX: a word is too long. */
unsigned edit_distance(const char *a, size_t a_bytes, const char *b, size_t b_bytes);

#endif
