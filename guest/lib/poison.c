/* SPDX-License-Identifier: BSD-2-Clause */
/* Fills memory with patterns and compares it, word by word. */
#include "guest/lib/poison.h"

#define FILL_BYTES 1024u

static size_t words_of(size_t bytes)
{
    return (bytes < FILL_BYTES ? bytes : FILL_BYTES) / sizeof(uint64_t);
}

void poison_fill(void *memory, size_t bytes, uint64_t pattern)
{
    uint64_t *word = memory;

    for (size_t n = words_of(bytes); n != 0; n--)
        *word++ = pattern;
}

bool poison_intact(const void *memory, size_t bytes, uint64_t pattern)
{
    const uint64_t *word = memory;
    uint64_t differ = 0;

    for (size_t n = words_of(bytes); n != 0; n--)
        differ |= *word++ ^ pattern;
    return differ == 0;
}

uint64_t poison_sum(const void *memory, size_t bytes)
{
    const uint64_t *word = memory;
    uint64_t sum = bytes;

    for (size_t n = words_of(bytes); n != 0; n--)
        sum = (sum ^ *word++) * 0x9e3779b97f4a7c15ull;
    return sum;
}
