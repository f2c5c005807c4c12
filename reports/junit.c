/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * JUnit's XML as CI servers read it: one suite with a test case for each scenario. The suite's head has counts, so
 * everything is kept until the end. docs/schema/junit.xsd says which dialect it is.
 */
#include "reports/results.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "reports/names.h"

#define NS_PER_SECOND UINT64_C(1000000000)
#define NS_PER_MS     UINT64_C(1000000)

/* The element for each verdict. A verdict that is not in the table is PASS. */
static const struct element {
    int verdict;
    const char *name;
    enum { FAILED, IN_ERROR, SKIPPED, NR_KINDS } kind;
} elements[] = {
    {3, "skipped", SKIPPED},
    {4, "error", IN_ERROR},
    {5, "failure", FAILED},
    {6, "error", IN_ERROR},
    {7, "error", IN_ERROR},
};

struct junit {
    FILE *out, *cases;
    char *text; /* the test cases so far */
    size_t text_bytes;
    size_t count, of_kind[NR_KINDS];
    uint64_t time_ns;
};

static void *junit_begin(FILE *out, size_t nr_results)
{
    struct junit *junit = calloc(1, sizeof *junit);

    (void)nr_results;
    if (junit == NULL)
        return NULL;
    junit->out = out;
    junit->cases = open_memstream(&junit->text, &junit->text_bytes);
    if (junit->cases != NULL)
        return junit;
    free(junit);
    return NULL;
}

/* Escapes a text that was cleaned already: only markup, and white space that attributes would lose, is left to escape. */
static void print_escaped(FILE *out, const char *text, size_t bytes)
{
    for (size_t b = 0; b < bytes; b++)
        switch (text[b]) {
        case '&':
            fputs("&amp;", out);
            break;
        case '<':
            fputs("&lt;", out);
            break;
        case '>':
            fputs("&gt;", out);
            break;
        case '"':
            fputs("&quot;", out);
            break;
        case '\t':
            fputs("&#9;", out);
            break;
        default:
            fputc(text[b], out);
        }
}

static void print_time(FILE *out, uint64_t time_ns)
{
    fprintf(out, " time=\"%" PRIu64 ".%03" PRIu64 "\"", time_ns / NS_PER_SECOND,
        time_ns % NS_PER_SECOND / NS_PER_MS);
}

/* For scenarios/tour/shrink.scn: the name shrink, the class name scenarios/tour. */
static void print_names(FILE *out, const char *path)
{
    const char *slash = strrchr(path, '/'), *base = slash != NULL ? slash + 1 : path;
    const size_t folder_bytes = slash != NULL ? (size_t)(slash - path) : 0, base_bytes = strlen(base);
    const bool scenario = base_bytes > 4 && strcmp(base + base_bytes - 4, ".scn") == 0;

    fputs("classname=\"", out);
    print_escaped(out, folder_bytes > 0 ? path : ".", folder_bytes > 0 ? folder_bytes : 1);
    fputs("\" name=\"", out);
    print_escaped(out, base, base_bytes - (scenario ? 4 : 0));
    fputs("\" file=\"", out);
    print_escaped(out, path, strlen(path));
    fputc('"', out);
}

static void print_case(
    struct junit *junit, const char *path, const char *text, const char *judged, const struct result *result)
{
    const struct element *element = NULL;

    for (size_t e = 0; e < sizeof elements / sizeof elements[0]; e++)
        if (elements[e].verdict == result->verdict)
            element = &elements[e];
    fputs("    <testcase ", junit->cases);
    print_names(junit->cases, path);
    print_time(junit->cases, result_time_ns(result));
    if (element == NULL && judged[0] == '\0') {
        fputs("/>\n", junit->cases);
        return;
    }
    fputs(">\n", junit->cases);
    if (judged[0] != '\0') {
        fputs("      <properties><property name=\"judged\" value=\"", junit->cases);
        print_escaped(junit->cases, judged, strlen(judged));
        fputs("\"/></properties>\n", junit->cases);
    }
    if (element == NULL) {
        fputs("    </testcase>\n", junit->cases);
        return;
    }
    assert(element->kind < NR_KINDS);
    junit->of_kind[element->kind]++;
    fprintf(
        junit->cases, "      <%s type=\"%s\" message=\"", element->name, name_of_verdict(result->verdict));
    print_escaped(junit->cases, text, strcspn(text, "\n"));
    fputs("\">", junit->cases);
    print_escaped(junit->cases, text, strlen(text));
    fprintf(junit->cases, "</%s>\n    </testcase>\n", element->name);
}

static bool junit_add(void *state, const struct result *result)
{
    struct junit *junit = state;
    char *path = clean_text(result->path, strlen(result->path)), *text = result_text(result),
         *judged = result_judged(result);
    const bool whole = path != NULL && text != NULL && judged != NULL;

    if (whole) {
        junit->count++;
        junit->time_ns += result_time_ns(result);
        print_case(junit, path, text, judged, result);
    }
    free(judged);
    free(path);
    free(text);
    return whole;
}

static void print_counts(const struct junit *junit)
{
    fprintf(junit->out, " name=\"ballast\" tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\"",
        junit->count, junit->of_kind[FAILED], junit->of_kind[IN_ERROR], junit->of_kind[SKIPPED]);
    print_time(junit->out, junit->time_ns);
    fputs(">\n", junit->out);
}

static bool junit_end(void *state)
{
    struct junit *junit = state;
    const bool whole = fclose(junit->cases) == 0;

    if (whole) {
        fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites", junit->out);
        print_counts(junit);
        fputs("  <testsuite", junit->out);
        print_counts(junit);
        fwrite(junit->text, 1, junit->text_bytes, junit->out);
        fputs("  </testsuite>\n</testsuites>\n", junit->out);
    }
    free(junit->text);
    free(junit);
    return whole;
}

const struct results_format results_junit = {"junit", junit_begin, junit_add, junit_end};
