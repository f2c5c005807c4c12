/* SPDX-License-Identifier: BSD-2-Clause */
/* Runs each part on both, and finds where the answers part. */
#include "harness/ballast/xen_pair.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "harness/ballast/fuzz_run.h"
#include "harness/ballast/pair_table.h"
#include "harness/ballast/verdicts.h"
#include "harness/xen/xen_answers.h"
#include "harness/xen/xen_found.h"

#define DIFFERENCES_A_PART 60u /* each costs the part's runs once more */
#define STATEMENT_BYTES    160u

struct xen_pair {
    struct runner *runner[2];
    struct xen_choice xen[2];
    struct xen_answers answers[2];
    const char *named[2];
    struct pair_table *table;
    uint64_t statements;
};

struct xen_pair *xen_pair_new(const struct xen_choice two[2], const char *const named[2])
{
    struct xen_pair *pair = calloc(1, sizeof *pair);

    if (pair == NULL)
        return NULL;
    pair->table = pair_table_new();
    for (unsigned side = 0; side < 2; side++) {
        pair->named[side] = named[side];
        pair->xen[side] = two[side];
        pair->xen[side].answers = &pair->answers[side];
        pair->runner[side] = runner_new();
        if (pair->runner[side] == NULL || pair->table == NULL) {
            xen_pair_free(pair);
            return NULL;
        }
    }
    return pair;
}

void xen_pair_free(struct xen_pair *pair)
{
    for (unsigned side = 0; pair != NULL && side < 2; side++) {
        runner_free(pair->runner[side]);
        xen_answers_free(&pair->answers[side]);
    }
    if (pair != NULL)
        pair_table_free(pair->table);
    free(pair);
}

/* The statement of a line of the text, without the time before it. */
static void copy_statement(const char *text, size_t bytes, unsigned line, char *to, size_t to_bytes)
{
    const char *at = text, *end = text + bytes;

    for (unsigned number = 1; number < line && at != NULL && at < end; number++) {
        at = memchr(at, '\n', (size_t)(end - at));
        at = at != NULL ? at + 1 : NULL;
    }
    const char *words = at != NULL && at < end ? at : "";
    if (strncmp(words, "+0 ", 3) == 0)
        words += 3;
    snprintf(to, to_bytes, "%.*s", (int)strcspn(words, "\n"), words);
}

static bool has_run(enum verdict verdict)
{
    return verdict == VERDICT_PASS || verdict == VERDICT_FAIL;
}

/* Runs the text on both. False: one of them could not, and that is said. */
static bool run_both(struct xen_pair *pair, const char *text, size_t bytes, enum verdict *verdict)
{
    char said[512];

    for (unsigned side = 0; side < 2; side++) {
        xen_answers_clear(&pair->answers[side]);
        *verdict = fuzz_run(pair->runner[side], &pair->xen[side], text, bytes, said, sizeof said);
        const bool lost = pair->answers[side].lost;
        if (has_run(*verdict) && !lost)
            continue;
        printf("xen-fuzz: %c: %s: %s\n", "AB"[side], verdict_name(*verdict),
            lost ? "no memory for its answers" : said);
        if (has_run(*verdict))
            *verdict = VERDICT_ERROR;
        return false;
    }
    return true;
}

/* The number of the statement in the whole text that is the `which`th of those that are kept. */
static long whole_statement(const unsigned char *keep, size_t statements, long which)
{
    for (size_t s = 0; s < statements; s++)
        if (keep[s] && which-- == 0)
            return (long)s;
    return -1;
}

/* Goes over the answers up to the first difference. False: there is none, and the calls are counted. */
static bool look(
    struct xen_pair *pair, const struct fuzz_part *part, const char *text, size_t bytes, uint32_t *line)
{
    struct xen_answers_walk walk = {.left = 0};
    struct xen_answer_value one, other;
    char statement[STATEMENT_BYTES];

    while (xen_answers_next(&pair->answers[0], &pair->answers[1], &walk))
        if (xen_answers_differ(walk.one, walk.other, &one, &other)) {
            *line = walk.one->line;
            copy_statement(text, bytes, *line, statement, sizeof statement);
            pair_table_differ(
                pair->table, walk.one, &one, &other, &(const struct pair_place){part, statement});
            return true;
        }
    walk = (struct xen_answers_walk){.left = 0};
    while (xen_answers_next(&pair->answers[0], &pair->answers[1], &walk))
        pair_table_answered(pair->table, walk.one);
    return false;
}

static size_t statements_of(const struct fuzz_part *part)
{
    return (size_t)part->statements + part->domains; /* each domain has one at the start */
}

/* Runs what is kept, and leaves out the statement at which they part. True: there was one. */
static bool run_once(struct xen_pair *pair, const struct fuzz_part *part, const char *text, size_t bytes,
    unsigned char *keep, enum verdict *verdict)
{
    uint32_t line;

    if (!run_both(pair, text, bytes, verdict) || !look(pair, part, text, bytes, &line))
        return false;
    const long which = whole_statement(keep, statements_of(part), fuzz_statement_of_line(text, bytes, line));
    if (which >= 0)
        keep[which] = 0;
    return which >= 0;
}

/* Which Xen the model is beside both: the one that is nearest to A. */
static void choose_model(struct xen_pair *pair, const char *text, size_t bytes)
{
    if (pair->xen[0].model == NULL)
        pair->xen[0].model = pair->xen[1].model = fuzz_run_known(pair->runner[0], &pair->xen[0], text, bytes);
}

enum verdict xen_pair_part(struct xen_pair *pair, const struct fuzz_part *part)
{
    const size_t statements = statements_of(part);
    unsigned char *keep = malloc(statements);
    size_t bytes = 0, kept_bytes;
    char *text = fuzz_scenario(part, &bytes);
    enum verdict verdict = VERDICT_ERROR;
    unsigned found = 0;
    bool more = text != NULL && keep != NULL;

    if (more) {
        memset(keep, 1, statements);
        choose_model(pair, text, bytes);
    } else {
        printf("xen-fuzz: no memory\n");
    }
    while (more) {
        char *kept = fuzz_without(text, bytes, keep, statements, &kept_bytes);

        more = kept != NULL && run_once(pair, part, kept, kept_bytes, keep, &verdict) &&
               ++found < DIFFERENCES_A_PART;
        free(kept);
    }
    if (found == DIFFERENCES_A_PART)
        printf("xen-fuzz: the part with seed %" PRIu64
               " has more than %u differences; the others are not looked for\n",
            part->seed, DIFFERENCES_A_PART);
    pair->statements += part->statements;
    free(text);
    free(keep);
    if (!has_run(verdict))
        return verdict;
    return found > 0 ? VERDICT_FAIL : VERDICT_PASS;
}

void xen_pair_print(const struct xen_pair *pair, FILE *out)
{
    for (unsigned side = 0; side < 2; side++) {
        const struct xen_found *xen = runner_xen(pair->runner[side]);
        char text[XEN_FOUND_TEXT_BYTES] = "none that was booted";

        if (xen != NULL)
            xen_found_text(xen, text, sizeof text);
        fprintf(out, "%c is %s\n", "AB"[side], text);
    }
    pair_table_print(pair->table, pair->named, pair->statements, out);
}
