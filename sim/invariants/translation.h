/* SPDX-License-Identifier: BSD-2-Clause */
/* stale-translation: which frame a page's mapping led to, and which its entry names. */
#ifndef SIM_INVARIANTS_TRANSLATION_H
#define SIM_INVARIANTS_TRANSLATION_H

#include "sim/invariants/checker.h"

void translation_touched(struct invariants *, struct watched *, const struct event *); /* REC_PAGE_TOUCH */

#endif
