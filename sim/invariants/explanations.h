/* SPDX-License-Identifier: BSD-2-Clause */
/* What `ballast explain` says of an invariant, beside what list.h says. */
#ifndef SIM_INVARIANTS_EXPLANATIONS_H
#define SIM_INVARIANTS_EXPLANATIONS_H

#include "sim/invariants/list.h"

struct invariant_explanation {
    const char *checked;   /* when it is asked, and how */
    const char *blind;     /* what it does not see */
    const char *broken_by; /* the mistakes that usually break it */
    const char *example;   /* a message */
};
const struct invariant_explanation *invariant_explain(enum invariant);

#endif
