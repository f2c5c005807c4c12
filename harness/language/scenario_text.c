/* SPDX-License-Identifier: BSD-2-Clause */
/* A scenario's bytes: the file that they come from, and its lines. */
#include "harness/language/scenario.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

const char *scenario_line(const struct scenario *s, uint32_t line, size_t *bytes)
{
    if (line == 0 || line > s->nr_lines)
        return NULL;
    const char *start = s->text + s->line_starts[line - 1];
    *bytes = strcspn(start, "\n");
    return start;
}

/* What can't be read to its end, or only once, or would be waited for. NULL: it is a file, or a folder that refuses to be read. */
static const char *kind_of(mode_t mode)
{
    return S_ISFIFO(mode)                   ? "a pipe"
           : S_ISSOCK(mode)                 ? "a socket"
           : S_ISCHR(mode) || S_ISBLK(mode) ? "a device"
                                            : NULL;
}

/* A scenario is a regular file. Not even opened is what a program may wait for at its other end. */
static FILE *open_text(const char *path, struct complaint *complaint)
{
    struct stat status;
    const char *kind = stat(path, &status) == 0 ? kind_of(status.st_mode) : NULL;
    FILE *file = kind == NULL ? fopen(path, "rbe") : NULL;

    if (kind != NULL)
        snprintf(complaint->message, sizeof complaint->message,
            "can't be read: it is %s, and no file; `ballast replay -` takes standard input", kind);
    else if (file == NULL)
        snprintf(complaint->message, sizeof complaint->message, "can't be read: %s", strerror(errno));
    return file;
}

char *scenario_text(const char *path, size_t *bytes, struct complaint *complaint)
{
    char *text;
    size_t room = SCENARIO_BYTES_MAX + 2;

    assert(bytes != NULL && complaint != NULL);
    *complaint = (struct complaint){.message = "out of memory"};
    *bytes = 0;
    FILE *file = open_text(path, complaint);
    if (file == NULL)
        return NULL;
    text = malloc(room);
    if (text != NULL) {
        errno = 0;
        *bytes = fread(text, 1, room - 1, file);
        if (ferror(file)) {
            snprintf(complaint->message, sizeof complaint->message, "can't be read: %s", strerror(errno));
            free(text);
            text = NULL;
        } else {
            text[*bytes] = '\0';
        }
    }
    fclose(file);
    if (text == NULL)
        return NULL;
    char *shorter = realloc(text, *bytes + 1); /* keeps no more memory than the file needs */
    /* cppcheck-suppress memleak ; one of the two is given on */
    return shorter != NULL ? shorter : text;
}
