/* SPDX-License-Identifier: BSD-2-Clause */
/* Takes a probe's command line apart: words, key=value, numbers. A word points into the line. */
#ifndef GUEST_PROBE_WORDS_H
#define GUEST_PROBE_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct words {
    const char *at;    /* what has not been read yet */
    const char *error; /* what is wrong with the line, as a sentence; NULL: nothing so far */
};

struct word {
    const char *start;
    size_t bytes;
};

/* The next word, which has 0 bytes at the line's end. The brackets of a list are words of their own. */
struct word words_next(struct words *);

bool word_is(struct word, const char *text);
bool word_has_key(struct word, const char *key, struct word *value); /* key=value */

/* Decimal, or hexadecimal after 0x; behind a - its negative, behind a ~ its complement, in 64 bits. */
bool word_number(struct word, uint64_t *);

#endif
