/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Random probe scenarios: hypercalls as well and as badly made as they come, one statement a line, so that
 * a line can be left out of a scenario that fails. It writes text; running it is somebody else's.
 */
#ifndef HARNESS_XEN_FUZZ_H
#define HARNESS_XEN_FUZZ_H

#include <stddef.h>
#include <stdint.h>

#define FUZZ_DOMAINS_MAX 8u

struct fuzz_part {
    uint64_t seed; /* of this part alone */
    unsigned domains;
    unsigned statements;
};

/* The scenario of a part; NULL when memory is out. The caller frees it. The same part gives the same text. */
char *fuzz_scenario(const struct fuzz_part *, size_t *bytes);
/* The text without the statements (counted from 0) that `keep` leaves out; its declarations stay. NULL: no memory. */
char *fuzz_without(
    const char *text, size_t bytes, const unsigned char *keep, size_t statements, size_t *kept_bytes);
/* Which statement stands in a line of the text, from 1; -1 for another line. */
long fuzz_statement_of_line(const char *text, size_t bytes, unsigned line);

#endif
