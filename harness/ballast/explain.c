/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * `ballast explain`: prints the explanation of an invariant from sim/invariants/explanations.c, or of a word that goes with them.
 */
#include <stdio.h>
#include <string.h>

#include "harness/ballast/commands.h"
#include "harness/ballast/stderr_line.h"
#include "harness/run/runner.h"
#include "harness/language/suggest.h"
#include "sim/invariants/explanations.h"
#include "sim/invariants/names.h"

#define COLUMNS 78u

/* Prints a paragraph, with its lines broken at blanks and indented. */
static void print_paragraph(const char *text)
{
    unsigned column = 0;

    while (*text != '\0') {
        const size_t bytes = strcspn(text, " ");

        if (column > 0 && column + 1 + bytes > COLUMNS) {
            putchar('\n');
            column = 0;
        }
        column += (unsigned)printf("%s%.*s", column == 0 ? "    " : " ", (int)bytes, text);
        text += bytes;
        text += strspn(text, " ");
    }
    putchar('\n');
}

static void explain(enum invariant which)
{
    const struct invariant_explanation *explanation = invariant_explain(which);
    const struct {
        const char *heading, *text;
    } parts[] = {
        {"It is checked", explanation->checked},
        {"It does not see", explanation->blind},
        {"What usually breaks it", explanation->broken_by},
        {"A report of it", explanation->example},
    };

    printf("%s\n", invariant_name(which));
    print_paragraph(invariant_holds(which));
    for (size_t p = 0; p < sizeof parts / sizeof parts[0]; p++) {
        printf("\n  %s\n", parts[p].heading);
        print_paragraph(parts[p].text);
    }
}

/* What is no invariant, and is asked for in their company. */
static const struct topic {
    const char *name, *paragraphs[6];
} topics[] = {
    {"waiver",
        {"What breaks an invariant and does not make the run FAIL. There are two kinds, and both "
         "still count what is broken.",
            "In a scenario: a line `expect violation NAME` behind the statements that break it. It fails "
            "when the invariant holds, so that the day the code is mended it says so. It covers the "
            "whole run, and every domain unless it names one, `expect violation DOM NAME`; what broke "
            "behind the last such line stands as `waived:` below the verdict. For a guest that is meant to "
            "die: `expect crash`. docs/scenario.md; scenarios/faults/watch-refused.scn has "
            "one.",
            "In a kernel: a design, a way to grow that somebody proposed, says WAIVER(\"NAME\", \"why it "
            "breaks that by intent\") behind the DESIGN of its own file (guest/linux/designs, "
            "guest/netbsd/designs). What it breaks of NAME stands as `waived:` with the reason below the "
            "verdict. docs/designs.md and docs/invariants.md.",
            "A driver of a user's own has no waivers: what it breaks is what is to be known of it. "
            "`ballast check-driver --baseline FILE` tells what is new since a run that was looked at."}},
};

static const struct topic *topic_named(const char *name)
{
    for (size_t t = 0; t < sizeof topics / sizeof topics[0]; t++)
        if (strcmp(topics[t].name, name) == 0)
            return &topics[t];
    return NULL;
}

static void explain_topic(const struct topic *topic)
{
    printf("%s\n", topic->name);
    for (size_t p = 0; topic->paragraphs[p] != NULL; p++) {
        if (p > 0)
            putchar('\n');
        print_paragraph(topic->paragraphs[p]);
    }
}

static int unknown(const char *word)
{
    struct suggestion suggestion;

    suggest_begin(&suggestion, word, strlen(word));
    for (unsigned i = 0; i < NR_INVARIANTS; i++)
        suggest_offer(&suggestion, invariant_name((enum invariant)i));
    for (size_t t = 0; t < sizeof topics / sizeof topics[0]; t++)
        suggest_offer(&suggestion, topics[t].name);
    if (suggestion.best != NULL)
        stderr_line("there is no invariant %s; did you mean %s?", word, suggestion.best);
    else
        stderr_line("there is no invariant %s; `ballast list invariants` lists them", word);
    return VERDICT_ERROR;
}

int command_explain(int count, const char **arguments)
{
    enum invariant which;
    const int first = count > 1 && strcmp(arguments[1], "--") == 0 ? 2 : 1;

    if (count == 2 && (strcmp(arguments[1], "--help") == 0 || strcmp(arguments[1], "-h") == 0)) {
        printf("usage: ballast explain INVARIANT|waiver...\n");
        return VERDICT_PASS;
    }
    if (count <= first) {
        fprintf(stderr, "usage: ballast explain INVARIANT|waiver...; `ballast list invariants` lists them\n");
        return VERDICT_ERROR;
    }
    for (int a = first; a < count; a++) {
        const struct topic *topic = topic_named(arguments[a]);
        if (topic == NULL && !invariant_by_name(arguments[a], strlen(arguments[a]), &which))
            return unknown(arguments[a]);
        if (a > first)
            putchar('\n');
        if (topic != NULL)
            explain_topic(topic);
        else
            explain(which);
    }
    return VERDICT_PASS;
}
