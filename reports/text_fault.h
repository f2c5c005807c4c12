/* SPDX-License-Identifier: BSD-2-Clause */
/* Injected faults in words, and which fault was the reason of which refusal. */
#ifndef REPORTS_TEXT_FAULT_H
#define REPORTS_TEXT_FAULT_H

#include <stdio.h>

#include "reports/reading.h"

/* The fault that refused the event's call, as an event number; 0: none. */
uint64_t text_fault_behind(const struct reading *, uint64_t event);
void text_print_fault_behind(
    FILE *, const struct reading *, uint64_t event); /* " (fault page=100)" or nothing */
/* How often that fault, or the one behind that event, had fired by then; 0: there is none. */
uint64_t text_fault_times(const struct reading *, uint64_t event);
/* The fault that made a watch event or a notification come late or once more, as an event number; 0: none. */
uint64_t text_delay_behind(const struct reading *, uint64_t event);
void text_print_delay_behind(
    FILE *, const struct reading *, uint64_t event); /* " (2.000 s late: fault at event 53)" or nothing */
/* Describes a REC_FAULT: "fault populate_physmap page=100 fires, 413 pages from 0x4063: short, 99". */
void text_describe_fault(FILE *, const struct reading *, const struct record *, uint64_t event);

#endif
