/* SPDX-License-Identifier: BSD-2-Clause */
/* Finds `include` lines and reads the files that they name. */
#include "harness/language/included.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORD   "include"
#define ENDING ".inc" /* not .scn: no scenario by itself, that a folder of them would have */

struct line {
    const char *start, *end, *next;
};

static struct line line_at(const char *at, const char *end)
{
    const char *newline = at < end ? memchr(at, '\n', (size_t)(end - at)) : NULL;

    return newline != NULL ? (struct line){at, newline, newline + 1} : (struct line){at, end, end};
}

static bool begins_file(const struct line *line, const char **name, size_t *name_bytes)
{
    return scenario_begins_file(line->start, (size_t)(line->end - line->start), name, name_bytes);
}

/* The lines from `at` on, up to where another file begins. */
static struct included_file file_at(const char *at, const char *end, uint32_t first_line)
{
    struct included_file file = {at, at, first_line};
    const char *name;
    size_t name_bytes;

    while (file.end < end) {
        const struct line line = line_at(file.end, end);
        if (begins_file(&line, &name, &name_bytes))
            break;
        file.end = line.next;
    }
    return file;
}

struct included_file included_root(const char *text, size_t bytes)
{
    return file_at(text, text + bytes, 1);
}

bool included_find(const char *text, size_t bytes, const char *wanted, struct included_file *file)
{
    const char *const end = text + bytes, *name;
    uint32_t number = 1;
    size_t name_bytes;

    for (const char *at = text; at < end; number++) {
        const struct line line = line_at(at, end);
        if (begins_file(&line, &name, &name_bytes) && strlen(wanted) == name_bytes &&
            memcmp(wanted, name, name_bytes) == 0) {
            *file = file_at(line.next, end, number + 1);
            return true;
        }
        at = line.next;
    }
    return false;
}

/* Takes `./` and `FOLDER/../` out. */
static void shorten(char *name)
{
    for (char *at = name; *at != '\0';) {
        char *slash = strchr(at, '/'), *behind = slash != NULL ? slash + 1 : NULL;
        if (slash == NULL)
            break;
        if (slash == at || (slash == at + 1 && at[0] == '.')) {
            memmove(at, behind, strlen(behind) + 1);
        } else if (strncmp(behind, "../", 3) == 0 && strncmp(at, "../", 3) != 0) {
            memmove(at, behind + 3, strlen(behind + 3) + 1);
            at = name; /* what stands before it may go now */
        } else {
            at = behind;
        }
    }
}

const char *included_name(
    const char *from, const char *name, size_t name_bytes, char out[SCENARIO_NAME_BYTES_MAX + 1])
{
    const char *slash = strrchr(from, '/');
    const size_t folder = slash != NULL ? (size_t)(slash - from) + 1 : 0;

    assert(strlen(from) <= SCENARIO_NAME_BYTES_MAX);
    if (name_bytes > 0 && name[0] == '/')
        return "an included file is named relative to the folder of the file that includes it";
    if (name_bytes <= strlen(ENDING) ||
        memcmp(name + name_bytes - strlen(ENDING), ENDING, strlen(ENDING)) != 0)
        return "the name of an included file ends in " ENDING;
    if (folder + name_bytes > SCENARIO_NAME_BYTES_MAX)
        return "that name is too long";
    snprintf(out, SCENARIO_NAME_BYTES_MAX + 1, "%.*s%.*s", (int)folder, from, (int)name_bytes, name);
    shorten(out);
    return NULL;
}

/* The file's name behind `include`, up to a comment; false: the line includes nothing. */
static bool includes(const struct line *line, const char **name, size_t *name_bytes)
{
    const size_t word = strlen(WORD);
    const char *at = line->start, *end;

    while (at < line->end && (*at == ' ' || *at == '\t'))
        at++;
    if ((size_t)(line->end - at) <= word || memcmp(at, WORD, word) != 0 ||
        (at[word] != ' ' && at[word] != '\t'))
        return false;
    for (at += word; at < line->end && (*at == ' ' || *at == '\t');)
        at++;
    for (end = at; end < line->end && *end != ' ' && *end != '\t';)
        end++;
    *name = at;
    *name_bytes = (size_t)(end - at);
    return end > at;
}

struct whole {
    char *text;
    size_t bytes;
};

/* Puts a file behind the text. False: no memory. A text that gets too long is refused by the parser. */
static bool put(struct whole *whole, const char *name, const char *text, size_t bytes)
{
    const size_t room = whole->bytes + bytes + strlen(name) + 16;
    const bool ends = whole->bytes == 0 || whole->text[whole->bytes - 1] == '\n';
    char *more = realloc(whole->text, room);

    if (more == NULL)
        return false;
    whole->text = more;
    whole->bytes +=
        (size_t)snprintf(more + whole->bytes, room - whole->bytes, "%s++ %s ++\n", ends ? "" : "\n", name);
    memcpy(more + whole->bytes, text, bytes);
    whole->bytes += bytes;
    more[whole->bytes] = '\0';
    return true;
}

static bool read_one(struct whole *whole, const char *path, const char *from, const struct line *line)
{
    char name[SCENARIO_NAME_BYTES_MAX + 1], file[4096];
    struct complaint complaint;
    struct included_file there;
    const char *written;
    size_t written_bytes, bytes;

    if (!includes(line, &written, &written_bytes) ||
        included_name(from, written, written_bytes, name) != NULL ||
        included_find(whole->text, whole->bytes, name, &there))
        return true;
    scenario_file_path(path, name, strlen(name), file, sizeof file);
    char *text = scenario_text(file, &bytes, &complaint);
    const bool done = text == NULL || whole->bytes + bytes > SCENARIO_BYTES_MAX ||
                      memchr(text, '\0', bytes) != NULL || put(whole, name, text, bytes);
    free(text);
    return done;
}

char *included_all(const char *path, const char *text, size_t bytes, size_t *all_bytes)
{
    struct whole whole = {malloc(bytes + 1), bytes};
    char from[SCENARIO_NAME_BYTES_MAX + 1] = "";
    bool ok = whole.text != NULL;

    if (!ok)
        return NULL;
    if (bytes > 0)
        memcpy(whole.text, text, bytes);
    whole.text[bytes] = '\0';
    /* What is put behind the text is looked at in its turn. */
    for (size_t at = 0; ok && at < whole.bytes;) {
        const struct line line = line_at(whole.text + at, whole.text + whole.bytes);
        const size_t next = (size_t)(line.next - whole.text);
        const char *name;
        size_t name_bytes;
        if (begins_file(&line, &name, &name_bytes))
            snprintf(from, sizeof from, "%.*s", (int)name_bytes, name);
        else
            ok = read_one(&whole, path, from, &line);
        at = next;
    }
    if (!ok) {
        free(whole.text);
        return NULL;
    }
    *all_bytes = whole.bytes;
    return whole.text;
}
