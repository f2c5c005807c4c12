/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * `ballast check FILE...`: all mistakes of a scenario, not only the first, without running it. After each complaint of the
 * parser its line is taken out of a copy of the text, and the copy is read again; the kernels that a scenario names are
 * looked up behind that.
 */
#include <assert.h>
#include <popt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/ballast/commands.h"
#include "harness/ballast/option_value.h"
#include "harness/ballast/scenario_files.h"
#include "harness/ballast/stderr_line.h"
#include "harness/image/kernels.h"
#include "harness/language/included.h"
#include "harness/language/scenario.h"
#include "harness/run/runner.h"
#include "reports/text_clean.h"

#define MISTAKES_MAX  100u      /* of one file; each has the text read once more */
#define INSTEAD_BYTES 120u      /* of what stands in place of a line */
#define UNKNOWN       "unknown" /* kernel= of a domain whose line does not say which */
#define NAMES_MAX     100u      /* that one file sets in lines that are wrong */

struct mistakes {
    struct complaint list[MISTAKES_MAX];
    size_t count;
    char unset[NAMES_MAX][NAME_BYTES_MAX + 1]; /* names that lines which were taken out would have set */
    size_t nr_unset;
};

static void add(struct mistakes *mistakes, const struct complaint *complaint)
{
    if (mistakes->count < MISTAKES_MAX)
        mistakes->list[mistakes->count++] = *complaint;
}

static bool has_line(const struct mistakes *mistakes, uint32_t line)
{
    for (size_t m = 0; m < mistakes->count; m++)
        if (mistakes->list[m].where.line == line)
            return true;
    return false;
}

static char *line_at(char *text, uint32_t line)
{
    for (; line > 1; line--) {
        text = strchr(text, '\n');
        if (text == NULL)
            return NULL;
        text++;
    }
    return text;
}

static bool has_word(const char *line, const char *word)
{
    line += strspn(line, " \t");
    const size_t bytes = strlen(word);

    return strncmp(line, word, bytes) == 0 && strchr(" \t\n", line[bytes]) != NULL;
}

/* Empties the line of the `end` that belongs to the `repeat` above `at`. */
static void take_out_end(char *at)
{
    unsigned depth = 1;

    for (; *at != '\0'; at += strcspn(at, "\n"), at += *at == '\n') {
        depth += has_word(at, "repeat");
        if (has_word(at, "end") && --depth == 0) {
            memset(at, ' ', strcspn(at, "\n"));
            return;
        }
    }
}

/* Is it, or was it meant to be, a line that begins with this word? */
static bool is_meant(const char *at, const struct complaint *complaint, const char *word)
{
    char suggestion[40];

    snprintf(suggestion, sizeof suggestion, "did you mean `%s`?", word);
    return has_word(at, word) || strstr(complaint->message, suggestion) != NULL;
}

/* Remembers the name that `let NAME = ...` or `repeat NAME = ...` would have set: lines that use it can't be judged. */
static void remember_unset(struct mistakes *mistakes, const char *at)
{
    char name[NAME_BYTES_MAX + 1];

    static_assert(NAME_BYTES_MAX == 31, "as sscanf has it");
    if (sscanf(at, "%*[^ \t\n]%*[ \t]%31[A-Za-z0-9_-]", name) == 1 && mistakes->nr_unset < NAMES_MAX)
        memcpy(mistakes->unset[mistakes->nr_unset++], name, sizeof name);
}

/* Does it complain of a name that nothing sets, because the line that would was taken out? */
static bool follows_from_another(const struct mistakes *mistakes, const struct complaint *complaint)
{
    for (size_t n = 0; n < mistakes->nr_unset; n++) {
        char braced[NAME_BYTES_MAX + 40];
        snprintf(braced, sizeof braced, "no line above says what {%s} stands for", mistakes->unset[n]);
        if (strncmp(complaint->message, braced, strlen(braced)) == 0)
            return true;
    }
    return false;
}

/* The kernel that the line of a domain names, as it is spelt there. */
static void kernel_on_line(const char *at, char *name, size_t bytes)
{
    const size_t line = strcspn(at, "\n");
    const char *option = memmem(at, line, " kernel=", strlen(" kernel="));
    const char *value = option != NULL ? option + strlen(" kernel=") : "";
    const size_t length = strspn(value, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-");
    const bool whole = length > 0 && length < bytes && strchr(" \t\r\n", value[length]) != NULL;

    snprintf(name, bytes, "%.*s", whole ? (int)length : (int)strlen(UNKNOWN), whole ? value : UNKNOWN);
}

/*
 * Takes a line out. What it declares stays declared, or each later line about it would be another mistake: a domain keeps its
 * name and its kernel; of a kernel that its line does not name nothing is known, and no site and no function of it is wrong. The
 * lines of a `repeat` are read once. False: nothing changed.
 */
static bool take_out(struct mistakes *mistakes, char *text, const struct complaint *complaint, bool again)
{
    char *at = line_at(text, complaint->where.line), name[NAME_BYTES_MAX + 24], instead[INSTEAD_BYTES] = "";
    char kernel[sizeof((struct kernel_info *)NULL)->name];

    if (at == NULL)
        return false;
    const size_t bytes = strcspn(at, "\n");
    const char *word = at + strspn(at, " \t");
    if (!again && sscanf(at, " domain %54[^ \t\n]", name) == 1) {
        kernel_on_line(at, kernel, sizeof kernel);
        snprintf(instead, sizeof instead, "domain %s kernel=%s memory=16m", name, kernel);
    }
    if (!again && is_meant(at, complaint, "repeat"))
        snprintf(instead, sizeof instead, "repeat 1"); /* its `end` is none too many */
    if (!again && is_meant(at, complaint, "end") && !has_word(at, "end"))
        snprintf(instead, sizeof instead, "end");
    if (is_meant(at, complaint, "repeat") || is_meant(at, complaint, "let"))
        remember_unset(mistakes, word);
    if (again && has_word(at, "repeat"))
        take_out_end(at + strcspn(at, "\n"));
    if (bytes == 0)
        return false;
    memmove(at + strlen(instead), at + bytes, strlen(at + bytes) + 1);
    memcpy(at, instead, strlen(instead));
    return true;
}

/* Of a misspelt kernel the one that is meant, so that other mistakes in lines about its domain are found, too. */
static const struct kernel *describe_meant(const char *name)
{
    const char *meant = name;

    if (kernel_info(name) == NULL && strcmp(name, UNKNOWN) != 0)
        meant = kernel_meant(name);
    return meant != NULL ? kernel_describe(meant) : NULL;
}

/* The domains of a group have one line and one kernel. */
static bool is_told(const struct mistakes *mistakes, const struct complaint *complaint)
{
    for (size_t m = 0; m < mistakes->count; m++)
        if (mistakes->list[m].where.line == complaint->where.line &&
            strcmp(mistakes->list[m].message, complaint->message) == 0)
            return true;
    return false;
}

/* A kernel whose package is missing is known all the same. */
static void look_for_kernel(
    struct mistakes *mistakes, const struct scenario *scenario, const struct domain_decl *decl)
{
    /* A line that was replaced has its words elsewhere. */
    struct complaint complaint = {
        .where = has_line(mistakes, decl->where.line) ? decl->where : decl->kernel_where};

    if (kernel_info(decl->kernel) != NULL ||
        (strcmp(decl->kernel, UNKNOWN) == 0 && has_line(mistakes, decl->where.line)))
        return;
    kernel_unknown(decl->kernel, complaint.message, sizeof complaint.message);
    if (is_told(mistakes, &complaint))
        return;
    complaint_place(&complaint, scenario->text, scenario->text_bytes);
    add(mistakes, &complaint);
}

static void look_for_kernels(struct mistakes *mistakes, const struct scenario *scenario)
{
    for (size_t d = 0; d < scenario->nr_domains; d++)
        look_for_kernel(mistakes, scenario, &scenario->domains[d]);
    for (size_t s = 0; s < scenario->nr_statements; s++)
        if (scenario->statements[s].domain_decl != NULL)
            look_for_kernel(mistakes, scenario, scenario->statements[s].domain_decl);
}

static int by_place(const void *a, const void *b)
{
    const struct span *x = &((const struct complaint *)a)->where, *y = &((const struct complaint *)b)->where;

    if (x->line != y->line)
        return x->line < y->line ? -1 : 1;
    return (x->column > y->column) - (x->column < y->column);
}

/* Reads the text until nothing is wrong any more. A scenario's first line is none to go on without. */
static void find(struct mistakes *mistakes, const char *path, char *text)
{
    const struct kernels kernels = {.describe = describe_meant};
    struct scenario *scenario = NULL;
    struct complaint complaint;

    while (mistakes->count < MISTAKES_MAX &&
           (scenario = scenario_parse(path, text, strlen(text), &kernels, &complaint)) == NULL) {
        const uint32_t line = complaint.where.line;
        const bool again = has_line(mistakes, line);

        if (line <= 1 && mistakes->count > 0)
            break; /* what is left of it says nothing: that is no mistake of its own */
        if (!again && !follows_from_another(mistakes, &complaint))
            add(mistakes, &complaint);
        if (line <= 1 || !take_out(mistakes, text, &complaint, again))
            break;
    }
    if (scenario != NULL)
        look_for_kernels(mistakes, scenario);
    scenario_free(scenario);
    qsort(mistakes->list, mistakes->count, sizeof mistakes->list[0], by_place);
}

static void show(const char *path, const char *text, const struct mistakes *mistakes)
{
    char shown[4096];

    for (size_t m = 0; m < mistakes->count; m++) {
        complaint_text(path, text, &mistakes->list[m], shown, sizeof shown);
        text_clean_lines(stdout, shown, strlen(shown));
        if (shown[0] == '\0' || shown[strlen(shown) - 1] != '\n')
            putchar('\n');
    }
    if (mistakes->count == MISTAKES_MAX)
        printf("and perhaps more: no file is read more than %u times\n", MISTAKES_MAX);
}

/* Returns how many mistakes there are. */
static size_t check_file(const struct scenario_files *files, size_t which, struct mistakes *mistakes)
{
    const struct scenario_input *input = scenario_files_input(files, which);
    const char *path = files->names.list[which];
    struct complaint complaint = {.message = "no memory"};
    size_t bytes = 0;
    char *text = NULL;

    mistakes->count = mistakes->nr_unset = 0;
    if (input == NULL)
        text = scenario_text(path, &bytes, &complaint);
    else if ((text = malloc(input->bytes + 1)) != NULL) {
        memcpy(text, input->text, input->bytes);
        text[bytes = input->bytes] = '\0';
    }
    /* A NUL byte in it is the first mistake, and nothing behind it is read. */
    size_t all_bytes = 0;
    char *all = text != NULL ? included_all(path, text, bytes, &all_bytes) : NULL;
    char *copy = all != NULL ? malloc(all_bytes + 1 + MISTAKES_MAX * INSTEAD_BYTES) : NULL;
    if (copy != NULL && strlen(all) == all_bytes) {
        memcpy(copy, all, all_bytes + 1);
        find(mistakes, path, copy);
    } else if (copy != NULL) {
        scenario_free(scenario_parse(path, text, bytes, NULL, &complaint));
        add(mistakes, &complaint);
    } else {
        add(mistakes, &complaint);
    }
    show(path, text != NULL ? text : "", mistakes);
    free(copy);
    free(all);
    free(text);
    return mistakes->count;
}

static int check_all(const struct scenario_files *files)
{
    struct mistakes *mistakes = malloc(sizeof *mistakes);
    size_t count = 0;

    if (mistakes == NULL) {
        stderr_line("no memory");
        return VERDICT_ERROR;
    }
    for (size_t f = 0; f < files->names.count; f++)
        count += check_file(files, f, mistakes);
    printf("%zu scenario%s, ", files->names.count, files->names.count == 1 ? "" : "s");
    if (count == 0)
        printf("no mistakes\n");
    else
        printf("%zu mistake%s\n", count, count == 1 ? "" : "s");
    free(mistakes);
    return count == 0 ? VERDICT_PASS : VERDICT_ERROR;
}

static bool take_files(struct scenario_files *files, const char **names, char *error, size_t error_bytes)
{
    for (; names != NULL && *names != NULL; names++)
        if (!scenario_files_add(files, *names, error, error_bytes))
            return false;
    if (files->names.count > 0)
        return true;
    snprintf(error, error_bytes, "check wants scenarios, as in `ballast check a.scn`");
    return false;
}

int command_check(int count, const char **arguments)
{
    struct scenario_files files = {0};
    int show_help = 0, code = VERDICT_ERROR;
    char error[512] = "";
    const struct poptOption table[] = {
        {"help", 'h', POPT_ARG_NONE, &show_help, 0, "show this and stop", NULL},
        POPT_TABLEEND,
    };
    poptContext context = poptGetContext("ballast check", count, arguments, table, 0);

    assert(count >= 1);
    poptSetOtherOptionHelp(context, "FILE...");
    const int result = poptGetNextOpt(context);
    if (result < -1)
        option_refused(table, context, result, "ballast check", error, sizeof error);
    else if (show_help) {
        poptPrintHelp(context, stdout, 0);
        printf("\nReads scenarios, runs none, and tells all mistakes that are in them.\n"
               "\nExit codes: 0 no mistakes, 4 there are some.\n");
        code = VERDICT_PASS;
    } else if (take_files(&files, poptGetArgs(context), error, sizeof error))
        code = check_all(&files);
    if (error[0] != '\0')
        stderr_line("%s", error);
    poptFreeContext(context);
    scenario_files_free(&files);
    return code;
}
