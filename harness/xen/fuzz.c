/* SPDX-License-Identifier: BSD-2-Clause */
/* The text of random scenarios, and the same text with statements left out. Each statement is one line. */
#include "harness/xen/fuzz.h"

#include "harness/xen/fuzz_channel.h"
#include "harness/xen/fuzz_dom0.h"
#include "harness/xen/fuzz_kinds.h"
#include "harness/xen/fuzz_probe.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define STATEMENT "+0 " /* what every statement begins with, and no declaration */

static void statement(struct fuzz_state *fuzz, const struct fuzz_kind *kind_of_part)
{
    unsigned domain = fuzz_state_below(fuzz, fuzz->domains), kind = fuzz_state_below(fuzz, FUZZ_PROBE_KINDS);

    fputs(STATEMENT, fuzz->out);
    if (kind_of_part->own_of_16 > fuzz_state_below(fuzz, 16)) {
        kind_of_part->statement(fuzz);
    } else if (fuzz_state_one_in(fuzz, 60)) { /* a new maximum, perhaps below the reservation */
        fprintf(fuzz->out, "xl mem-set %c %u", fuzz_state_name(domain), 14 + fuzz_state_below(fuzz, 11));
    } else if (fuzz_state_one_in(fuzz, 6)) {
        fuzz_dom0_statement(fuzz);
    } else if (fuzz_state_one_in(fuzz, 5)) {
        fprintf(fuzz->out, "%c ", fuzz_state_name(domain));
        fuzz_channel_statement(fuzz);
    } else {
        fprintf(fuzz->out, "%c ", fuzz_state_name(domain));
        fuzz_probe_statement(fuzz, domain, kind);
    }
    fputc('\n', fuzz->out);
}

char *fuzz_scenario(const struct fuzz_part *part, size_t *bytes)
{
    const struct fuzz_kind *kind = part->kind;
    struct fuzz_state fuzz = {.random = part->seed, .domains = part->domains};
    char *text = NULL;

    assert(part->domains >= 1 && part->domains <= FUZZ_DOMAINS_MAX);
    fuzz.out = open_memstream(&text, bytes);
    if (fuzz.out == NULL)
        return NULL;
    /* Sometimes the host has hardly more than the domains boot with, and soon has no free pages. */
    unsigned spare = fuzz_state_one_in(&fuzz, 3) ? 1 : kind->spare_mib;
    fprintf(fuzz.out,
        "language 1\n# Random hypercalls (%s, seed %" PRIu64
        "): the model answers each as the real Xen does.\n"
        "# Made by ballast xen-fuzz.\nhost mem=%um\n",
        kind->name, part->seed, part->domains * (kind->memory_mib + 1) + spare);
    for (unsigned d = 0; d < part->domains; d++)
        fprintf(fuzz.out, "domain %c kernel=probe memory=%um maxmem=%um\n", fuzz_state_name(d),
            kind->memory_mib, kind->maxmem_mib);
    for (unsigned d = 0; d < part->domains; d++)
        fprintf(
            fuzz.out, STATEMENT "xl mem-set %c %u\n", fuzz_state_name(d), 16 + fuzz_state_below(&fuzz, 9));
    for (unsigned i = 0; i < part->statements; i++)
        statement(&fuzz, kind);
    return fclose(fuzz.out) == 0 ? text : NULL;
}

/* Bytes of the line that begins there, its end included. */
static size_t line_bytes(const char *line, size_t left_bytes)
{
    const char *end = memchr(line, '\n', left_bytes);

    return end != NULL ? (size_t)(end - line) + 1 : left_bytes;
}

static bool is_statement(const char *line, size_t left_bytes)
{
    return left_bytes >= sizeof STATEMENT - 1 && memcmp(line, STATEMENT, sizeof STATEMENT - 1) == 0;
}

char *fuzz_without(
    const char *text, size_t bytes, const unsigned char *keep, size_t statements, size_t *kept_bytes)
{
    char *kept = malloc(bytes + 1);
    size_t which = 0;

    *kept_bytes = 0;
    if (kept == NULL)
        return NULL;
    for (size_t at = 0, line; at < bytes; at += line) {
        bool counts = is_statement(text + at, bytes - at);

        line = line_bytes(text + at, bytes - at);
        if (!counts || (which < statements && keep[which])) {
            memcpy(kept + *kept_bytes, text + at, line);
            *kept_bytes += line;
        }
        which += counts;
    }
    assert(*kept_bytes <= bytes);
    kept[*kept_bytes] = '\0';
    return kept;
}

long fuzz_statement_of_line(const char *text, size_t bytes, unsigned line)
{
    long which = -1;
    size_t at = 0;

    for (unsigned number = 1; at < bytes; number++) {
        bool counts = is_statement(text + at, bytes - at);

        which += counts;
        if (number == line)
            return counts ? which : -1;
        at += line_bytes(text + at, bytes - at);
    }
    return -1;
}
