/* SPDX-License-Identifier: BSD-2-Clause */
/* Plays requests to the model's xenstore and to Debian's, and compares what guests and dom0 hear from either. */
#ifndef HARNESS_TESTS_XENSTORED_PLAY_H
#define HARNESS_TESTS_XENSTORED_PLAY_H

#include <stdbool.h>
#include <stdint.h>

#include "harness/tests/xenstored/requests.h"

struct play;

struct play *play_begin(const char *xenstored, const char *shim, uint32_t requests_most);
void play_end(struct play *);
/* False: what was heard differs. *good: the real one did as it was asked. */
bool play_request(struct play *, const struct request *, uint32_t number, bool *good);
/* Everybody reads all that is left. False: it differs. */
bool play_read_all(struct play *);
/* Where they differ, in words. */
void play_print_difference(FILE *, const struct play *);

#endif
