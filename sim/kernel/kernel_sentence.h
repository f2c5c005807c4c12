/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sentences on a kernel's console that mean something: a pattern, and the numbers that a line has at its
 * places. A pattern is text in which {NAME} stands for a number, hexadecimal behind 0x: {target}, or {target:pages} where
 * the sentence itself makes clear what the number is in. It matches anywhere in a line.
 */
#ifndef SIM_KERNEL_SENTENCE_H
#define SIM_KERNEL_SENTENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "guest/abi/kernel.h"

enum kernel_unit { KERNEL_UNIT_UNSAID, KERNEL_UNIT_PAGES, KERNEL_UNIT_KIB, KERNEL_UNIT_BYTES };

struct kernel_sentence {
    enum kernel_saying saying;
    const char *pattern;
};

/* What a line says; a number that the pattern does not have is 0. */
struct kernel_said {
    uint64_t value[NR_KERNEL_NUMBERS];
    enum kernel_unit unit[NR_KERNEL_NUMBERS];
};

/* "pages", "kib" or "bytes" */
bool kernel_unit_by_name(const char *name, size_t bytes, enum kernel_unit *);
/* Checks the pattern. False, with a sentence in error: it is malformed, or lacks a number that its saying needs. */
bool kernel_sentence_check(const struct kernel_sentence *, char *error, size_t error_bytes);
/* Does the line have this sentence, which must have been checked? */
bool kernel_sentence_matches(const struct kernel_sentence *, const char *line, struct kernel_said *);

#endif
