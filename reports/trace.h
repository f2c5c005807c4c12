/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A run in the Trace Event Format, which ui.perfetto.dev and chrome://tracing open: a process for each domain and one for the
 * host, with tracks for its vcpu, the driver's threads, hypercalls and other events, and counters of memory. docs/formats.md
 * says what is where.
 */
#ifndef REPORTS_TRACE_H
#define REPORTS_TRACE_H

#include <stdbool.h>
#include <stdio.h>

#include "reports/reading.h"
#include "reports/text_style.h"

/* One JSON document with an event a line. False: there was no memory for all of it. */
bool trace_print(FILE *, const struct reading *, const struct text_style *);

#endif
