/* SPDX-License-Identifier: BSD-2-Clause */
/* The command with which somebody else, who has the same files elsewhere, repeats the run of a recording. */
#ifndef HARNESS_BALLAST_RUN_AGAIN_H
#define HARNESS_BALLAST_RUN_AGAIN_H

#include <stdbool.h>
#include <stdio.h>

#include "reports/html.h"

/* Prints it, and which files it means; scenario: what the file is called there. False: no memory. */
bool run_again_print(FILE *, const struct html_page *, const char *scenario);

#endif
