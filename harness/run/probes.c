/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Statements of a probe: the words go to the probe's agent, which issues the hypercall; what it returned is compared. A
 * probe knows only the names of its own frames, so names of domains and of other probes' frames become numbers here.
 */
#include "harness/run/probes.h"
#include "harness/run/agent.h"
#include "harness/run/groups.h"
#include "harness/run/judge.h"
#include "harness/run/run.h"
#include "sim/real_xen.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PROBE_BOUND_NS (60 * NS_PER_S) /* a call of 2^26 extents takes seconds of virtual time */

/* A probe's command line as it is being written. */
struct line {
    char *text; /* PROBE_LINE_BYTES */
    size_t bytes;
};

static bool add(
    struct runner *r, const struct statement *statement, struct line *line, const char *text, size_t bytes)
{
    if (bytes >= PROBE_LINE_BYTES - line->bytes) {
        run_complain(r, statement->text_span, "that is more than a probe reads in one line");
        return false;
    }
    memcpy(line->text + line->bytes, text, bytes);
    line->bytes += bytes;
    line->text[line->bytes] = 0;
    return true;
}

static bool add_number(struct runner *r, const struct statement *statement, struct line *line, int64_t number)
{
    char text[32];
    int bytes = snprintf(text, sizeof text, "%" PRId64, number);

    assert(bytes > 0);
    return add(r, statement, line, text, (size_t)bytes);
}

/* The domain that a word of this many bytes names; NULL after a complaint. */
static struct domain *named(
    struct runner *r, const struct statement *statement, const char *word, size_t bytes)
{
    char name[NAME_BYTES_MAX + 1];

    snprintf(name, sizeof name, "%.*s", (int)bytes, word);
    if (bytes <= NAME_BYTES_MAX)
        return run_domain(r, name, statement->text_span);
    run_complain(r, statement->text_span, "no domain's name has %zu bytes", bytes);
    return NULL;
}

/* p.$a: the frame that the probe p calls $a. */
static bool add_foreign_frame(struct runner *r, const struct statement *statement, struct line *line,
    const char *word, size_t bytes, size_t dot, const struct domain *listener)
{
    struct domain *owner = named(r, statement, word, dot);
    char question[64];
    const char *output = "";
    int64_t mfn;
    int status = 0;

    if (owner == NULL)
        return false;
    if (bytes - dot - 1 > 40) {
        run_complain(r, statement->text_span, "no frame has so long a name");
        return false;
    }
    snprintf(question, sizeof question, "frame %.*s", (int)(bytes - dot - 1), word + dot + 1);
    if (!agent_command(r, owner, question, PROBE_BOUND_NS, &status, &output) || status != 0) {
        run_complain(r, statement->text_span, "%.*s: %s", (int)bytes, word, output);
        return false;
    }
    mfn = strtoll(output, NULL, 10);
    const char mark = REAL_XEN_FRAME_MARK;
    return (!domain_on_real_xen(listener) || add(r, statement, line, &mark, 1)) &&
           add_number(r, statement, line, mfn);
}

/* One word of the statement, its names replaced. */
static bool add_word(struct runner *r, const struct statement *statement, struct line *line, const char *word,
    size_t bytes, const struct domain *listener)
{
    static const char *const keys[] = {"domid=", "remote="};
    const bool remote = bytes > 0 && word[0] == 'r';
    const char *key = keys[remote];
    const size_t key_bytes = strlen(key);
    const char *dollar = memchr(word, '$', bytes);
    const bool letter =
        bytes > key_bytes && ((word[key_bytes] | 0x20) >= 'a' && (word[key_bytes] | 0x20) <= 'z');

    if (letter && memcmp(word, key, key_bytes) == 0) {
        struct domain *domain = named(r, statement, word + key_bytes, bytes - key_bytes);
        return domain != NULL && add(r, statement, line, key, key_bytes) &&
               add_number(r, statement, line, domain_abi_id(domain));
    }
    if (dollar != NULL && dollar > word + 1 && dollar[-1] == '.')
        return add_foreign_frame(r, statement, line, word, bytes, (size_t)(dollar - word) - 1, listener);
    return add(r, statement, line, word, bytes);
}

/* Words end at blanks and at the brackets of a list; the bracket of an index, $a[3], belongs to its word. */
static bool add_words(
    struct runner *r, const struct statement *statement, struct line *line, const struct domain *listener)
{
    const char *at = statement->text;

    while (*at != 0) {
        size_t blanks = strspn(at, " \t[]"), bytes;
        if (!add(r, statement, line, at, blanks))
            return false;
        at += blanks;
        bytes = strcspn(at, " \t[]");
        if (bytes > 0 && memchr(at, '$', bytes) != NULL && at[bytes] == '[')
            bytes += strcspn(at + bytes, "]") + 1;
        if (bytes > 0 && !add_word(r, statement, line, at, bytes, listener))
            return false;
        at += bytes;
    }
    return true;
}

static struct domain *probe_of(struct runner *r, const struct statement *statement)
{
    struct domain *domain = groups_domain(r, statement);

    if (domain == NULL ||
        (domain_has_agent(domain) && kernel_has_feature(domain_description(domain), "hypercalls")))
        return domain;
    run_complain(r, statement->where, "%s runs kernel=%s here: raw hypercalls are a probe's",
        statement->domain, domain_kernel(domain));
    return NULL;
}

/* Compares the agent's answer: a number, and behind it perhaps a word or two. */
static void compare_number(
    struct runner *r, const struct statement *statement, unsigned domid, const char *output)
{
    char wanted[48], seen[SENTENCE_BYTES];
    char *behind;
    const int64_t number = strtoll(output, &behind, 10);

    if (!statement->has_status)
        return;
    snprintf(wanted, sizeof wanted, "-> %" PRId64, statement->status);
    snprintf(seen, sizeof seen, "-> %" PRId64 "%.1000s", number, behind);
    judge(r, domid, EXPECT_STATUS, number == statement->status, statement->where, wanted, seen);
}

bool probes_line(struct runner *r, const struct statement *statement, char text[PROBE_LINE_BYTES])
{
    const struct domain *domain = probe_of(r, statement);
    struct line line = {.text = text};

    *text = 0;
    return domain != NULL && add_words(r, statement, &line, domain);
}

void probes_answer(
    struct runner *r, const struct statement *statement, unsigned domid, int status, const char *output)
{
    assert(statement->kind == ST_PROBE);
    if (status != 0)
        run_complain(r, statement->text_span, "%.200s", output);
    else
        compare_number(r, statement, domid, output);
}

void probes_statement(struct runner *r, const struct statement *statement)
{
    char line[PROBE_LINE_BYTES];
    int status = 0;
    const char *output = "";

    if (!probes_line(r, statement, line))
        return;
    struct domain *domain = groups_domain(r, statement);
    if (agent_command(r, domain, line, PROBE_BOUND_NS, &status, &output))
        probes_answer(r, statement, domain_id(domain), status, output);
    else if (!run_is_over(r) && !domain_crashed(domain))
        judge(r, domain_id(domain), EXPECT_DONE, false, statement->where, "an answer", "none");
}
