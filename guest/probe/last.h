/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the last hypercall returned besides its result: numbers with names, such as how many frames it had exchanged when
 * it failed. The command `last WHAT` returns one of them.
 */
#ifndef GUEST_PROBE_LAST_H
#define GUEST_PROBE_LAST_H

#include "guest/probe/words.h"

void last_forget(void); /* to be called before a hypercall */
void last_set(const char *what, uint64_t number);
void last_run(struct words *, int64_t *result); /* the command; no such number: words->error says so */

#endif
