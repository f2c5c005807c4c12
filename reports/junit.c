/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * JUnit's XML as CI servers read it. A suite's head has counts; so each scenario is a suite of one test case, which is written
 * when it comes, and what was done is there if the job is killed. docs/schema/junit.xsd says which dialect it is.
 */
#include "reports/results.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "reports/markup.h"
#include "reports/names.h"
#include "reports/reading.h"

#define NS_PER_SECOND UINT64_C(1000000000)
#define MS_PER_SECOND UINT64_C(1000)

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
    {9, "error", IN_ERROR},
};

struct junit {
    FILE *out;
};

static void *junit_begin(FILE *out, size_t nr_results)
{
    struct junit *junit = calloc(1, sizeof *junit);

    (void)nr_results;
    if (junit == NULL)
        return NULL;
    junit->out = out;
    fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"ballast\">\n", out);
    return junit;
}

/* What a CI server adds up and draws over time is how long a test took there, not the guest's time. */
static void print_time(FILE *out, const struct result *result)
{
    fprintf(out, " time=\"%" PRIu64 ".%03" PRIu64 "\"", result->wall_ms / MS_PER_SECOND,
        result->wall_ms % MS_PER_SECOND);
}

static void print_property(FILE *out, const char *name, const char *value)
{
    fprintf(out, "        <property name=\"%s\" value=\"", name);
    markup_text(out, value, strlen(value));
    fputs("\"/>\n", out);
}

/* What one has to know to run it again, and how much time it took in the guest. */
static void print_properties(FILE *out, const struct result *result, const char *judged)
{
    char value[48];

    if (judged[0] == '\0' && result->reading == NULL)
        return;
    fputs("      <properties>\n", out);
    if (judged[0] != '\0')
        print_property(out, "judged", judged);
    if (result->reading != NULL) {
        const uint64_t time_ns = result_time_ns(result), schedule = reading_schedule_seed(result->reading);
        snprintf(value, sizeof value, "%" PRIu64, reading_head(result->reading)->seed);
        print_property(out, "seed", value);
        snprintf(value, sizeof value, "%" PRIu64, schedule);
        if (schedule != 0)
            print_property(out, "schedule-seed", value);
        snprintf(
            value, sizeof value, "%" PRIu64 ".%09" PRIu64, time_ns / NS_PER_SECOND, time_ns % NS_PER_SECOND);
        print_property(out, "virtual-time", value);
    }
    fputs("      </properties>\n", out);
}

/* For scenarios/tour/shrink.scn: the name shrink, the class name scenarios/tour. */
static void print_names(FILE *out, const char *path)
{
    const char *slash = strrchr(path, '/'), *base = slash != NULL ? slash + 1 : path;
    const size_t folder_bytes = slash != NULL ? (size_t)(slash - path) : 0, base_bytes = strlen(base);
    const bool scenario = base_bytes > 4 && strcmp(base + base_bytes - 4, ".scn") == 0;

    fputs("classname=\"", out);
    markup_text(out, folder_bytes > 0 ? path : ".", folder_bytes > 0 ? folder_bytes : 1);
    fputs("\" name=\"", out);
    markup_text(out, base, base_bytes - (scenario ? 4 : 0));
    fputs("\" file=\"", out);
    markup_text(out, path, strlen(path));
    fputc('"', out);
}

static const struct element *element_of(int verdict)
{
    for (size_t e = 0; e < sizeof elements / sizeof elements[0]; e++)
        if (elements[e].verdict == verdict)
            return &elements[e];
    return NULL;
}

/* Of a result, all clean. */
struct texts {
    char *whole, *judged, *headline;
};

static void print_case(FILE *out, const char *path, const struct texts *texts, const struct result *result)
{
    const char *text = texts->whole, *judged = texts->judged;
    const struct element *element = element_of(result->verdict);

    fputs("    <testcase ", out);
    print_names(out, path);
    print_time(out, result);
    if (element == NULL && judged[0] == '\0' && text[0] == '\0' && result->reading == NULL) {
        fputs("/>\n", out);
        return;
    }
    fputs(">\n", out);
    print_properties(out, result, judged);
    if (element == NULL && text[0] != '\0') {
        fputs("      <system-out>", out);
        markup_text(out, text, strlen(text));
        fputs("</system-out>\n", out);
    }
    if (element == NULL) {
        fputs("    </testcase>\n", out);
        return;
    }
    fprintf(out, "      <%s type=\"%s\" message=\"", element->name, name_of_verdict(result->verdict));
    markup_text(out, texts->headline, strlen(texts->headline));
    fputs("\">", out);
    markup_text(out, text, strlen(text));
    fprintf(out, "</%s>\n    </testcase>\n", element->name);
}

static void print_suite(FILE *out, const char *path, const struct texts *texts, const struct result *result)
{
    const struct element *element = element_of(result->verdict);
    unsigned of_kind[NR_KINDS] = {0};

    if (element != NULL)
        of_kind[element->kind]++;
    fputs("  <testsuite name=\"", out);
    markup_text(out, path, strlen(path));
    fprintf(out, "\" tests=\"1\" failures=\"%u\" errors=\"%u\" skipped=\"%u\"", of_kind[FAILED],
        of_kind[IN_ERROR], of_kind[SKIPPED]);
    print_time(out, result);
    fputs(">\n", out);
    print_case(out, path, texts, result);
    fputs("  </testsuite>\n", out);
}

/* Written in one go, so that a job that is killed leaves whole suites. */
static bool junit_add(void *state, const struct result *result)
{
    const struct junit *junit = state;
    const struct texts texts = {result_text(result), result_judged(result), result_headline(result)};
    char *path = clean_name(result->path), *suite = NULL;
    size_t bytes;
    FILE *memory = open_memstream(&suite, &bytes);
    bool whole = path != NULL && texts.whole != NULL && texts.judged != NULL && texts.headline != NULL &&
                 memory != NULL;

    assert(junit->out != NULL);
    if (whole)
        print_suite(memory, path, &texts, result);
    whole = memory != NULL && fclose(memory) == 0 && whole;
    if (whole)
        fwrite(suite, 1, bytes, junit->out);
    fflush(junit->out);
    free(suite);
    free(texts.whole);
    free(texts.judged);
    free(texts.headline);
    free(path);
    return whole;
}

static bool junit_end(void *state)
{
    struct junit *junit = state;

    fputs("</testsuites>\n", junit->out);
    free(junit);
    return true;
}

const struct results_format results_junit = {"junit", junit_begin, junit_add, junit_end, true};
