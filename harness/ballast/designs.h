/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Kernels that stand for a design, a proposed way to grow past boot memory: they say so in their description (the `design`
 * row of guest/abi/kernel.h).
 */
#ifndef HARNESS_BALLAST_DESIGNS_H
#define HARNESS_BALLAST_DESIGNS_H

#include "harness/builder/words.h"
#include "harness/image/kernels.h"

bool stands_for_design(const struct kernel_info *);
/*
 * Adds the kernels of `text`, names apart by commas, or `all`, by name. Kernels that were not built for want of a package may
 * be named; all leaves them out, and says on standard error which. False, with a sentence: one of them is no design.
 */
bool designs_add(struct words *kernels, const char *text, char *error, size_t error_bytes);

#endif
