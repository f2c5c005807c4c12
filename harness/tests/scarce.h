/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory that runs out, for tests: of what our own code asks for (not the C library or a guest inside it), the
 * Nth request is refused, or all from the Nth on. The linker's --wrap leads the requests here; see check.mk.
 */
#ifndef HARNESS_TESTS_SCARCE_H
#define HARNESS_TESTS_SCARCE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/*
 * What is tried: false when it said that there is no memory, else all that came of it is in `out`. It is run once
 * with enough of everything; then, refused the 1st request, the 2nd and so on up to its last, first one request
 * alone and then all from there on: each time it must say so, or come to the very same. At last, once more, it must
 * go as the first time. Returns how many requests the first run made. Of all but
 * the last of them, so many, only every (step)th is refused.
 */
typedef bool scarce_try_t(void *context, FILE *out);
uint64_t scarce_try(const char *name, scarce_try_t *try, void *context, uint64_t last, uint64_t step);

/* Whether a message speaks of memory. */
bool scarce_is_said(const char *message);

/* For tests that do it step by step. nth from 1; end returns how many were asked for since. */
void scarce_begin(uint64_t nth, bool for_good);
uint64_t scarce_end(void);

#endif
