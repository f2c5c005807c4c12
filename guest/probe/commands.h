/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The probe's commands, a file for each kind. Each function returns true when the command is one of its own; then *result
 * is what the hypercall returned, or words->error says why none was issued.
 */
#ifndef GUEST_PROBE_COMMANDS_H
#define GUEST_PROBE_COMMANDS_H

#include "guest/probe/options.h"

#define BAD_ADDRESS 0x10ul /* in a page that is never mapped */

bool calls_run(struct word command, struct words *, int64_t *result);
bool control_run(struct word name, const struct options *, int64_t *result);
/* Hypercalls about event channels. NULL: there is no such call. */
const char *channels_takes(struct word name);
bool channels_call(struct word name, const struct options *, int64_t *result);
bool channels_run(struct word command, struct words *, int64_t *result);
bool pages_run(struct word command, struct words *, int64_t *result);
bool remap_run(struct word command, struct words *, int64_t *result);

#endif
