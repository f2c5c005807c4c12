/* SPDX-License-Identifier: BSD-2-Clause */
/* The lines that guests have written to their consoles in this run, kept for `expect DOM log ~ "TEXT"`. */
#ifndef HARNESS_RUN_CONSOLE_H
#define HARNESS_RUN_CONSOLE_H

#include <stddef.h>
#include <stdint.h>

struct console;
struct record;
struct runner;
struct value;

struct console *console_new(void); /* NULL: no memory */
void console_free(struct console *);
void console_forget(struct console *); /* drops the last run's lines */

/* Observer: keeps a REC_LOG. */
void console_see(struct runner *, const struct record *, uint64_t event);
/* The last line of a domain that is as wanted and came after that event, or NULL. wanted NULL: whatever it says. */
const char *console_last(
    const struct console *, unsigned domid, uint64_t after_event, const struct value *wanted);
/* How many there are. */
uint64_t console_count(
    const struct console *, unsigned domid, uint64_t after_event, const struct value *wanted);

#endif
