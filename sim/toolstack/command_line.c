/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Splits command lines of the toolstack, reads xl's sizes, and finds a line's sub-command in the table of
 * xl_commands.h. It does not run anything, and knows no machine.
 */
#include "sim/toolstack/command_line.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const struct xl_command commands[] = {
#define X(id, name, usage, description, facts) {XL_COMMAND_##id, name, usage, description, facts},
    XL_COMMANDS(X)
#undef X
};

const struct xl_command *xl_command_at(enum xl_command_id id)
{
    assert(id < NR_XL_COMMANDS);
    return &commands[id];
}

const struct xl_command *xl_command_find(const char *name)
{
    for (size_t i = 0; i < NR_XL_COMMANDS; i++)
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    return NULL;
}

bool xl_command_is(const struct xl_command *command, unsigned fact)
{
    return command != NULL && (command->facts & fact) != 0;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Copies one word from *at to *out, without its quotes. */
static const char *take_word(const char **at, char **out)
{
    const char *p = *at;
    char *to = *out, quote = '\0';

    for (; *p != '\0' && (quote != '\0' || !is_blank(*p)); p++) {
        if (quote == '\0' && (*p == '\'' || *p == '"')) {
            quote = *p;
        } else if (*p == quote) {
            quote = '\0';
        } else if (*p == '\\' && quote != '\'') {
            if (p[1] == '\0')
                return "a backslash with nothing behind it";
            /* Inside double quotes a backslash escapes only these. */
            if (quote == '"' && strchr("\\\"$`", p[1]) == NULL)
                *to++ = '\\';
            *to++ = *++p;
        } else if (quote == '\0' && strchr(";&|<>()`", *p) != NULL) {
            return "one plain command is wanted; ; & | < > ( ) ` need a shell (or quotes)";
        } else {
            *to++ = *p;
        }
    }
    if (quote != '\0')
        return "a quote without its end";
    *to++ = '\0';
    *at = p;
    *out = to;
    return NULL;
}

const char *words_split(struct words *words, const char *line, char *room)
{
    const char *const start = line;
    char *out = room; /* a word's NUL has room: a blank or the line's end stood there */

    words->count = 0;
    words->list[0] = NULL;
    for (;;) {
        const char *wrong;

        while (is_blank(*line))
            line++;
        if (*line == '\0')
            break;
        if (words->count == COMMAND_WORDS_MAX)
            return "more than 64 words";
        words->list[words->count] = out;
        words->at[words->count] = (size_t)(line - start);
        wrong = take_word(&line, &out);
        if (wrong != NULL)
            return wrong;
        words->list[++words->count] = NULL;
    }
    assert((size_t)(out - room) <= strlen(start) + 1);
    return NULL;
}

int64_t size_parse_kib(const char *text)
{
    char *end;
    int64_t number;
    unsigned shift = 0;

    errno = 0;
    number = strtoll(text, &end, 10);
    if (errno == ERANGE || number < 0 || strlen(end) > 1)
        return -1;
    switch (tolower((unsigned char)*end)) {
    case 't':
        shift = 30;
        break;
    case 'g':
        shift = 20;
        break;
    case 'm':
    case '\0':
        shift = 10;
        break;
    case 'k':
        break;
    case 'b':
        return number >> 10;
    default:
        return -1;
    }
    return number > (INT64_MAX >> shift) ? -1 : number << shift;
}

int xl_options_count(int argc, char *const argv[])
{
    int count = 0;

    while (count < argc && argv[count][0] == '-' && argv[count][1] != '\0')
        if (strcmp(argv[count++], "--") == 0)
            break;
    return count;
}

/* The words behind the sub-command that are no options, in order: the domain, then perhaps an amount. */
static void take_arguments(struct command_line *l, int at)
{
    bool only_words = false;
    int arguments = 0;

    for (; at < l->words.count; at++) {
        const char *word = l->words.list[at];

        if (!only_words && word[0] == '-' && word[1] != '\0') {
            only_words = strcmp(word, "--") == 0;
            continue;
        }
        if (arguments == 0) {
            l->domain = word;
            l->domain_at = l->words.at[at];
        } else if (arguments == 1 && xl_command_is(l->command, XL_TAKES_SIZE)) {
            const int64_t kib = size_parse_kib(word);

            l->amount = word;
            l->amount_at = l->words.at[at];
            l->has_size = kib >= 0;
            l->size_kib = kib >= 0 ? (uint64_t)kib : 0;
        }
        arguments++;
    }
}

bool command_line_split(struct command_line *l, const char *line)
{
    int at;

    l->tool = "";
    l->command = NULL;
    l->domain = NULL;
    l->domain_at = 0;
    l->sub_command = NULL;
    l->sub_command_at = 0;
    l->amount = NULL;
    l->amount_at = 0;
    l->has_size = false;
    l->size_kib = 0;
    if (strlen(line) >= sizeof l->room || words_split(&l->words, line, l->room) != NULL) {
        l->words.count = 0;
        return false;
    }
    if (l->words.count == 0)
        return true;
    l->tool = l->words.list[0];
    if (strcmp(l->tool, "xl") != 0 && strcmp(l->tool, "xm") != 0)
        return true;
    at = 1 + xl_options_count(l->words.count - 1, l->words.list + 1);
    if (at < l->words.count) {
        l->sub_command = l->words.list[at];
        l->sub_command_at = l->words.at[at];
        l->command = xl_command_find(l->sub_command);
    }
    if (xl_command_is(l->command, XL_NAMES_DOMAIN))
        take_arguments(l, at + 1);
    assert(l->domain == NULL || l->domain_at < strlen(line));
    assert(!l->has_size || l->domain != NULL);
    return true;
}

bool xl_line_is(const char *line, unsigned fact)
{
    struct command_line l;

    return command_line_split(&l, line) && strcmp(l.tool, "xl") == 0 && xl_command_is(l.command, fact);
}
