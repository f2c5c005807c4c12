/* SPDX-License-Identifier: BSD-2-Clause */
/* Verdicts now and then, by the last two names of each scenario's path, and the causes of those that are bad. */
#include "harness/ballast/baseline.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "harness/ballast/file.h"
#include "harness/ballast/verdicts.h"
#include "harness/ballast/stderr_line.h"
#include "harness/ballast/places_file.h"
#include "harness/builder/words.h"
#include "reports/causes.h"
#include "reports/reading.h"

#define BYTES_MAX ((size_t)1 << 20)

struct baseline {
    bool compares;
    struct words then, now; /* "VERDICT FOLDER/FILE", and the name of each cause behind a tab */
    const char *new;
    struct verdict_counts worse;
};

/* "scenarios/tour/shrink.scn": tour/shrink.scn. */
static const char *short_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    while (slash != NULL && slash > path && slash[-1] != '/')
        slash--;
    return slash != NULL ? slash : path;
}

/* "PASS tour/shrink.scn" */
static bool is_a_line(const char *line)
{
    const size_t bytes = verdicts_name_bytes(line);

    return bytes > 0 && line[bytes] == ' ' && line[bytes + 1] != 0;
}

static bool read_lines(struct words *lines, const char *path, char *error, size_t error_bytes)
{
    size_t bytes;
    struct stat status;
    unsigned number = 0;
    bool good = true;

    if (stat(path, &status) == 0 && !S_ISREG(status.st_mode)) {
        snprintf(error, error_bytes, "%s: a baseline is a regular file", path);
        return false;
    }
    char *text = file_read(path, BYTES_MAX, &bytes, error, error_bytes), *rest = text;
    for (char *line; good && (line = strsep(&rest, "\n")) != NULL;) {
        number++;
        line[strcspn(line, "\r")] = 0;
        if (*line == 0 || *line == '#')
            continue;
        good = is_a_line(line);
        if (good)
            words_add(lines, line);
        else
            snprintf(error, error_bytes,
                "%s:%u: this is no baseline: a line is VERDICT FOLDER/FILE, as --write-baseline writes it",
                path, number);
    }
    free(text);
    if (text != NULL && lines->failed)
        snprintf(error, error_bytes, "no memory");
    return text != NULL && good && !lines->failed;
}

/* Nothing but an older one is written over. */
static bool may_write(const char *path, char *error, size_t error_bytes)
{
    struct words lines = {0};
    struct stat status;
    char why[512];
    const bool good = stat(path, &status) != 0 || read_lines(&lines, path, why, sizeof why);

    words_free(&lines);
    if (!good)
        snprintf(error, error_bytes,
            "--write-baseline would write over %s, which is there and is no baseline", path);
    return good;
}

bool baseline_begin(
    struct baseline **baseline, const char *old, const char *new, char *error, size_t error_bytes)
{
    *baseline = NULL;
    if (old == NULL && new == NULL)
        return true;
    *baseline = calloc(1, sizeof **baseline);
    if (*baseline == NULL) {
        snprintf(error, error_bytes, "no memory");
        return false;
    }
    (*baseline)->compares = old != NULL;
    (*baseline)->new = new;
    if (new != NULL && !may_write(new, error, error_bytes))
        return false;
    return old == NULL || read_lines(&(*baseline)->then, old, error, error_bytes);
}

/* ---- causes: what a scenario that fails again fails by ------------------------------------------ */

/* The names of what went wrong, each behind a tab. NULL: no memory. */
static char *cause_names(const char *path, const struct outcome *outcome)
{
    char *names = NULL, error[256];
    size_t bytes;
    struct event_places places = {0};
    struct causes causes = {0};
    struct result result = {
        .path = path, .verdict = (int)outcome->verdict, .sentence = "", .rows = outcome->rows};
    bool good = event_places_read(&places, outcome->places != NULL ? outcome->places : "",
        outcome->places != NULL ? outcome->places_bytes : 0);
    FILE *out = open_memstream(&names, &bytes);

    if (outcome->recording != NULL)
        result.reading = reading_open(outcome->recording, outcome->recording_bytes, error, sizeof error);
    result.style = (struct text_style){.place = event_places_find, .place_context = &places};
    good = out != NULL && good && causes_collect(&causes, &result);
    for (size_t c = 0; good && c < causes.count; c++) {
        const struct cause *cause = &causes.list[c];
        if (cause->class != CAUSE_FAILURE || (cause->event == 0 && outcome->rows == NULL))
            continue; /* a verdict alone, which the line begins with */
        fputc('\t', out);
        cause_print_name(out, cause);
    }
    causes_free(&causes);
    reading_close((struct reading *)result.reading);
    event_places_free(&places);
    good = out != NULL && fclose(out) == 0 && good;
    if (good)
        return names;
    free(names);
    return NULL;
}

/* Is it, with a tab before it, among the names of then? */
static bool has_name(const char *names, const char *name, size_t bytes)
{
    for (const char *at = names; (at = strchr(at, '\t')) != NULL; at++)
        if (strncmp(at, name, bytes) == 0 && (at[bytes] == '\t' || at[bytes] == 0))
            return true;
    return false;
}

/* It fails as it did; but does it fail by something else, too? A line without names is of an older Ballast. */
static void compare_names(
    struct baseline *baseline, const char *path, const char *then, const char *names, enum verdict verdict)
{
    if (strchr(then, '\t') == NULL)
        return;
    while (*names == '\t') {
        const size_t bytes = 1 + strcspn(names + 1, "\t");
        if (!has_name(then, names, bytes)) {
            stderr_line("%s is %s as it was, and has a new cause: %.*s", path, verdict_name(verdict),
                (int)bytes - 1, names + 1);
            verdicts_add(&baseline->worse, verdict);
        }
        names += bytes;
    }
}

/* ---- verdicts ----------------------------------------------------------------------------------- */

/* "tour/shrink.scn" in "PASS tour/shrink.scn", which may have names of causes behind it. */
static bool is_about(const char *line, const char *name)
{
    const char *path = strchr(line, ' ') + 1;
    const size_t bytes = strcspn(path, "\t");

    return strlen(name) == bytes && memcmp(path, name, bytes) == 0;
}

/* The verdict's line at that time, its name as long as `bytes`; NULL: the scenario is new. */
static const char *verdict_then(const struct baseline *baseline, const char *name, int *bytes)
{
    size_t skip = 0; /* two scenarios may have one name: the first of then is the first of now */

    for (size_t l = 0; l < baseline->now.count; l++)
        skip += is_about(baseline->now.list[l], name);
    for (size_t l = 0; l < baseline->then.count; l++)
        if (is_about(baseline->then.list[l], name) && skip-- == 0) {
            *bytes = (int)(strchr(baseline->then.list[l], ' ') - baseline->then.list[l]);
            return baseline->then.list[l];
        }
    return NULL;
}

void baseline_add(struct baseline *baseline, const char *path, const struct outcome *outcome)
{
    int bytes = 0;

    if (baseline == NULL)
        return;
    char *clean = clean_name(path), *names = cause_names(path, outcome);
    const char *name = short_name(clean != NULL ? clean : ""), *now = verdict_name(outcome->verdict),
               *then = verdict_then(baseline, name, &bytes);
    words_addf(&baseline->now, "%s %s%s", now, name, names != NULL ? names : "");
    baseline->now.failed = baseline->now.failed || clean == NULL || names == NULL;
    const bool same = then != NULL && strncmp(then, now, (size_t)bytes) == 0 && now[bytes] == 0;
    if (baseline->compares && !same) {
        if (then != NULL)
            stderr_line("%s was %.*s, and is %s", name, bytes, then, now);
        else
            stderr_line("%s is not in the baseline, and is %s", name, now);
        verdicts_add(&baseline->worse, outcome->verdict);
    } else if (baseline->compares && names != NULL)
        compare_names(baseline, name, then, names, outcome->verdict);
    free(clean);
    free(names);
}

static bool write_lines(const struct baseline *baseline)
{
    char *text = NULL, error[512] = "no memory";
    size_t bytes;
    FILE *out = open_memstream(&text, &bytes);
    bool written = out != NULL && !baseline->now.failed;

    for (size_t l = 0; out != NULL && l < baseline->now.count; l++)
        fprintf(out, "%s\n", baseline->now.list[l]);
    written = out != NULL && fclose(out) == 0 && written;
    written = written && file_write(baseline->new, text, bytes, error, sizeof error);
    free(text);
    if (!written)
        stderr_line("%s", error);
    return written;
}

int baseline_end(struct baseline *baseline, int code)
{
    if (baseline == NULL)
        return code;
    if (baseline->new != NULL && !write_lines(baseline))
        return VERDICT_ERROR;
    return baseline->compares ? (int)verdicts_worst(&baseline->worse, true) : code;
}

void baseline_free(struct baseline *baseline)
{
    if (baseline == NULL)
        return;
    words_free(&baseline->then);
    words_free(&baseline->now);
    free(baseline);
}
