/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads a kernel's description: one row in each line, in the forms of guest/abi/kernel.h. If any row is not understood,
 * the description is refused with a sentence that names the row.
 */
#include "sim/kernel/kernel.h"

#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])
#define SHOWN(text)  60, (text)
#define FIELD_MARK   " | "

/* A description that is being read. `rest` is what is left of the present row; it shrinks as words are taken. */
struct rows {
    struct kernel *kernel;
    char *rest;
    unsigned number; /* of the row, from 1 */
    const char *word;
    const char *form;
    bool seen[NR_KERNEL_ROWS];
    char *error;
    size_t error_bytes;
};

__attribute__((format(printf, 2, 3))) static bool complain(struct rows *rows, const char *format, ...)
{
    va_list arguments;
    int used = snprintf(rows->error, rows->error_bytes,
        "row %u of the kernel's description, `%s`: ", rows->number, rows->word);

    if (used > 0 && (size_t)used < rows->error_bytes) {
        va_start(arguments, format);
        vsnprintf(rows->error + used, rows->error_bytes - (size_t)used, format, arguments);
        va_end(arguments);
    }
    return false;
}

static bool complain_of_form(struct rows *rows)
{
    return complain(rows, "its form is `%s %s`", rows->word, rows->form);
}

/* The next word of the row, ended by NUL; NULL: there is none. */
static char *next_word(struct rows *rows)
{
    char *word = rows->rest;
    size_t bytes = strcspn(word, " ");

    if (bytes == 0)
        return NULL;
    rows->rest = word + bytes;
    if (*rows->rest == ' ')
        *rows->rest++ = '\0';
    return word;
}

/* All that is left of the row. */
static bool take_text(struct rows *rows, const char **text)
{
    if (*rows->rest == '\0')
        return complain_of_form(rows);
    *text = rows->rest;
    rows->rest += strlen(rows->rest);
    return true;
}

static bool take_name(struct rows *rows, const char **name)
{
    *name = next_word(rows);
    return *name != NULL || complain_of_form(rows);
}

static bool take_number(struct rows *rows, uint64_t *number)
{
    const char *word = next_word(rows);

    *number = 0;
    if (word == NULL)
        return complain_of_form(rows);
    for (const char *at = word; *at != '\0'; at++) {
        if (*at < '0' || *at > '9' || *number > UINT32_MAX)
            return complain(rows, "%.*s is no number that could stand here", SHOWN(word));
        *number = *number * 10 + (uint64_t)(*at - '0');
    }
    return true;
}

/* Takes a word of the row that must be one of `words` (some of which may be NULL), and says which. */
static bool take_one_of(struct rows *rows, const char *const *words, size_t count, size_t *which)
{
    const char *word = next_word(rows);

    if (word == NULL)
        return complain_of_form(rows);
    for (*which = 0; *which < count; ++*which)
        if (words[*which] != NULL && strcmp(words[*which], word) == 0)
            return true;
    return complain(
        rows, "%.*s is none of the words that may stand there: `%s %s`", SHOWN(word), rows->word, rows->form);
}

static bool room_for(struct rows *rows, size_t count, size_t most)
{
    return count < most || complain(rows, "there may be %zu of these rows at most", most);
}

/* ---- sites ------------------------------------------------------------------------------------ */

/* Cuts the row in three at its marks: options, refusal, source. */
static bool cut_site(struct rows *rows, struct fault_site_info *site)
{
    char *refusal = strstr(rows->rest, FIELD_MARK), *source;

    if (refusal == NULL)
        return complain_of_form(rows);
    source = strstr(refusal + strlen(FIELD_MARK), FIELD_MARK);
    if (source == NULL)
        return complain_of_form(rows);
    *refusal = *source = '\0';
    site->refusal = refusal + strlen(FIELD_MARK);
    site->source = source + strlen(FIELD_MARK);
    if (*site->refusal == '\0' || *site->source == '\0')
        return complain_of_form(rows);
    return true;
}

static bool read_option(struct rows *rows, struct fault_site_info *site, const char *option)
{
    if (strcmp(option, "pages") == 0)
        site->has_pages = true;
    else if (strcmp(option, "bytes") == 0)
        site->has_bytes = true;
    else if (strcmp(option, "errno") == 0)
        site->takes_errno = true;
    else if (strcmp(option, "ends=plug") == 0)
        site->ending = NOTE_PLUG_END;
    else if (strcmp(option, "ends=unplug") == 0)
        site->ending = NOTE_UNPLUG_END;
    else if (strcmp(option, "bars=nothing") == 0)
        site->bars = FAULT_BARS_NOTHING;
    else
        return complain(rows, "%.*s says nothing about a site: `site %s`", SHOWN(option), rows->form);
    return true;
}

static bool read_site(struct rows *rows)
{
    static const char *const classes[] = {"interface", "hostile"};
    struct kernel *kernel = rows->kernel;
    struct fault_site_info *site = &kernel->sites[kernel->nr_sites];
    const char *option;
    size_t class;
    enum fault_site other;

    if (!room_for(rows, kernel->nr_sites, KERNEL_SITES_MAX) || !cut_site(rows, site))
        return false;
    if (!take_name(rows, &site->name) || !take_one_of(rows, classes, COUNT(classes), &class))
        return false;
    if (kernel_site_by_name(kernel, site->name, strlen(site->name), &other))
        return complain(rows, "there is a site %.*s already", SHOWN(site->name));
    site->hostile = class == 1;
    site->error = ENOMEM;
    while ((option = next_word(rows)) != NULL)
        if (!read_option(rows, site, option))
            return false;
    if (site->ending != 0 && kernel_site_by_ending(kernel, site->ending, &other))
        return complain(rows, "two sites end with the same note");
    kernel->nr_sites++;
    return true;
}

/* ---- the other rows --------------------------------------------------------------------------- */

static bool read_family(struct rows *rows)
{
    return take_name(rows, &rows->kernel->family);
}

static bool read_version(struct rows *rows)
{
    return take_text(rows, &rows->kernel->version);
}

static bool read_about(struct rows *rows)
{
    return take_text(rows, &rows->kernel->about);
}

static bool read_call(struct rows *rows)
{
    struct kernel *kernel = rows->kernel;
    struct kernel_call *call = &kernel->calls[kernel->nr_calls];
    const char *parameter;

    if (!room_for(rows, kernel->nr_calls, KERNEL_CALLS_MAX) || !take_name(rows, &call->name))
        return false;
    while ((parameter = next_word(rows)) != NULL) {
        if (call->nr_parameters == CALL_PARAMETERS_MAX)
            return complain(rows, "%.*s has more than %u parameters", SHOWN(call->name), CALL_PARAMETERS_MAX);
        call->parameters[call->nr_parameters++] = parameter;
    }
    kernel->nr_calls++;
    return true;
}

static bool read_command(struct rows *rows)
{
    struct kernel *kernel = rows->kernel;
    const char *name;

    if (!room_for(rows, kernel->nr_commands, KERNEL_COMMANDS_MAX) || !take_name(rows, &name))
        return false;
    for (size_t c = 0; c < kernel->nr_commands; c++)
        if (strcmp(kernel->commands[c], name) == 0)
            return complain(rows, "there is a command %.*s already", SHOWN(name));
    kernel->commands[kernel->nr_commands++] = name;
    return true;
}

static bool read_node(struct rows *rows)
{
    static const char *const nodes[NODE_MAX + 1] = {
        [NODE_MIN] = "min", [NODE_CURRENT] = "current", [NODE_TARGET] = "target", [NODE_MAX] = "max"};
    struct kernel_node node;
    const char *unit;
    size_t which;

    if (!take_one_of(rows, nodes, COUNT(nodes), &which) || !take_name(rows, &node.name) ||
        !take_name(rows, &unit))
        return false;
    if (!kernel_unit_by_name(unit, strlen(unit), &node.unit))
        return complain(rows, "a node is in pages, kib or bytes, not in %.*s", SHOWN(unit));
    if (rows->kernel->nodes[which].name != NULL)
        return complain(rows, "there is a node %s already", nodes[which]);
    rows->kernel->nodes[which] = node;
    return true;
}

static bool read_function(struct rows *rows)
{
    static const char *const functions[] = {"plug", "unplug"};
    size_t which;

    if (!take_one_of(rows, functions, COUNT(functions), &which))
        return false;
    return take_name(rows, which == 0 ? &rows->kernel->plug : &rows->kernel->unplug);
}

static bool read_counter(struct rows *rows)
{
    static const char *const words[NR_PORT_COUNTERS] = {
#define X(id, member, word, name, meaning) [PORT_COUNTER_##id] = word,
        PORT_COUNTERS(X)
#undef X
    };
    size_t which;

    if (!take_one_of(rows, words, COUNT(words), &which))
        return false;
    return take_text(rows, &rows->kernel->counters[which]);
}

static bool read_segments(struct rows *rows)
{
    struct kernel *kernel = rows->kernel;

    if (!take_number(rows, &kernel->grain_pages) || !take_text(rows, &kernel->walk))
        return false;
    return kernel->grain_pages != 0 || complain(rows, "a grain of no pages is none");
}

static bool read_image(struct rows *rows)
{
    return take_number(rows, &rows->kernel->image_fixed_pages) &&
           take_number(rows, &rows->kernel->image_bytes_a_page);
}

static bool read_p2m(struct rows *rows)
{
    static const char *const owners[] = {"builder", "nobody"};
    size_t which;

    if (!take_one_of(rows, owners, COUNT(owners), &which))
        return false;
    rows->kernel->p2m_means_nothing = which == 1;
    return true;
}

static bool read_feature(struct rows *rows)
{
    struct kernel *kernel = rows->kernel;

    return room_for(rows, kernel->nr_features, KERNEL_FEATURES_MAX) &&
           take_name(rows, &kernel->features[kernel->nr_features++]);
}

static bool read_file(struct rows *rows)
{
    struct kernel *kernel = rows->kernel;
    struct kernel_file *file = &kernel->files[kernel->nr_files];

    if (!room_for(rows, kernel->nr_files, KERNEL_FILES_MAX) || !take_name(rows, &file->part) ||
        !take_name(rows, &file->hash))
        return false;
    if (strcmp(file->hash, "ours") == 0)
        file->hash = NULL;
    else if (!take_text(rows, &file->name))
        return false;
    kernel->nr_files++;
    return true;
}

static bool read_options(struct rows *rows)
{
    return take_text(rows, &rows->kernel->options);
}

static bool read_choice(struct rows *rows)
{
    static const char *const ways[] = {"cmdline", "kernel"};
    struct kernel *kernel = rows->kernel;
    struct kernel_choice *choice = &kernel->choices[kernel->nr_choices];
    size_t way;

    if (!room_for(rows, kernel->nr_choices, KERNEL_CHOICES_MAX) || !take_name(rows, &choice->name) ||
        !take_name(rows, &choice->value))
        return false;
    if (kernel_choice_of(kernel, choice->name, choice->value) != NULL)
        return complain(
            rows, "there is a choice %.*s=%.*s already", SHOWN(choice->name), SHOWN(choice->value));
    if (*rows->rest != '\0' && (!take_one_of(rows, ways, COUNT(ways), &way) ||
                                   !take_text(rows, way == 0 ? &choice->words : &choice->suffix)))
        return false;
    kernel->nr_choices++;
    return true;
}

static bool read_waiver(struct rows *rows)
{
    struct kernel *kernel = rows->kernel;
    struct kernel_waiver *waiver = &kernel->waivers[kernel->nr_waivers];

    if (!room_for(rows, kernel->nr_waivers, KERNEL_WAIVERS_MAX) || !take_name(rows, &waiver->invariant) ||
        !take_text(rows, &waiver->why))
        return false;
    kernel->nr_waivers++;
    return true;
}

static bool read_design(struct rows *rows)
{
    struct kernel *kernel = rows->kernel;
    const char *name = NULL, *date = NULL, *text = NULL;

    if (!take_name(rows, &name) || !take_name(rows, &date) || !take_text(rows, &text))
        return false;
    if (kernel->design == NULL) {
        kernel->design = name;
        kernel->design_date = date;
        kernel->design_text = text;
    }
    return true;
}

static bool read_says(struct rows *rows)
{
    static const char *const sayings[NR_KERNEL_SAYINGS] = {
#define X(id, word, numbers, meaning) [KERNEL_SAYS_##id] = word,
        KERNEL_SAYINGS(X)
#undef X
    };
    struct kernel *kernel = rows->kernel;
    struct kernel_sentence *sentence = &kernel->says[kernel->nr_says];
    char what[160];
    size_t which;

    if (!room_for(rows, kernel->nr_says, KERNEL_SAYS_MAX) ||
        !take_one_of(rows, sayings, COUNT(sayings), &which) || !take_text(rows, &sentence->pattern))
        return false;
    sentence->saying = (enum kernel_saying)which;
    if (!kernel_sentence_check(sentence, what, sizeof what))
        return complain(rows, "%s", what);
    kernel->nr_says++;
    return true;
}

/* ---- the whole -------------------------------------------------------------------------------- */

static bool (*const readers[NR_KERNEL_ROWS])(struct rows *) = {
    [KERNEL_ROW_FAMILY] = read_family,
    [KERNEL_ROW_VERSION] = read_version,
    [KERNEL_ROW_ABOUT] = read_about,
    [KERNEL_ROW_SITE] = read_site,
    [KERNEL_ROW_CALL] = read_call,
    [KERNEL_ROW_COMMAND] = read_command,
    [KERNEL_ROW_NODE] = read_node,
    [KERNEL_ROW_FUNCTION] = read_function,
    [KERNEL_ROW_COUNTER] = read_counter,
    [KERNEL_ROW_SEGMENTS] = read_segments,
    [KERNEL_ROW_IMAGE] = read_image,
    [KERNEL_ROW_P2M] = read_p2m,
    [KERNEL_ROW_FEATURE] = read_feature,
    [KERNEL_ROW_FILE] = read_file,
    [KERNEL_ROW_OPTIONS] = read_options,
    [KERNEL_ROW_DESIGN] = read_design,
    [KERNEL_ROW_WAIVER] = read_waiver,
    [KERNEL_ROW_CHOICE] = read_choice,
    [KERNEL_ROW_SAYS] = read_says,
};

enum times { ANY, ONE_OR_NONE, ONE };

static const struct {
    const char *word, *form;
    enum times times;
} table[NR_KERNEL_ROWS] = {
#define X(id, word, times, form, meaning) [KERNEL_ROW_##id] = {word, form, times},
    KERNEL_ROWS(X)
#undef X
};

static bool read_row(struct rows *rows, char *line)
{
    size_t row = 0;

    rows->number++;
    rows->rest = line;
    rows->word = next_word(rows);
    if (rows->word == NULL) {
        rows->word = "";
        return complain(rows, "a row begins with a word");
    }
    while (row < NR_KERNEL_ROWS && strcmp(table[row].word, rows->word) != 0)
        row++;
    if (row == NR_KERNEL_ROWS)
        return complain(rows, "no row begins with this word");
    rows->form = table[row].form;
    if (rows->seen[row] && table[row].times != ANY)
        return complain(rows, "it stands there twice");
    rows->seen[row] = true;
    if (!readers[row](rows))
        return false;
    return *rows->rest == '\0' || complain_of_form(rows);
}

static bool read_rows(struct rows *rows, char *text)
{
    for (char *line = text, *end; *line != '\0'; line = end + 1) {
        end = strchr(line, '\n');
        if (end == NULL) {
            rows->number++;
            rows->word = line;
            return complain(rows, "no newline ends it");
        }
        *end = '\0';
        if (!read_row(rows, line))
            return false;
    }
    for (size_t row = 0; row < NR_KERNEL_ROWS; row++)
        if (table[row].times == ONE && !rows->seen[row]) {
            snprintf(rows->error, rows->error_bytes, "the kernel's description lacks the row `%s %s`",
                table[row].word, table[row].form);
            return false;
        }
    return true;
}

/* Makes two copies of the text: one stays as it is, the other is cut into words. */
static bool take_copies(struct kernel *kernel, const char *text, size_t bytes)
{
    kernel->rows = strndup(text, bytes);
    kernel->words = strndup(text, bytes);
    return kernel->rows != NULL && kernel->words != NULL;
}

struct kernel *kernel_parse(const char *text, size_t bytes, char *error, size_t error_bytes)
{
    struct kernel *kernel = calloc(1, sizeof *kernel);
    struct rows rows = {.kernel = kernel, .error = error, .error_bytes = error_bytes};

    assert(text != NULL && error_bytes > 0);
    while (bytes > 0 && text[bytes - 1] == '\0') /* a compiler puts NULs behind the text in its section */
        bytes--;
    if (bytes > KERNEL_BYTES_MAX || memchr(text, '\0', bytes) != NULL) {
        snprintf(
            error, error_bytes, "the kernel's description is no text of at most %u bytes", KERNEL_BYTES_MAX);
    } else if (kernel == NULL || !take_copies(kernel, text, bytes)) {
        snprintf(error, error_bytes, KERNEL_NO_MEMORY " for a kernel's description");
    } else if (read_rows(&rows, kernel->words)) {
        return kernel;
    }
    kernel_free(kernel);
    return NULL;
}

void kernel_free(struct kernel *kernel)
{
    if (kernel == NULL)
        return;
    free(kernel->rows);
    free(kernel->words);
    free(kernel);
}
