/* SPDX-License-Identifier: BSD-2-Clause */
/* Sets of domids as bits, with a summary of which words hold any. */
#include "sim/domset.h"

#include <assert.h>

#include "sim/types.h"

_Static_assert(DOMID_LIMIT <= 512u * 64u, "a bit for each domain's number");

void domset_add(struct domset *set, unsigned domid)
{
    assert(domid < DOMID_LIMIT);
    if (domset_has(set, domid))
        return;
    set->bits[domid / 64u] |= 1ull << domid % 64u;
    set->summary[domid / 4096u] |= 1ull << domid / 64u % 64u;
    set->count++;
}

void domset_remove(struct domset *set, unsigned domid)
{
    assert(domid < DOMID_LIMIT);
    if (!domset_has(set, domid))
        return;
    set->bits[domid / 64u] &= ~(1ull << domid % 64u);
    if (set->bits[domid / 64u] == 0)
        set->summary[domid / 4096u] &= ~(1ull << domid / 64u % 64u);
    assert(set->count > 0);
    set->count--;
}

/* The bits of a word from position `from` on. */
static uint64_t from_bit(uint64_t word, unsigned from)
{
    return from >= 64u ? 0 : word & ~0ull << from;
}

unsigned domset_next(const struct domset *set, unsigned domid)
{
    if (domid >= DOMID_LIMIT)
        return 0;
    unsigned word = domid / 64u;
    uint64_t bits = from_bit(set->bits[word], domid % 64u);
    if (bits == 0) {
        unsigned group = word / 64u;
        uint64_t words = from_bit(set->summary[group], word % 64u + 1u);
        while (words == 0) {
            if (++group == 8u)
                return 0;
            words = set->summary[group];
        }
        word = group * 64u + (unsigned)__builtin_ctzll(words);
        bits = set->bits[word];
    }
    return word * 64u + (unsigned)__builtin_ctzll(bits);
}
