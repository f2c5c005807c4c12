/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A set of domids. To ask whether one is in it, or which is the next from some number on, takes a look at two or
 * three words, however many there are. All zeros is the empty set; nothing is allocated.
 */
#ifndef SIM_DOMSET_H
#define SIM_DOMSET_H

#include <stdbool.h>
#include <stdint.h>

struct domset {
    uint64_t summary[8]; /* a bit for each word of bits that isn't 0 */
    uint64_t bits[512];
    unsigned count;
};

void domset_add(struct domset *, unsigned domid); /* one that is in it already stays */
void domset_remove(struct domset *, unsigned domid);
static inline bool domset_has(const struct domset *set, unsigned domid)
{
    return set->bits[domid / 64u] >> domid % 64u & 1u;
}
unsigned domset_next(const struct domset *, unsigned domid); /* the lowest member >= domid, 0: none */

#endif
