/* SPDX-License-Identifier: BSD-2-Clause */
/* Finds a user's files and options, and refuses what a compiler could take for something else. */
#include "harness/builder/files.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define REVISION_BYTES 8192 /* of a file, in which its revision is looked for */

bool user_files_any(const struct user_files *files)
{
    size_t count = files->folders.count + files->options.count;

    for (size_t p = 0; p < RECIPE_PARTS_MAX; p++)
        count += files->sources[p].count;
    return count > 0;
}

void user_files_free(struct user_files *files)
{
    for (size_t p = 0; p < RECIPE_PARTS_MAX; p++)
        words_free(&files->sources[p]);
    words_free(&files->folders);
    words_free(&files->options);
}

char *shown_name(const char *name)
{
    char *shown = strdup(name);

    for (char *at = shown; at != NULL && *at != 0; at++)
        if ((unsigned char)*at < ' ' || *at == 0x7f)
            *at = '?';
    return shown;
}

static bool complain(const char *label, const char *name, const char *what, char *error, size_t error_bytes)
{
    char *shown = shown_name(name);

    snprintf(error, error_bytes, "%s%.300s: %s", label, shown != NULL ? shown : "", what);
    free(shown);
    return false;
}

/* ---- paths -------------------------------------------------------------------------------------- */

static char *below(const char *folder, const char *name)
{
    char *path;

    if (*name == '/')
        return strdup(name);
    if (folder == NULL)
        return NULL;
    return asprintf(&path, "%s/%s", folder, name) < 0 ? NULL : path;
}

static bool is_same(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

bool user_path(
    const char *label, const char *name, const char *caller, char **path, char *error, size_t error_bytes)
{
    char *here = getcwd(NULL, 0), *from_here = below(here, name), *from_caller = below(caller, name),
         said[512];
    struct stat a, b;
    const bool in_here = from_here != NULL && stat(from_here, &a) == 0;
    const int why = errno;
    const bool in_caller = from_caller != NULL && stat(from_caller, &b) == 0;
    bool found = false;

    *path = NULL;
    if (*name == 0)
        complain(label, name, "it names no file; leave it out", error, error_bytes);
    else if (in_here && in_caller && !is_same(&a, &b)) {
        snprintf(said, sizeof said, "there is one in %.200s and another in %.200s; name it by its whole path",
            here, caller);
        complain(label, name, said, error, error_bytes);
    } else if (in_here || in_caller) {
        *path = in_here ? from_here : from_caller;
        found = true;
    } else if (why != ENOENT)
        complain(label, name, strerror(why), error, error_bytes);
    else if (*name != '/' && caller != NULL && here != NULL && strcmp(here, caller) != 0) {
        snprintf(said, sizeof said, "there is no such file, neither in %.200s nor in %.200s", caller, here);
        complain(label, name, said, error, error_bytes);
    } else
        complain(label, name, "there is no such file", error, error_bytes);
    if (*path != from_here)
        free(from_here);
    if (*path != from_caller)
        free(from_caller);
    free(here);
    return found;
}

/* ---- files and folders -------------------------------------------------------------------------- */

static bool is_c(const char *path)
{
    const size_t bytes = strlen(path);
    const char *slash = strrchr(path, '/');

    return bytes > 2 && strcmp(path + bytes - 2, ".c") == 0 && path + bytes - 2 != slash + 1;
}

bool user_files_add(struct user_files *files, size_t part, const char *label, const char *name,
    const char *caller, char *error, size_t error_bytes)
{
    struct stat status;
    char *path;
    bool taken = false;

    assert(part < RECIPE_PARTS_MAX);
    if (!user_path(label, name, caller, &path, error, error_bytes))
        return false;
    if (stat(path, &status) != 0 || access(path, R_OK) != 0)
        complain(label, name, strerror(errno), error, error_bytes);
    else if (S_ISDIR(status.st_mode)) {
        words_add(&files->folders, path);
        taken = true;
    } else if (!S_ISREG(status.st_mode))
        complain(label, name, "it is neither a file nor a folder", error, error_bytes);
    else if (!is_c(path))
        complain(label, name, "a file in C is wanted, whose name ends in .c, or a folder of headers", error,
            error_bytes);
    else {
        words_add(&files->sources[part], path);
        taken = true;
    }
    free(path);
    return taken;
}

bool user_files_add_list(struct user_files *files, size_t part, const char *label, const char *text,
    const char *caller, char *error, size_t error_bytes)
{
    struct words names = {0};
    char unused[512], why[512], *path = NULL;
    bool taken = true;

    /* A text that is a file's name is that, whatever is in it. */
    const bool whole = user_path(label, text, caller, &path, unused, sizeof unused);
    free(path);
    if (whole || *text == 0)
        return user_files_add(files, part, label, text, caller, error, error_bytes);
    if (!words_take_text(&names, text, why, sizeof why))
        taken = user_files_add(files, part, label, text, caller, error, error_bytes);
    else if (names.count == 0)
        taken = complain(label, text, "it names no file; leave it out", error, error_bytes);
    else if (names.count == 1)
        taken = user_files_add(files, part, label, names.list[0], caller, error, error_bytes);
    for (size_t n = 0; taken && names.count > 1 && n < names.count; n++)
        taken = user_files_add(files, part, label, names.list[n], caller, error, error_bytes);
    words_free(&names);
    return taken;
}

bool user_files_check(
    const struct user_files *files, const struct recipe *recipe, char *error, size_t error_bytes)
{
    size_t sources = 0;

    for (size_t p = 0; p < recipe->nr_parts; p++)
        sources += files->sources[p].count;
    if (sources == 0 && files->folders.count > 0)
        return complain("", files->folders.list[0],
            "a folder of headers is named, and no file that would include one", error, error_bytes);
    return true;
}

/* ---- options ------------------------------------------------------------------------------------ */

/* Those that a path follows, in the same word or in the next. */
static const char *const with_path[] = {"-include", "-imacros", "-isystem", "-idirafter", "-iquote", "-I"};
/* Those that would make the compiler do something else. */
static const char *const refused[] = {"-c", "-S", "-E", "-o", "-x", "-M", "-fsyntax-only"};

static size_t path_begins(const char *word)
{
    for (size_t o = 0; o < sizeof with_path / sizeof with_path[0]; o++)
        if (strncmp(word, with_path[o], strlen(with_path[o])) == 0)
            return strlen(with_path[o]);
    return 0;
}

static bool is_refused(const char *word)
{
    if (word[0] != '-' || word[1] == 0)
        return true;
    for (size_t o = 0; o < sizeof refused / sizeof refused[0]; o++)
        if (strncmp(word, refused[o], strlen(refused[o])) == 0)
            return true;
    return false;
}

/* Wherever the compiler runs, it is the same file. */
static void add_path(struct words *options, const char *before, const char *name, const char *caller)
{
    char unused[512], *path = NULL;
    const bool found = user_path("", name, caller, &path, unused, sizeof unused);

    words_addf(options, "%s%s", before, found ? path : name);
    free(path);
}

bool user_files_add_options(struct user_files *files, const char *label, const char *text, const char *caller,
    char *error, size_t error_bytes)
{
    struct words words = {0};
    char why[512], before[16];
    bool taken = words_take_text(&words, text, why, sizeof why);

    if (!taken)
        complain(label, text, why, error, error_bytes);
    for (size_t w = 0; taken && w < words.count; w++) {
        const char *word = words.list[w];
        const size_t begins = path_begins(word);
        const bool takes_next =
            (begins != 0 && word[begins] == 0) || strcmp(word, "-D") == 0 || strcmp(word, "-U") == 0;
        if (takes_next && w + 1 == words.count)
            taken = complain(label, word, "this option wants something behind it", error, error_bytes);
        else if (takes_next) {
            words_add(&files->options, word);
            if (begins != 0)
                add_path(&files->options, "", words.list[++w], caller);
            else
                words_add(&files->options, words.list[++w]);
        } else if (begins != 0) {
            snprintf(before, sizeof before, "%.*s", (int)begins, word);
            add_path(&files->options, before, word + begins, caller);
        } else if (is_refused(word))
            taken = complain(
                label, word, "this is no option that a file can be compiled with here", error, error_bytes);
        else
            words_add(&files->options, word);
    }
    words_free(&words);
    return taken;
}

/* ---- a kernel's source tree --------------------------------------------------------------------- */

/* "$NetBSD: balloon.c,v 1.2 … $" near the file's head; "" when there is none. */
static void read_revision(const char *path, char *revision, size_t room)
{
    char text[REVISION_BYTES + 1], *at;
    FILE *in = fopen(path, "re");
    const size_t bytes = in != NULL ? fread(text, 1, REVISION_BYTES, in) : 0;

    if (in != NULL)
        fclose(in);
    text[bytes] = 0;
    revision[0] = 0;
    for (at = strchr(text, '$'); at != NULL; at = strchr(at + 1, '$')) {
        const size_t word = strcspn(at + 1, ":$\n "), all = strcspn(at + 1, "$\n");
        if (word > 0 && at[1 + word] == ':' && at[1 + all] == '$' && strstr(at, ",v ") != NULL) {
            snprintf(revision, room, "%.*s", (int)(all + 2), at);
            return;
        }
    }
}

static bool add_from_tree(struct user_files *files, size_t part, const char *folder,
    const struct recipe_part *known, struct words *found)
{
    char *path = NULL, revision[256], unused[512];
    bool there = false;

    if (asprintf(&path, "%s/%s", folder, known->in_tree) < 0)
        return false;
    if (access(path, F_OK) != 0)
        words_addf(found, "%s: there is no %s, ours takes its place", known->name, known->in_tree);
    else if (user_files_add(files, part, "", path, NULL, unused, sizeof unused)) {
        read_revision(path, revision, sizeof revision);
        words_addf(
            found, "%s: %s  %s", known->name, path, revision[0] != 0 ? revision : "(without a revision)");
        there = true;
    }
    free(path);
    return there;
}

bool user_files_add_tree(struct user_files *files, const struct recipe *recipe, const char *label,
    const char *tree, const char *caller, struct words *found, char *error, size_t error_bytes)
{
    char *folder;
    bool any = false;

    if (!user_path(label, tree, caller, &folder, error, error_bytes))
        return false;
    for (size_t p = 0; p < recipe->nr_parts; p++)
        if (files->sources[p].count == 0 && add_from_tree(files, p, folder, &recipe->parts[p], found))
            any = true;
    free(folder);
    return any || complain(label, tree, "no file of a kernel's was found in it", error, error_bytes);
}
