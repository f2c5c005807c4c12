/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the last hypercall told beside its answer: numbers with names, such as the count of frames that it had
 * exchanged when it failed. The command `last WHAT` gives one of them.
 */
#ifndef GUEST_PROBE_LAST_H
#define GUEST_PROBE_LAST_H

#include "guest/probe/words.h"

void last_forget(void); /* before a hypercall */
void last_set(const char *what, uint64_t number);
void last_run(struct words *, int64_t *result); /* the command; without such a number, words->error says so */

#endif
