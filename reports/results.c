/* SPDX-License-Identifier: BSD-2-Clause */
/* What the formats for programs share: cleaning the texts of guests and users, and a result's whole text. */
#include "reports/results.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "reports/text_clean.h"
#include "reports/text_failures.h"
#include "reports/text_judged.h"

char *clean_text(const char *text, size_t bytes)
{
    char *clean = NULL;
    size_t clean_bytes;
    FILE *out = open_memstream(&clean, &clean_bytes);

    assert(text != NULL);
    if (out == NULL)
        return NULL;
    text_clean_lines(out, text, bytes);
    if (fclose(out) == 0)
        return clean;
    free(clean);
    return NULL;
}

char *clean_name(const char *name)
{
    char *clean = NULL;
    size_t bytes;
    FILE *out = open_memstream(&clean, &bytes);

    assert(name != NULL);
    if (out == NULL)
        return NULL;
    text_clean_bytes(out, name, strlen(name));
    if (fclose(out) == 0)
        return clean;
    free(clean);
    return NULL;
}

char *result_text(const struct result *result)
{
    char *text = NULL, *clean = NULL;
    size_t bytes;
    FILE *out = open_memstream(&text, &bytes);

    assert(result->path != NULL && result->sentence != NULL);
    if (out == NULL)
        return NULL;
    if (result->schedules != NULL && result->schedules[0] != '\0')
        fprintf(out, "%s\n", result->schedules);
    fputs(result->sentence, out);
    if (result->sentence[0] != '\0' && result->sentence[strlen(result->sentence) - 1] != '\n')
        fputc('\n', out);
    if (result->reading != NULL) {
        text_failures(out, result->reading, &result->style);
        text_remarks(out, result->reading, &result->style);
    }
    if (fclose(out) == 0)
        clean = clean_text(text, bytes);
    free(text);
    return clean;
}

char *result_judged(const struct result *result)
{
    if (result->reading != NULL)
        return judged_of(result->reading);
    return strdup(result->style.judged != NULL ? result->style.judged : "");
}

uint64_t result_time_ns(const struct result *result)
{
    const struct reading *reading = result->reading;

    return reading == NULL ? 0 : reading_event(reading, reading_events(reading))->time_ns;
}
