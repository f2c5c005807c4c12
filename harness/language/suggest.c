/* SPDX-License-Identifier: BSD-2-Clause */
/* Edit distance with swaps of neighbours, on words short enough for two arrays on the stack. */
#include "harness/language/suggest.h"

#include <assert.h>
#include <limits.h>
#include <string.h>

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

unsigned edit_distance(const char *a, size_t a_bytes, const char *b, size_t b_bytes)
{
    unsigned rows[3][SUGGEST_BYTES_MAX + 1];
    unsigned *before = rows[0], *above = rows[1], *row = rows[2];

    assert(a != NULL && b != NULL);
    if (a_bytes > SUGGEST_BYTES_MAX || b_bytes > SUGGEST_BYTES_MAX)
        return UINT_MAX;
    for (unsigned j = 0; j <= b_bytes; j++)
        above[j] = j;
    for (unsigned i = 1; i <= a_bytes; i++) {
        row[0] = i;
        for (unsigned j = 1; j <= b_bytes; j++) {
            unsigned change = a[i - 1] == b[j - 1] ? 0 : 1;
            row[j] = least(above[j - 1] + change, least(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = least(row[j], before[j - 2] + 1);
        }
        unsigned *oldest = before;
        before = above;
        above = row;
        row = oldest;
    }
    return above[b_bytes];
}

#define OF_A_PART (UINT_MAX - 1) /* a distance behind that of any misspelt word */

/* Is the word one of the parts of the candidate, which - _ and . divide? */
static bool is_part(const struct suggestion *s, const char *candidate)
{
    static const char dividers[] = "-_.";

    while (*candidate != '\0') {
        const size_t bytes = strcspn(candidate, dividers);
        if (bytes == s->bytes && bytes > 2 && memcmp(candidate, s->word, bytes) == 0)
            return true;
        candidate += bytes + (candidate[bytes] != '\0');
    }
    return false;
}

void suggest_begin(struct suggestion *s, const char *word, size_t bytes)
{
    assert(s != NULL && word != NULL);
    *s = (struct suggestion){.word = word, .bytes = bytes, .distance = UINT_MAX};
}

void suggest_offer(struct suggestion *s, const char *candidate)
{
    size_t bytes = strlen(candidate);
    unsigned distance = edit_distance(s->word, s->bytes, candidate, bytes);
    /* One slip in a short word, one in three letters of a longer one: more is another word. */
    size_t allowed = bytes < 6 ? 1 : bytes / 3;

    assert(s->word != NULL);
    if (bytes > 3 && allowed < 2)
        allowed = 2;
    if (bytes <= 2 && s->bytes <= 1)
        allowed = 0;
    if (distance > allowed && is_part(s, candidate))
        distance = OF_A_PART;
    else if (distance > allowed || distance >= bytes)
        return;
    if (distance < s->distance) {
        s->best = candidate;
        s->distance = distance;
    }
}
