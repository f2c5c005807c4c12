/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * splitmix64 (Steele, Lea, Flood, 2014): a stream of 64-bit numbers from a seed, the same on every computer.
 * Each user keeps a state of its own, so that a number more for one of them changes nothing for the others. Recordings
 * depend on these numbers.
 */
#ifndef SIM_RANDOM_H
#define SIM_RANDOM_H

#include <stdint.h>

#define RANDOM_STEP 0x9e3779b97f4a7c15ull /* 2^64 divided by the golden ratio, odd */

/* The next number of the stream. The state may begin as any number: the seed. */
static inline uint64_t random_next(uint64_t *state)
{
    uint64_t x = *state += RANDOM_STEP;

    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9ull;
    x = (x ^ x >> 27) * 0x94d049bb133111ebull;
    return x ^ x >> 31;
}

/* A number that looks like chance and depends on x alone: the first one of the stream that x begins. */
static inline uint64_t random_mixed(uint64_t x)
{
    return random_next(&x);
}

#endif
