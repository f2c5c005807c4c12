/* SPDX-License-Identifier: BSD-2-Clause */
/* The scenarios of `ballast check-driver`: those that hold for any driver. */
#ifndef HARNESS_BALLAST_CHECK_DRIVER_H
#define HARNESS_BALLAST_CHECK_DRIVER_H

#include "harness/builder/recipe.h"

/* Adds their paths; false with a sentence in error. */
bool driver_scenarios(const struct recipe *, struct words *paths, char *error, size_t error_bytes);

#endif
