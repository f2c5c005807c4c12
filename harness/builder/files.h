/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a user brings: files for the parts of a kernel, folders of headers, options for the compiler. Each is found
 * and looked at here, and what can't be taken is refused with a sentence; after that every path is whole.
 *
 * `label` is how a complaint calls what was given, with the mark behind it: "--driver " or "DRIVER=". `caller` is the
 * folder that a relative name may be meant from beside the present one; NULL: there is none.
 */
#ifndef HARNESS_BUILDER_FILES_H
#define HARNESS_BUILDER_FILES_H

#include "harness/builder/recipe.h"

struct user_files {
    struct words sources[RECIPE_PARTS_MAX]; /* by the recipe's parts; none: ours */
    struct words folders;                   /* of headers */
    struct words options;
};

bool user_files_any(const struct user_files *);
void user_files_free(struct user_files *);

/* One name: a file in C, or a folder of headers. */
bool user_files_add(struct user_files *, size_t part, const char *label, const char *name, const char *caller,
    char *error, size_t error_bytes);
/* One name that may have blanks, or several apart by them (words_take_text). */
bool user_files_add_list(struct user_files *, size_t part, const char *label, const char *text,
    const char *caller, char *error, size_t error_bytes);
/* Options for the compiler in one text, as in KPI_CFLAGS. */
bool user_files_add_options(struct user_files *, const char *label, const char *text, const char *caller,
    char *error, size_t error_bytes);
/* The parts that nobody named yet, where they lie in a kernel's source tree; at least one has to be there. Each one
 * found is told in `found`: its path, and its revision as $NAME: …$ says it. */
bool user_files_add_tree(struct user_files *, const struct recipe *, const char *label, const char *tree,
    const char *caller, struct words *found, char *error, size_t error_bytes);
/* A part for which folders were named, and no file; NULL: there is none. */
bool user_files_check(const struct user_files *, const struct recipe *, char *error, size_t error_bytes);

/* Any file's or folder's whole path; false with a sentence in error, which says where it was looked for. */
bool user_path(
    const char *label, const char *name, const char *caller, char **path, char *error, size_t error_bytes);
/* A name fit for one line of a complaint; a malloc'd string, or NULL. */
char *shown_name(const char *name);

#endif
