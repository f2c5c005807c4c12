/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Takes the command from what the run's report says to type. In place of the folder of built guests, which nobody else has, stand
 * the files that the recording says they were built of.
 */
#include "harness/ballast/run_again.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "reports/text_clean.h"

/* Where the files are is not known there, only what they are called and what is in them. */
#define PLACEHOLDER "PATH/"

/* Of a command's options and of its files, each once. */
struct again {
    char *options, *files;
    bool failed;
};

static void add_once(struct again *again, char **all, const char *more)
{
    char *longer = NULL;

    assert(*all != NULL);
    if (strstr(*all, more) != NULL)
        return;
    if (asprintf(&longer, "%s%s", *all, more) < 0) {
        again->failed = true;
        return;
    }
    free(*all);
    *all = longer;
}

/* Behind what stands before it a value that begins with a dash is not taken for a path that looks like an option. */
static void add_option(struct again *again, const char *name, const char *before, const char *value)
{
    char *option = NULL, *word = NULL;
    size_t bytes;
    FILE *out = open_memstream(&option, &bytes);

    again->failed = again->failed || out == NULL || asprintf(&word, "%s%s", before, value) < 0;
    if (!again->failed) {
        fputs(" --", out);
        text_clean(out, name, TEXT_SHORT_BYTES);
        fputc(' ', out);
        text_quoted(out, word);
    }
    again->failed = (out != NULL && fclose(out) != 0) || again->failed;
    if (!again->failed)
        add_once(again, &again->options, option);
    free(word);
    free(option);
}

static void add_file(struct again *again, const struct kernel_file *file)
{
    char *line = NULL;
    size_t bytes;
    FILE *out = open_memstream(&line, &bytes);

    if (out != NULL) {
        fputs("    " PLACEHOLDER, out);
        text_clean(out, file->name, TEXT_SHORT_BYTES);
        fputs(" is your copy of the file with ", out);
        text_clean(out, file->hash, TEXT_SHORT_BYTES);
        fputs(" (xxhsum says it)\n", out);
    }
    again->failed = out == NULL || fclose(out) != 0 || again->failed;
    if (!again->failed)
        add_once(again, &again->files, line);
    free(line);
}

static void add_kernel(struct again *again, const struct kernel *kernel)
{
    for (size_t f = 0; f < kernel->nr_files && !again->failed; f++) {
        const struct kernel_file *file = &kernel->files[f];
        if (file->hash == NULL)
            continue;
        add_option(again, file->part, PLACEHOLDER, file->name);
        add_file(again, file);
    }
    if (kernel->options != NULL && !again->failed)
        add_option(again, "cflags", " ", kernel->options);
}

static void again_find(struct again *again, const struct reading *reading)
{
    *again = (struct again){.options = strdup(""), .files = strdup("")};
    again->failed = again->options == NULL || again->files == NULL;
    for (uint64_t event = 1; !again->failed && event <= reading_events(reading); event++) {
        const struct record *record = reading_event(reading, event);
        const struct kernel *kernel =
            record->type == REC_DOMAIN ? reading_kernel(reading, record->domid) : NULL;
        if (kernel != NULL)
            add_kernel(again, kernel);
    }
}

static void again_free(struct again *again)
{
    free(again->options);
    free(again->files);
}

/* Where the word ends that a shell would take from there. */
static const char *word_end(const char *at)
{
    bool quoted = false;

    for (; *at != '\0' && (quoted || *at != ' '); at++)
        if (*at == '\'')
            quoted = !quoted;
        else if (*at == '\\' && at[1] != '\0')
            at++;
    return at;
}

/* What the run's command has behind `replay`, but the folder of built guests, which is nobody else's. */
static const char *other_options(const char *command)
{
    static const char replay[] = " replay", guest[] = " --guest ";
    const char *found = command != NULL ? strstr(command, replay) : NULL, *last = NULL;

    for (; found != NULL; found = strstr(found + 1, replay))
        last = found;
    if (last == NULL)
        return "";
    last += strlen(replay);
    return strncmp(last, guest, strlen(guest)) == 0 ? word_end(last + strlen(guest)) : last;
}

static void print_command(
    FILE *out, const struct html_page *page, const char *scenario, const struct again *again)
{
    const struct recording_head *head = reading_head(page->reading);
    const uint64_t schedule = reading_schedule_seed(page->reading);

    fprintf(out, "To run it again, with the same files:\n    ballast replay%s%s", again->options,
        other_options(page->style->command));
    if (strcmp(head->backend, "sim") != 0)
        fprintf(out, " --on %s", head->backend);
    fprintf(out, " --record again.rec --seed %" PRIu64, head->seed);
    if (schedule != 0)
        fprintf(out, " --schedule-seed %" PRIu64, schedule);
    fprintf(out, " %s\n    ballast diff run.rec again.rec\n%s", scenario, again->files);
}

bool run_again_print(FILE *out, const struct html_page *page, const char *scenario)
{
    struct again again;

    assert(page->style != NULL && scenario[0] != '\0');
    again_find(&again, page->reading);
    if (!again.failed)
        print_command(out, page, scenario, &again);
    again_free(&again);
    return !again.failed;
}
