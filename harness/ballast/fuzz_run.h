/* SPDX-License-Identifier: BSD-2-Clause */
/* Runs the text of a random scenario on a real Xen. */
#ifndef HARNESS_BALLAST_FUZZ_RUN_H
#define HARNESS_BALLAST_FUZZ_RUN_H

#include <stddef.h>

#include "harness/run/runner.h"

/* said: what the run says of itself, as runner_sentence; or what is wrong with the text. */
enum verdict fuzz_run(struct runner *, const struct xen_choice *, const char *text, size_t bytes, char *said,
    size_t said_bytes);
/* The known Xen that such runs are about. */
const struct known_xen *fuzz_run_known(
    struct runner *, const struct xen_choice *, const char *text, size_t bytes);

#endif
