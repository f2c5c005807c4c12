/* SPDX-License-Identifier: BSD-2-Clause */
/* Options about guests: read by popt, found by harness/builder/files.c, built by harness/builder/build.c. */
#include "harness/ballast/guest_options.h"
#include "harness/ballast/stderr_line.h"

#include <assert.h>
#include <ctype.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/builder/build.h"
#include "harness/builder/built.h"
#include "harness/image/kernels.h"
#include "harness/run/runner.h"
#include "reports/text_clean.h"

#define NR_COMMON 6u /* rows for guests beside the parts, with the one that ends the table */

#define RECIPE_FILE "guest-build"

/* Beside the program in a build, under lib/ballast in an installation. False, with a sentence: that place isn't known. */
static bool find_file(const char *name, char path[PATH_MAX + 256], char *error, size_t error_bytes)
{
    char program[PATH_MAX];
    const ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    char *slash = NULL;

    if (length > 0) {
        program[length] = 0;
        slash = strrchr(program, '/');
    }
    if (slash == NULL) {
        snprintf(error, error_bytes, "the program's own place is not known");
        return false;
    }
    *slash = 0;
    snprintf(path, PATH_MAX + 256, "%s/../lib/ballast/build/%.160s", program, name);
    if (access(path, R_OK) != 0)
        snprintf(path, PATH_MAX + 256, "%s/%.160s", program, name);
    return true;
}

static struct recipe *find_recipe(char *error, size_t error_bytes)
{
    char path[PATH_MAX + 256];

    return find_file(RECIPE_FILE, path, error, error_bytes) ? recipe_read(path, error, error_bytes) : NULL;
}

/* What was named for parts of the one recipe, for the same parts of the other. False: the other has no such part. */
static bool move_parts(
    struct guest_options *options, const struct recipe *to, char *error, size_t error_bytes)
{
    char **parts[RECIPE_PARTS_MAX] = {NULL};

    for (size_t p = 0; p < options->recipe->nr_parts; p++) {
        size_t at = 0;

        if (options->parts[p] == NULL)
            continue;
        while (at < to->nr_parts && strcmp(to->parts[at].name, options->recipe->parts[p].name) != 0)
            at++;
        if (at == to->nr_parts) {
            snprintf(error, error_bytes, "--%s: the kernel of --kernel has no such part",
                options->recipe->parts[p].name);
            return false;
        }
        parts[at] = options->parts[p];
    }
    memcpy(options->parts, parts, sizeof parts);
    return true;
}

bool guest_options_of_kernel(
    struct guest_options *options, const char *kernel, char *error, size_t error_bytes)
{
    char name[96], path[PATH_MAX + 256];

    if (options->recipe == NULL)
        return true;
    for (size_t bytes = strlen(kernel); bytes > 0; bytes--) {
        if (bytes >= 64 || (kernel[bytes] != 0 && kernel[bytes] != '-'))
            continue;
        snprintf(name, sizeof name, RECIPE_FILE ".%.*s", (int)bytes, kernel);
        if (!find_file(name, path, error, error_bytes))
            return false;
        if (access(path, R_OK) != 0)
            continue;
        struct recipe *other = recipe_read(path, error, error_bytes);
        if (other == NULL || !move_parts(options, other, error, error_bytes)) {
            recipe_free(other);
            return false;
        }
        recipe_free(options->recipe);
        options->recipe = other;
        return true;
    }
    return true;
}

bool guest_options_only_kernel(
    struct guest_options *options, const char *kernel, char *error, size_t error_bytes)
{
    struct words kernels = {0};
    const size_t bytes = strlen(kernel);

    if (options->recipe == NULL) {
        snprintf(error, error_bytes, "%s", options->recipe_error);
        return false;
    }
    recipe_list(options->recipe, "kernel", NULL, &kernels);
    snprintf(error, error_bytes, "--kernel %.100s: no such kernel is built of a user's files", kernel);
    for (size_t k = 0; k < kernels.count; k++)
        if (strncmp(kernels.list[k], kernel, bytes) == 0 && kernels.list[k][bytes] == ' ') {
            free(options->variant);
            options->variant = strdup(kernels.list[k] + bytes + 1);
        }
    words_free(&kernels);
    return options->variant != NULL;
}

void guest_options_begin(struct guest_options *options)
{
    *options = (struct guest_options){0};
    options->recipe = find_recipe(options->recipe_error, sizeof options->recipe_error);
}

void guest_options_end(struct guest_options *options)
{
    for (size_t p = 0; p < RECIPE_PARTS_MAX; p++) {
        for (char **name = options->parts[p]; name != NULL && *name != NULL; name++)
            free(*name);
        free(options->parts[p]);
    }
    free(options->cflags);
    free(options->tree);
    free(options->guest);
    free(options->caller);
    free(options->variant);
    free(options->output);
    recipe_free(options->recipe);
    *options = (struct guest_options){0};
}

struct poptOption *guest_options_table(struct guest_options *options, const struct poptOption *own)
{
    const struct poptOption common[NR_COMMON] = {
        {"cflags", 0, POPT_ARG_STRING, &options->cflags, 0, "options of the compiler for those files",
            "WORDS"},
        {"tree", 0, POPT_ARG_STRING, &options->tree, 0, "take the files from this kernel's source tree",
            "FOLDER"},
        {"guest", 0, POPT_ARG_STRING, &options->guest, 0, "guests that `ballast build` made", "FOLDER"},
        {"caller", 0, POPT_ARG_STRING | POPT_ARGFLAG_DOC_HIDDEN, &options->caller, 0, NULL, "FOLDER"},
        POPT_TABLEEND,
    };
    const size_t nr_parts = options->recipe != NULL ? options->recipe->nr_parts : 0;
    size_t nr_own = 0;

    if (strcmp(options->recipe_error, "no memory") == 0)
        return NULL; /* what it would let one bring is not known */

    while (own[nr_own].longName != NULL)
        nr_own++;
    struct poptOption *table = calloc(nr_own + nr_parts + NR_COMMON, sizeof *table);
    if (table == NULL)
        return NULL;
    memcpy(table, own, nr_own * sizeof *table);
    for (size_t p = 0; p < nr_parts; p++)
        table[nr_own + p] = (struct poptOption){.longName = options->recipe->parts[p].name,
            .argInfo = POPT_ARG_ARGV,
            .arg = &options->parts[p],
            .descrip = "a file of yours, or a folder of its headers, in place of ours; may be repeated",
            .argDescrip = "FILE"};
    memcpy(table + nr_own + nr_parts, common, sizeof common);
    return table;
}

static bool names_files(const struct guest_options *options)
{
    bool any = options->cflags != NULL || options->tree != NULL;

    for (size_t p = 0; p < RECIPE_PARTS_MAX; p++)
        any = any || options->parts[p] != NULL;
    return any;
}

bool guest_options_any(const struct guest_options *options)
{
    return names_files(options) || options->guest != NULL;
}

static void tell_none(const char *folder, char *error, size_t error_bytes)
{
    char *other = access(folder, F_OK) != 0 ? build_folder_before(folder) : NULL;

    if (other != NULL)
        snprintf(error, error_bytes,
            "--guest %.300s: these guests were built again since, of other contents of their files, and are "
            "in %.300s now; --driver FILE, or what else they were built of, builds them of what it holds now",
            folder, other);
    else
        snprintf(error, error_bytes,
            "--guest %.300s: no guest's image is in it; `ballast build --output FOLDER` makes them", folder);
    free(other);
}

bool guests_are_in(const char *folder, char *error, size_t error_bytes)
{
    if (setenv("BALLAST_GUESTS", folder, 1) != 0)
        snprintf(error, error_bytes, "no memory");
    else if (*folder == 0 || kernel_next(NULL) == NULL)
        tell_none(folder, error, error_bytes);
    else
        return true;
    return false;
}

/* ---- files -------------------------------------------------------------------------------------- */

/* As a user of the program knows it, or one of make: "--driver ", "DRIVER=". */
static void set_label(const struct guest_options *options, const char *name, const char *made, char label[40])
{
    if (options->caller == NULL)
        snprintf(label, 40, "--%s ", name);
    else if (made != NULL)
        snprintf(label, 40, "%s=", made);
    else {
        snprintf(label, 40, "%s=", name);
        for (char *at = label; *at != 0; at++)
            *at = (char)toupper((unsigned char)*at);
    }
}

static bool take_part(
    const struct guest_options *options, size_t part, struct user_files *files, char *error, size_t bytes)
{
    char label[40];

    set_label(options, options->recipe->parts[part].name, NULL, label);
    for (char **name = options->parts[part]; name != NULL && *name != NULL; name++) {
        const bool taken = options->caller != NULL
                               ? user_files_add_list(files, part, label, *name, options->caller, error, bytes)
                               : user_files_add(files, part, label, *name, NULL, error, bytes);
        if (!taken)
            return false;
    }
    return true;
}

bool guest_options_files(
    const struct guest_options *options, struct user_files *files, char *error, size_t bytes)
{
    struct words found = {0};
    char label[40];
    bool taken = true;

    for (size_t p = 0; taken && p < options->recipe->nr_parts; p++)
        taken = take_part(options, p, files, error, bytes);
    set_label(options, "tree", "NETBSD", label);
    if (taken && options->tree != NULL)
        taken = user_files_add_tree(
            files, options->recipe, label, options->tree, options->caller, &found, error, bytes);
    for (size_t w = 0; taken && w < found.count; w++) {
        text_clean_bytes(stderr, found.list[w], strlen(found.list[w]));
        fputc('\n', stderr);
    }
    words_free(&found);
    set_label(options, "cflags", "KPI_CFLAGS", label);
    if (taken && options->cflags != NULL)
        taken = user_files_add_options(files, label, options->cflags, options->caller, error, bytes);
    return taken && user_files_check(files, options->recipe, error, bytes);
}

/* ---- building ----------------------------------------------------------------------------------- */

/* A folder of its own for these files, and for the variant when there is one: in the project's build, or among the user's caches. */
static char *own_folder(const struct guest_options *options, const struct user_files *files)
{
    const char *below = recipe_value(options->recipe, "user-folder"), *cache = getenv("XDG_CACHE_HOME"),
               *home = getenv("HOME");
    const char *dash = options->variant != NULL ? "-" : "",
               *variant = options->variant != NULL ? options->variant : "";
    char name[BUILD_NAME_BYTES], *folder = NULL;
    int printed;

    build_folder_name(options->recipe, files, name);
    if (below != NULL)
        printed = asprintf(&folder, "%s/%s%s%s", below, name, dash, variant);
    else if (cache != NULL && *cache == '/')
        printed = asprintf(&folder, "%s/ballast/%s%s%s", cache, name, dash, variant);
    else
        printed =
            asprintf(&folder, "%s/.cache/ballast/%s%s%s", home != NULL ? home : "/tmp", name, dash, variant);
    return printed < 0 ? NULL : folder;
}

/*
 * Where files of other contents were built, these are built: a file that is edited again and again takes the room of one. Who
 * builds there holds the lock.
 */
static void take_over(const char *folder)
{
    char *before = access(folder, F_OK) != 0 ? build_folder_before(folder) : NULL;
    const int lock = before != NULL ? open(before, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;

    if (lock >= 0 && flock(lock, LOCK_EX) == 0)
        (void)rename(before, folder); /* it is gone when another process was faster: a new one is made */
    if (lock >= 0)
        close(lock);
    free(before);
}

/* The shorter name of a folder below the present one. */
static const char *from_here(const char *folder)
{
    char here[PATH_MAX];
    const size_t bytes = getcwd(here, sizeof here) != NULL ? strlen(here) : 0;

    return bytes > 0 && strncmp(folder, here, bytes) == 0 && folder[bytes] == '/' ? folder + bytes + 1
                                                                                  : folder;
}

static int build(
    const struct guest_options *options, const struct user_files *files, char *error, size_t bytes)
{
    struct build_request request = {.recipe = options->recipe, .files = files, .variant = options->variant};
    char *folder = options->output != NULL ? strdup(options->output) : own_folder(options, files);

    if (folder == NULL) {
        snprintf(error, bytes, "no memory");
        return VERDICT_ERROR;
    }
    request.folder = folder;
    if (options->output == NULL)
        take_over(folder);
    const enum build_result result = build_guests(&request, error, bytes);
    int code = VERDICT_ERROR;
    if (result == BUILD_NOT_COMPILED) {
        snprintf(error, bytes, "the guest's files don't compile or link, and nothing was run");
        code = EXIT_NOT_COMPILED;
    } else if (result == BUILD_DONE && guests_are_in(from_here(folder), error, bytes))
        code = VERDICT_PASS;
    free(folder);
    return code;
}

/* Options and paths by turns, to be pasted into a shell. A malloc'd string; NULL: no memory. */
static char *option_text(const struct words *options)
{
    char *text = NULL;
    size_t bytes;
    FILE *out = options->failed ? NULL : open_memstream(&text, &bytes);

    for (size_t w = 0; out != NULL && w + 1 < options->count; w += 2) {
        fprintf(out, "%s%s ", w > 0 ? " " : "", options->list[w]);
        text_quoted(out, options->list[w + 1]);
    }
    if (out != NULL && fclose(out) == 0)
        return text;
    free(text);
    return NULL;
}

/* What runs is what the file held when its guests were built: a reader of the verdict may have edited it since. */
static void tell_changed(const char *folder)
{
    struct words options = {0};
    char *changed = built_changed(folder, &options), *text = changed != NULL ? option_text(&options) : NULL;

    if (text != NULL)
        stderr_line("%s has changed since the guests of --guest %s were built of it; %s in place of --guest "
                    "builds them of what it holds now",
            changed, folder, text);
    words_free(&options);
    free(changed);
    free(text);
}

static int take_guests(const char *folder, char *error, size_t bytes)
{
    if (!guests_are_in(folder, error, bytes))
        return VERDICT_ERROR;
    tell_changed(folder);
    return VERDICT_PASS;
}

int guest_options_apply(const struct guest_options *options)
{
    struct user_files files = {0};
    char error[1024] = "";
    int code = VERDICT_ERROR;

    if (options->guest != NULL && (names_files(options) || options->output != NULL))
        snprintf(error, sizeof error, "--guest names guests that are built already, and no files go with it");
    else if (options->guest != NULL)
        code = take_guests(options->guest, error, sizeof error);
    else if (!names_files(options) && options->output == NULL)
        code = VERDICT_PASS;
    else if (options->recipe == NULL)
        snprintf(error, sizeof error, "%s", options->recipe_error);
    else if (guest_options_files(options, &files, error, sizeof error))
        code = build(options, &files, error, sizeof error);
    if (code != VERDICT_PASS)
        stderr_line("%s", error);
    user_files_free(&files);
    return code;
}
