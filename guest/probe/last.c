/* SPDX-License-Identifier: BSD-2-Clause */
/* Keeps the numbers that the last hypercall returned besides its result. */
#include "guest/probe/last.h"

#define LAST_MAX 8u

static struct {
    const char *what;
    uint64_t number;
} last[LAST_MAX];
static unsigned nr_last;

void last_forget(void)
{
    nr_last = 0;
}

void last_set(const char *what, uint64_t number)
{
    if (nr_last < LAST_MAX) {
        last[nr_last].what = what;
        last[nr_last++].number = number;
    }
}

void last_run(struct words *words, int64_t *result)
{
    struct word what = words_next(words);

    for (unsigned i = 0; i < nr_last; i++)
        if (word_is(what, last[i].what)) {
            *result = (int64_t)last[i].number;
            return;
        }
    words->error = "the last hypercall told nothing of that name";
}
