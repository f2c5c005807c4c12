/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * `ballast list`: the names that a scenario or the command line may use, read from the same tables as the code uses.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/ballast/commands.h"
#include "harness/ballast/designs.h"
#include "harness/ballast/folder_files.h"
#include "harness/ballast/stderr_line.h"
#include "harness/image/image.h"
#include "harness/run/runner.h"
#include "harness/language/scenario.h"
#include "harness/language/suggest.h"
#include "harness/xen/fuzz_kinds.h"
#include "reports/text_clean.h"
#include "sim/invariants/names.h"
#include "sim/fault.h"

#define LINE_COLUMNS 100 /* of a list of names */

/* Kernels that stand for designs differ in these; one that is called like its family is what the others are compared with. */
static const char *about(const struct kernel *kernel, const char *name)
{
    return kernel->design == NULL || strcmp(name, kernel->family) == 0 ? kernel->about : kernel->design_text;
}

static int list_kernels(const char *argument)
{
    (void)argument;
    if (kernel_next(NULL) == NULL)
        printf("none: %s has no guest's image; run make\n", image_folder());
    for (const struct kernel_info *info = kernel_next(NULL); info != NULL; info = kernel_next(info)) {
        char error[512];
        const struct kernel *kernel = kernel_description(info, error, sizeof error);
        if (info->package[0] != 0)
            printf("%-22s (not built: it needs the package %s)\n", info->name, info->package);
        else
            printf("%-22s %s\n", info->name, kernel == NULL ? error : about(kernel, info->name));
    }
    return VERDICT_PASS;
}

static int list_designs(const char *argument)
{
    (void)argument;
    for (const struct kernel_info *info = kernel_next(NULL); info != NULL; info = kernel_next(info)) {
        if (stands_for_design(info)) {
            const struct kernel *kernel = kernel_describe(info->name);
            printf("%-22s %-8s %s\n", info->name, kernel->design_date, kernel->design_text);
        }
    }
    return VERDICT_PASS;
}

static int list_choices(const char *argument)
{
    (void)argument;
    for (const struct kernel_info *info = kernel_next(NULL); info != NULL; info = kernel_next(info)) {
        const struct kernel *kernel = kernel_describe(info->name);
        for (size_t c = 0; kernel != NULL && kernel->design == NULL && c < kernel->nr_choices; c++) {
            const struct kernel_choice *choice = &kernel->choices[c];
            char option[64];
            snprintf(option, sizeof option, "%s=%s", choice->name, choice->value);
            printf("%-22s %-22s ", info->name, option);
            if (choice->suffix != NULL)
                printf("kernel=%s%s\n", info->name, choice->suffix);
            else if (choice->words != NULL)
                printf("cmdline=\"%s\"\n", choice->words);
            else
                printf("as it is\n");
        }
    }
    return VERDICT_PASS;
}

static void print_site(const struct fault_site_info *site)
{
    printf("%-28s %s%s\n%28s %s\n", site->name, site->refusal, site->hostile ? "  [hostile]" : "", "",
        site->source);
}

static bool has_the_same_sites(const struct kernel *one, const struct kernel *other)
{
    if (kernel_sites_end(one) != kernel_sites_end(other))
        return false;
    for (unsigned s = FAULT_SITE_OF_KERNEL; s < kernel_sites_end(one); s++)
        if (strcmp(kernel_site(one, (enum fault_site)s)->name,
                kernel_site(other, (enum fault_site)s)->name) != 0)
            return false;
    return true;
}

/* Do the kernels before it in the list have other sites? */
static bool is_first_with_its_sites(const struct kernel_info *of)
{
    for (const struct kernel_info *info = kernel_next(NULL); info != of; info = kernel_next(info))
        if (has_the_same_sites(kernel_describe(info->name), kernel_describe(of->name)))
            return false;
    return true;
}

/* "linux-6.1, …:", the kernels that have these sites, in lines of a terminal's width. */
static void print_kernels_with_the_sites_of(const struct kernel *kernel)
{
    size_t column = 0;

    for (const struct kernel_info *info = kernel_next(NULL); info != NULL; info = kernel_next(info)) {
        const size_t bytes = strlen(info->name);
        if (!has_the_same_sites(kernel_describe(info->name), kernel))
            continue;
        if (column == 0)
            column = (size_t)printf("\n%s", info->name);
        else if (column + bytes > LINE_COLUMNS)
            column = (size_t)printf(",\n%s", info->name);
        else
            column += (size_t)printf(", %s", info->name);
    }
    assert(column > 0);
    puts(":");
}

static void print_own_sites(const struct kernel *kernel)
{
    for (unsigned s = FAULT_SITE_OF_KERNEL; s < kernel_sites_end(kernel); s++)
        print_site(kernel_site(kernel, (enum fault_site)s));
}

/* Xen's sites, and those of one kernel, or of all under the names of the kernels that have them. */
static int list_faults(const char *argument)
{
    const struct kernel_info *one = argument != NULL ? kernel_info(argument) : NULL;
    char unknown[512];

    if (argument != NULL && one == NULL) {
        kernel_unknown(argument, unknown, sizeof unknown);
        stderr_line("%s", unknown);
        return VERDICT_ERROR;
    }
    if (one != NULL && one->package[0] != 0) {
        stderr_line("%s is not built, so that its sites are not known: it needs the package %s", one->name,
            one->package);
        return VERDICT_SKIP;
    }
    for (unsigned s = 0; s < NR_FAULT_SITES_OF_XEN; s++)
        print_site(kernel_site(NULL, (enum fault_site)s));
    if (one != NULL)
        print_own_sites(kernel_describe(one->name));
    for (const struct kernel_info *info = kernel_next(NULL); one == NULL && info != NULL;
         info = kernel_next(info)) {
        const struct kernel *kernel = kernel_describe(info->name);
        if (kernel_sites_end(kernel) == FAULT_SITE_OF_KERNEL || !is_first_with_its_sites(info))
            continue;
        print_kernels_with_the_sites_of(kernel);
        print_own_sites(kernel);
    }
    return VERDICT_PASS;
}

static int list_invariants(const char *argument)
{
    (void)argument;
    for (unsigned i = 0; i < NR_INVARIANTS; i++)
        printf("%-20s %s\n", invariant_name((enum invariant)i), invariant_holds((enum invariant)i));
    return VERDICT_PASS;
}

/* Prints a scenario's path, and its first comment line, which says what it is for. */
static bool print_scenario(const char *path)
{
    struct complaint complaint;
    size_t bytes;
    char *text = scenario_text(path, &bytes, &complaint);

    if (text == NULL) {
        stderr_line("%s: %s", path, complaint.message);
        return false;
    }
    const char *comment = text;
    while (*comment != 0 && *comment != '#')
        comment += strcspn(comment, "\n") + (comment[strcspn(comment, "\n")] == '\n');
    comment += strspn(comment, "# ");
    text_clean_bytes(stdout, path, strlen(path));
    putchar('\n');
    if (comment[0] != 0) {
        fputs("    ", stdout);
        text_clean_bytes(stdout, comment, strcspn(comment, "\r\n"));
        putchar('\n');
    }
    free(text);
    return true;
}

/* Lists a folder. False: something in it can't be read, which was said. */
static bool list_folder(const char *folder)
{
    struct words found = {0};
    char error[512];
    bool whole = folder_files_in(&found, folder, ".scn", error, sizeof error);

    if (!whole)
        stderr_line("%s", error);
    for (size_t f = 0; f < found.count; f++)
        whole = print_scenario(found.list[f]) && whole;
    if (found.failed)
        stderr_line("no memory");
    whole = whole && !found.failed;
    words_free(&found);
    return whole;
}

static int list_scenarios(const char *argument)
{
    const char *folder = argument != NULL ? argument : "scenarios";
    char beside[4096], *installed = NULL;

    if (access(folder, F_OK) != 0) {
        /* An installed program has its scenarios under share/. */
        snprintf(beside, sizeof beside, "%s/../../share/ballast/scenarios", image_folder());
        installed = argument == NULL ? realpath(beside, NULL) : NULL;
        /* One that was built lies in the project, as build/ballast. */
        snprintf(beside, sizeof beside, "%s/../../scenarios", image_folder());
        if (installed == NULL && argument == NULL)
            installed = realpath(beside, NULL);
        if (installed == NULL) {
            stderr_line("there is no folder %s; name the one that holds your scenarios", folder);
            return VERDICT_ERROR;
        }
    }
    const bool whole = list_folder(installed != NULL ? installed : folder);
    free(installed);
    return whole ? VERDICT_PASS : VERDICT_ERROR;
}

static int list_random(const char *argument)
{
    (void)argument;
    for (unsigned i = 0; i < nr_fuzz_kinds; i++)
        printf("%-22s %s\n", fuzz_kinds[i].name, fuzz_kinds[i].about);
    return VERDICT_PASS;
}

static const struct {
    const char *name, *what;
    int (*list)(const char *argument);
    const char *takes; /* what may stand behind it; NULL: nothing */
} lists[] = {
    {"kernels", "after kernel= and --kernel", list_kernels, NULL},
    {"designs", "the kernels that stand for a proposed way to grow past boot memory", list_designs, NULL},
    {"choices", "options of a domain that its kernel brings, and what they stand for", list_choices, NULL},
    {"faults",
        "[KERNEL]: the sites after fault, Xen's and the kernels' or one kernel's, and what a refusal is "
        "there",
        list_faults, "a kernel"},
    {"random", "kinds of random scenarios, after xen-fuzz --kind", list_random, NULL},
    {"invariants", "what is checked after every event", list_invariants, NULL},
    {"scenarios", "[FOLDER]: those in a folder (scenarios)", list_scenarios, "a folder"},
};
#define NR_LISTS (sizeof lists / sizeof lists[0])

static void help(FILE *out)
{
    fprintf(out, "usage: ballast list WHAT\n\n");
    for (size_t l = 0; l < NR_LISTS; l++)
        fprintf(out, "  %-11s %s\n", lists[l].name, lists[l].what);
}

static bool dashes_at(int count, const char **arguments, int which)
{
    return count > which && strcmp(arguments[which], "--") == 0;
}

int command_list(int count, const char **arguments)
{
    struct suggestion suggestion;

    const int before = dashes_at(count, arguments, 1) ? 1 : dashes_at(count, arguments, 2) ? 2 : 0;
    const char *plain[4] = {arguments[0]};

    /* `--` may stand before a name, as everywhere. */
    if (before != 0 && count <= 4) {
        for (int a = 1, p = 1; a < count; a++)
            if (a != before)
                plain[p++] = arguments[a];
        arguments = plain;
        count--;
    }
    if (count < 2) {
        help(stderr);
        return VERDICT_ERROR;
    }
    if (strcmp(arguments[1], "--help") == 0 || strcmp(arguments[1], "-h") == 0) {
        help(stdout);
        return VERDICT_PASS;
    }
    suggest_begin(&suggestion, arguments[1], strlen(arguments[1]));
    for (size_t l = 0; l < NR_LISTS; l++) {
        if (strcmp(arguments[1], lists[l].name) == 0) {
            const int most = lists[l].takes != NULL ? 3 : 2;
            if (count > most) {
                stderr_line("list %s takes %s, and no %s", lists[l].name,
                    most == 3 ? lists[l].takes : "nothing more", arguments[most]);
                return VERDICT_ERROR;
            }
            return lists[l].list(count > 2 ? arguments[2] : NULL);
        }
        suggest_offer(&suggestion, lists[l].name);
    }
    stderr_line("there is no list of %s%s%s%s", arguments[1],
        suggestion.best != NULL ? "; did you mean " : "", suggestion.best != NULL ? suggestion.best : "",
        suggestion.best != NULL ? "?" : "");
    if (suggestion.best == NULL)
        help(stderr);
    return VERDICT_ERROR;
}
