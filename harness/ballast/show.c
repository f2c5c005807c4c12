/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * `ballast show REC`: the events of a kept recording, all or those that are asked for; reports/events.c writes them.
 */
#include <assert.h>
#include <inttypes.h>
#include <popt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/ballast/commands.h"
#include "harness/ballast/opened_recording.h"
#include "harness/ballast/option_value.h"
#include "harness/ballast/stderr_line.h"
#include "harness/language/suggest.h"
#include "harness/run/runner.h"
#include "reports/events.h"
#include "reports/names.h"
#include "reports/trace.h"

#define KINDS_BYTES 800u /* all words of --kind */

struct raw_show {
    char *from, *to, *line, *domain, *kind, *format;
    int frames, help;
};

/* ---- what is asked for ------------------------------------------------------------------------ */

static char upper_letter(char c)
{
    return c == '-' ? '_' : c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

/* Is it that kind's name? As docs/recording.md writes it, in either case, with - or _. */
static bool is_kind(const char *word, size_t bytes, const char *name)
{
    for (size_t i = 0; i < bytes; i++)
        if (name[i] == '\0' || upper_letter(word[i]) != name[i])
            return false;
    return name[bytes] == '\0';
}

static bool take_kind(const char *word, size_t bytes, struct event_choice *choice)
{
    for (uint16_t type = 0; type < NR_RECORD_TYPES; type++)
        if (name_of_record(type) != NULL && is_kind(word, bytes, name_of_record(type))) {
            choice->kinds |= UINT32_C(1) << type;
            return true;
        }
    for (size_t k = 0; k < nr_note_kinds; k++)
        if (is_kind(word, bytes, note_kinds[k].name)) {
            choice->notes |= note_kinds[k].notes;
            return true;
        }
    return false;
}

/* All words that may stand behind --kind. */
static void list_kinds(char *out, size_t bytes)
{
    size_t used = 0;

    assert(bytes > 0);
    out[0] = '\0';
    for (uint16_t type = 0; type < NR_RECORD_TYPES && used < bytes; type++)
        if (name_of_record(type) != NULL)
            used += (size_t)snprintf(out + used, bytes - used, "%s, ", name_of_record(type));
    for (size_t k = 0; k < nr_note_kinds && used < bytes; k++)
        used += (size_t)snprintf(
            out + used, bytes - used, "%s%s", note_kinds[k].name, k + 1 < nr_note_kinds ? ", " : "");
    assert(used < bytes);
}

static bool read_kind(
    const char *word, size_t bytes, struct event_choice *choice, char *error, size_t error_bytes)
{
    char upper[SUGGEST_BYTES_MAX] = "", all[KINDS_BYTES];
    struct suggestion suggestion;

    if (take_kind(word, bytes, choice))
        return true;
    for (size_t i = 0; i < bytes && i + 1 < sizeof upper; i++)
        upper[i] = upper_letter(word[i]);
    suggest_begin(&suggestion, upper, strlen(upper));
    for (uint16_t type = 0; type < NR_RECORD_TYPES; type++)
        if (name_of_record(type) != NULL)
            suggest_offer(&suggestion, name_of_record(type));
    for (size_t k = 0; k < nr_note_kinds; k++)
        suggest_offer(&suggestion, note_kinds[k].name);
    if (suggestion.best != NULL) {
        snprintf(error, error_bytes, "--kind %.*s: there is no such kind of event; did you mean %s?",
            (int)(bytes < 40 ? bytes : 40), word, suggestion.best);
        return false;
    }
    list_kinds(all, sizeof all);
    if (bytes == 0)
        snprintf(error, error_bytes, "--kind: a word is empty; there are %s", all);
    else
        snprintf(error, error_bytes, "--kind %.*s: there is no such kind of event; there are %s",
            (int)(bytes < 40 ? bytes : 40), word, all);
    return false;
}

static bool read_kinds(const char *text, struct event_choice *choice, char *error, size_t error_bytes)
{
    for (bool more = text != NULL; more;) {
        const size_t bytes = strcspn(text, ",");
        if (!read_kind(text, bytes, choice, error, error_bytes))
            return false;
        more = text[bytes] == ',';
        text += bytes + more;
    }
    return true;
}

static const char *const formats[] = {"text", "json", "trace"};

static bool is_format(const char *name)
{
    for (size_t f = 0; f < sizeof formats / sizeof formats[0]; f++)
        if (name == NULL || strcmp(name, formats[f]) == 0)
            return true;
    return false;
}

static bool chooses(const struct raw_show *raw)
{
    return raw->from != NULL || raw->to != NULL || raw->line != NULL || raw->domain != NULL ||
           raw->kind != NULL || raw->frames != 0;
}

static bool read_choice(
    const struct raw_show *raw, struct event_choice *choice, char *error, size_t error_bytes)
{
    uint64_t line = 0;

    if (!option_number("from", raw->from, 1, UINT64_MAX, &choice->from, error, error_bytes) ||
        !option_number("to", raw->to, 1, UINT64_MAX, &choice->to, error, error_bytes) ||
        !option_number("line", raw->line, 1, UINT32_MAX, &line, error, error_bytes) ||
        !read_kinds(raw->kind, choice, error, error_bytes))
        return false;
    choice->line = (uint32_t)line;
    choice->domain = raw->domain;
    choice->frames = raw->frames != 0;
    if (raw->to != NULL && choice->to < choice->from)
        snprintf(error, error_bytes, "--from %s is behind --to %s", raw->from, raw->to);
    else if (!is_format(raw->format))
        snprintf(error, error_bytes, "--format %.40s: there are text, json and trace", raw->format);
    else if (raw->format != NULL && strcmp(raw->format, "trace") == 0 && chooses(raw))
        snprintf(error, error_bytes, "--format trace is a whole run: it takes no options that choose events");
    else
        return true;
    return false;
}

/* ---- what is shown ---------------------------------------------------------------------------- */

/* Was a domain of that name built before that event? */
static bool is_named_before(const struct reading *reading, const char *name, uint64_t event)
{
    while (--event > 0) {
        const struct record *record = reading_event(reading, event);
        if (record->type == REC_DOMAIN && strcmp(reading_domain_name(reading, record->domid), name) == 0)
            return true;
    }
    return false;
}

/* The names of the recording's domains, each once, as far as there is room. */
static void name_domains(const struct reading *reading, char *names, size_t bytes)
{
    size_t used = (size_t)snprintf(names, bytes, "host");

    for (uint64_t event = 1; event <= reading_events(reading) && used < bytes; event++) {
        const struct record *record = reading_event(reading, event);
        if (record->type != REC_DOMAIN)
            continue;
        const char *name = reading_domain_name(reading, record->domid);
        if (!is_named_before(reading, name, event))
            used += (size_t)snprintf(names + used, bytes - used, ", %s", name);
    }
}

static bool check_with_recording(
    const struct reading *reading, const struct event_choice *choice, char *error, size_t error_bytes)
{
    char names[200];

    if (choice->from > reading_events(reading))
        snprintf(error, error_bytes, "--from %" PRIu64 ": the recording has only %" PRIu64 " events",
            choice->from, reading_events(reading));
    else if (choice->domain != NULL && !events_domain_is_there(reading, choice->domain)) {
        name_domains(reading, names, sizeof names);
        snprintf(error, error_bytes, "--domain %.60s: the recording has none of that name; it has %s",
            choice->domain, names);
    } else
        return true;
    return false;
}

static int show_text(const struct opened_recording *opened, const struct event_choice *choice)
{
    char *text = NULL;
    size_t bytes;
    FILE *out = open_memstream(&text, &bytes);
    const uint64_t count = out != NULL ? events_print_text(out, opened->reading, choice, &opened->style) : 0;

    if (!opened_recording_print(out, &text, &bytes))
        return VERDICT_ERROR;
    if (count == 0)
        stderr_line("none of the %" PRIu64 " events is asked for", reading_events(opened->reading));
    else if (choice->to > reading_events(opened->reading))
        stderr_line("the recording ends with event %" PRIu64, reading_events(opened->reading));
    return VERDICT_PASS;
}

static bool show_format(
    const struct opened_recording *opened, const struct event_choice *choice, const char *format)
{
    if (strcmp(format, "json") == 0)
        return events_print_json(stdout, opened->reading, choice, &opened->style);
    return trace_print(stdout, opened->reading, &opened->style);
}

static int show(const char *path, const struct event_choice *choice, const char *format)
{
    struct opened_recording opened = {0};
    char error[OPENED_ERROR_BYTES];
    int code = VERDICT_ERROR;

    if (!opened_recording_open(&opened, path, error, sizeof error))
        stderr_line("%s", error);
    else if (!check_with_recording(opened.reading, choice, error, sizeof error))
        stderr_line("%s: %s", path, error);
    else if (format == NULL || strcmp(format, "text") == 0)
        code = show_text(&opened, choice);
    else if (show_format(&opened, choice, format))
        code = VERDICT_PASS;
    else if (ferror(stdout) == 0) /* which is told in the end */
        stderr_line("no memory");
    opened_recording_close(&opened);
    return code;
}

/* A word, on a new line where this one is full. The column behind it. */
static unsigned print_word(unsigned column, const char *word)
{
    const bool new_line = column == 0 || column > 80;

    return (new_line ? 0 : column) + (unsigned)printf("%s%s",
                                         column == 0 ? "  "
                                         : new_line  ? "\n  "
                                                     : " ",
                                         word);
}

static void help(poptContext context)
{
    unsigned column = 0;

    poptPrintHelp(context, stdout, 0);
    printf("\nShows the events of a recording (ballast replay --record REC FILE), one a line: number, "
           "virtual time,\n"
           "domain, what happened, and the place in the driver's source.\n\nKinds of events:\n");
    for (uint16_t type = 0; type < NR_RECORD_TYPES; type++)
        if (name_of_record(type) != NULL)
            column = print_word(column, name_of_record(type));
    printf("\n\nKinds of notes, which are all of them NOTE:\n");
    column = 0;
    for (size_t k = 0; k < nr_note_kinds; k++)
        column = print_word(column, note_kinds[k].name);
    printf("\n\nExit codes: 0 shown, 4 the recording can't be read or has no such event.\n");
}

int command_show(int count, const char **arguments)
{
    struct raw_show raw = {0};
    struct event_choice choice = {0};
    int code = VERDICT_ERROR;
    char error[1024] = "";
    const struct poptOption table[] = {
        {"from", 0, POPT_ARG_STRING, &raw.from, 0, "from this event on", "E"},
        {"to", 0, POPT_ARG_STRING, &raw.to, 0, "up to this event", "E"},
        {"line", 0, POPT_ARG_STRING, &raw.line, 0, "events while this line of the scenario was in charge",
            "N"},
        {"domain", 0, POPT_ARG_STRING, &raw.domain, 0, "events of this domain; host: of none", "D"},
        {"kind", 0, POPT_ARG_STRING, &raw.kind, 0, "events of these kinds, apart by commas", "KIND,..."},
        {"frames", 0, POPT_ARG_NONE, &raw.frames, 0, "also the frames that an event is about", NULL},
        {"format", 0, POPT_ARG_STRING, &raw.format, 0, "text, json, or trace for Perfetto (text)", "FORMAT"},
        {"help", 'h', POPT_ARG_NONE, &raw.help, 0, "show this and stop", NULL},
        POPT_TABLEEND,
    };
    poptContext context = poptGetContext("ballast show", count, arguments, table, 0);

    assert(count >= 1);
    poptSetOtherOptionHelp(context, "[OPTION]... REC");
    const int result = poptGetNextOpt(context);
    const char **files = poptGetArgs(context);
    if (result < -1)
        option_refused(table, context, result, "ballast show", error, sizeof error);
    else if (raw.help) {
        help(context);
        code = VERDICT_PASS;
    } else if (files == NULL || files[0] == NULL || files[1] != NULL)
        snprintf(error, sizeof error, "one recording is shown, as in `ballast show a.rec --kind HYPERCALL`");
    else if (read_choice(&raw, &choice, error, sizeof error))
        code = show(files[0], &choice, raw.format);
    if (error[0] != '\0')
        stderr_line("%s", error);
    poptFreeContext(context);
    free(raw.from);
    free(raw.to);
    free(raw.line);
    free(raw.domain);
    free(raw.kind);
    free(raw.format);
    return code;
}
