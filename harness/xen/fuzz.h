/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Random scenarios of valid and invalid hypercalls. Each statement is one line, so that lines can be left out of a
 * scenario that fails. Here only the text is made; harness/ballast/xen_fuzz.c runs it.
 */
#ifndef HARNESS_XEN_FUZZ_H
#define HARNESS_XEN_FUZZ_H

#include <stddef.h>
#include <stdint.h>

#define FUZZ_DOMAINS_MAX 8u

struct fuzz_kind;

/* A part of a run: one scenario. */
struct fuzz_part {
    uint64_t seed;                /* of this part alone */
    const struct fuzz_kind *kind; /* fuzz_kinds.h */
    unsigned domains;
    unsigned statements;
};

/*
 * The scenario of a part; NULL when memory is out. The caller frees it. The same part gives the same text, whatever
 * compiler built this.
 */
char *fuzz_scenario(const struct fuzz_part *, size_t *bytes);
/* The text without the statements (counted from 0) that `keep` leaves out; its declarations stay. NULL: no memory. */
char *fuzz_without(
    const char *text, size_t bytes, const unsigned char *keep, size_t statements, size_t *kept_bytes);
/* Which statement stands in a line of the text, from 1; -1 for another line. */
long fuzz_statement_of_line(const char *text, size_t bytes, unsigned line);

#endif
