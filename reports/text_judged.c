/* SPDX-License-Identifier: BSD-2-Clause */
/* Which files were judged: rows of kernels' descriptions, in one line. */
#include "reports/text_judged.h"

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reports/text_clean.h"

static bool all_ours(const struct kernel *kernel)
{
    for (size_t f = 0; f < kernel->nr_files; f++)
        if (kernel->files[f].hash != NULL)
            return false;
    return kernel->options == NULL;
}

static void print_words(FILE *out, const struct kernel *kernel)
{
    if (kernel == NULL || kernel->nr_files == 0)
        return;
    if (all_ours(kernel)) {
        fputs("ours", out);
        return;
    }
    for (size_t f = 0; f < kernel->nr_files; f++) {
        const struct kernel_file *file = &kernel->files[f];
        fputs(f > 0 ? ", " : "", out);
        text_clean(out, file->part, TEXT_SHORT_BYTES);
        fputc(' ', out);
        text_clean(out, file->hash != NULL ? file->name : "ours", TEXT_SHORT_BYTES);
        if (file->hash != NULL) {
            fputc(' ', out);
            text_clean(out, file->hash, TEXT_SHORT_BYTES);
        }
    }
    if (kernel->options != NULL) {
        fputs(", ", out);
        text_clean(out, kernel->options, TEXT_SHORT_BYTES);
    }
}

bool judged_add(char **all, const struct kernel *kernel)
{
    char *line = NULL, *more = NULL;
    size_t bytes;
    FILE *out = open_memstream(&line, &bytes);

    assert(*all != NULL);
    if (out == NULL)
        return false;
    print_words(out, kernel);
    bool good = fclose(out) == 0;
    if (good && bytes > 0 && strstr(*all, line) == NULL) {
        good = asprintf(&more, "%s%s%s", *all, **all != '\0' ? "; " : "", line) >= 0;
        if (good) {
            free(*all);
            *all = more;
        }
    }
    free(line);
    return good;
}

char *judged_of(const struct reading *reading)
{
    char *all = strdup("");
    bool good = all != NULL;

    assert(reading != NULL);
    for (uint64_t event = 1; good && event <= reading_events(reading); event++) {
        const struct record *record = reading_event(reading, event);
        if (record->type == REC_DOMAIN)
            good = judged_add(&all, reading_kernel(reading, record->domid));
    }
    if (good)
        return all;
    free(all);
    return NULL;
}
