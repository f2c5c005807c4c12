/* SPDX-License-Identifier: BSD-2-Clause */
/* What went wrong in a run, as the pages want it, with the events that lead to it. */
#ifndef REPORTS_HTML_CAUSES_H
#define REPORTS_HTML_CAUSES_H

#include "reports/html.h"

/* Two members of an object: findings are broken invariants, and failures what fails without one. */
void html_causes(FILE *, const struct html_page *, bool *failed);

#endif
