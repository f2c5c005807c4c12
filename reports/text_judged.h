/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whose files a verdict is about, as the kernels of a run say of themselves: "ours", or each part with its file's
 * name and the hash of what is in it.
 */
#ifndef REPORTS_TEXT_JUDGED_H
#define REPORTS_TEXT_JUDGED_H

#include <stdbool.h>

#include "reports/reading.h"

/*
 * Adds one kernel's words to a malloc'd string, unless they stand there already: "ours", or "driver balloon.c
 * xxh64:0123456789abcdef, segments ours, -DDIAGNOSTIC"; nothing for a kernel without files. False: no memory.
 */
bool judged_add(char **all, const struct kernel *);
/* Of all kernels of a recording, each once; "" when none has files. A malloc'd string; NULL: no memory. */
char *judged_of(const struct reading *);

#endif
