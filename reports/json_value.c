/* SPDX-License-Identifier: BSD-2-Clause */
/* Members of JSON objects, and an object as a line. */
#include "reports/json_value.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "reports/reading.h"
#include "reports/results.h"

void json_set(json_t *object, const char *key, json_t *value, bool *failed)
{
    assert(key != NULL && failed != NULL);
    if (json_object_set_new(object, key, value) != 0)
        *failed = true;
}

void json_set_text(json_t *object, const char *key, const char *text, size_t bytes, bool *failed)
{
    char *clean = clean_text(text, bytes);

    json_set(object, key, clean != NULL ? json_string(clean) : NULL, failed);
    free(clean);
}

void json_set_word(json_t *object, const char *key, const char *text, bool *failed)
{
    json_set_text(object, key, text, strlen(text), failed);
}

void json_set_number(json_t *object, const char *key, uint64_t number, bool *failed)
{
    json_set(object, key, json_integer(number <= INT64_MAX ? (json_int_t)number : INT64_MAX), failed);
}

void json_set_line(json_t *object, const struct reading *reading, uint32_t line, bool *failed)
{
    const struct scenario_place place = reading_place(reading, line);

    json_set_number(object, "line", place.line, failed);
    if (place.name != NULL)
        json_set_text(object, "file", place.name, place.name_bytes, failed);
}

void json_append(json_t *array, json_t *value, bool *failed)
{
    if (json_array_append_new(array, value) != 0)
        *failed = true;
}

void json_set_callers(json_t *object, const char *frames, bool *failed)
{
    json_t *array;

    if (frames == NULL)
        return;
    array = json_array();
    while (*frames != '\0') {
        const size_t bytes = strcspn(frames, "\t");
        json_append(array, json_stringn(frames, bytes), failed);
        frames += bytes + (frames[bytes] == '\t');
    }
    json_set(object, "callers", array, failed);
}

/* json_dumps would leave out what it has no memory for, and say nothing. */
bool json_write_line(FILE *out, const char *before, json_t *object, bool failed)
{
    const size_t bytes = failed ? 0 : json_dumpb(object, NULL, 0, 0);
    char *text = bytes > 0 ? malloc(bytes + 1) : NULL;
    const bool whole = text != NULL && json_dumpb(object, text, bytes, 0) == bytes;

    if (whole)
        fprintf(out, "%s%.*s", before, (int)bytes, text);
    free(text);
    json_decref(object);
    return whole;
}
