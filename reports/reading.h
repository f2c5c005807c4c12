/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads recordings: checks one whole before anything of it is used, then gives its records one by one.
 * It trusts no byte. What the records mean to a person is up to the writers beside it.
 */
#ifndef REPORTS_READING_H
#define REPORTS_READING_H

#include "sim/kernel/kernel.h"
#include "sim/record/record.h"
#include "sim/record/scenario_files.h"
#include "sim/types.h"

struct reading;

/* NULL, with a sentence in error: the bytes are no whole recording of a known version. The caller keeps the bytes until
 * reading_close. */
struct reading *reading_open(const void *bytes, size_t count, char *error, size_t error_bytes);
void reading_close(struct reading *);
const struct recording_head *reading_head(const struct reading *);
uint64_t reading_events(const struct reading *);
/* event from 1; NULL past the end. The record and its payload are inside the bytes, and well-formed for its type. */
const struct record *reading_event(const struct reading *, uint64_t event);
const char *reading_scenario(const struct reading *, size_t *bytes);
/* A line of it, without its newline; NULL: it has no line of that number. */
const char *reading_line(const struct reading *, uint32_t line, size_t *bytes);
/* The file of the scenario that the line is in: its own, or one that it includes. */
struct scenario_place reading_place(const struct reading *, uint32_t line);
/* The faults that make something come later, or once more later, as event numbers in ascending order. */
size_t reading_delays(const struct reading *, const uint64_t **events);
const char *reading_domain_name(const struct reading *, unsigned domid); /* "dom3" for an unknown one */
/* What the domain's kernel says of itself; NULL: the recording does not have it, as in version 1. */
const struct kernel *reading_kernel(const struct reading *, unsigned domid);
uint64_t reading_schedule_seed(const struct reading *); /* that chose who ran; 0: none did */
int reading_verdict(const struct reading *);            /* exit code; -1: none */

/* A record's text and list, checked against its size when it was opened. */
const char *record_text(const struct record *);
const char *record_second_text(const struct record *); /* of a type that has two */
const void *record_list(const struct record *);

#endif
