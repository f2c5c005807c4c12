/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory that runs out, for tests. Of the requests that our own code makes (not those of the C library or of a
 * guest) the Nth is refused, or all from the Nth on. The linker's --wrap brings the requests here; see check.mk.
 */
#ifndef HARNESS_TESTS_SCARCE_H
#define HARNESS_TESTS_SCARCE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/*
 * Runs a function once with enough memory; then with its first request refused, with its second, and so on up to its
 * last, first that request alone and then all requests from it on; and at last once more with enough. The function
 * returns false when it said that there is no memory, and otherwise leaves its result in `out`: each result must be
 * the first run's, byte for byte. Returns how many requests the first run made. Of all but the `last`
 * requests only every step-th is refused, which keeps long runs short.
 */
typedef bool scarce_try_t(void *context, FILE *out);
uint64_t scarce_try(const char *name, scarce_try_t *try, void *context, uint64_t last, uint64_t step);

/* Does this message say that there was no memory? */
bool scarce_is_said(const char *message);

/* For tests that choose the refused request themselves: nth counts from 1, and scarce_end returns how many requests
 * were made since scarce_begin. */
void scarce_begin(uint64_t nth, bool for_good);
uint64_t scarce_end(void);

#endif
