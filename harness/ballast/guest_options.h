/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whose guests a command works with: ours, a folder that was built before (--guest), or a user's files (--driver and
 * what else the recipe lets one bring), which are built first. The commands that take a guest share these options.
 */
#ifndef HARNESS_BALLAST_GUEST_OPTIONS_H
#define HARNESS_BALLAST_GUEST_OPTIONS_H

#include <popt.h>
#include <stdbool.h>
#include <stdio.h>

#include "harness/ballast/verdicts.h"
#include "harness/builder/files.h"

/* Exit code of a command whose user's files don't compile or link; the verdicts have the others. */

struct guest_options {
    struct recipe *recipe; /* NULL: there is none beside this program, and no file can be built */
    char recipe_error[512];
    char **parts[RECIPE_PARTS_MAX]; /* as named, ended by NULL; NULL: none */
    char *cflags, *tree, *guest, *caller, *variant, *output;
};

void guest_options_begin(struct guest_options *);
void guest_options_end(struct guest_options *);

/* A command's own rows with those of guests behind them; to be freed. NULL: no memory. */
struct poptOption *guest_options_table(struct guest_options *, const struct poptOption *own);
bool guest_options_any(const struct guest_options *); /* is anything said about guests? */

/*
 * Files are for a kernel of this name: where its family has a recipe of its own (a file guest-build.NAME, NAME the kernel's or
 * a part of it up to a dash), that is taken from now on. False with a sentence in error.
 */
bool guest_options_of_kernel(struct guest_options *, const char *kernel, char *error, size_t error_bytes);
/* Of that recipe's kernels only this one is built. */
bool guest_options_only_kernel(struct guest_options *, const char *kernel, char *error, size_t error_bytes);

/*
 * Builds what has to be built, and makes it the guests of this process and of those that it starts. Returns an exit
 * code, 0 when all is well; otherwise it was said why. Where: --output, or a folder of its own for these files.
 */
int guest_options_apply(const struct guest_options *);

/* The files and options that were named, whole; none: ours. False with a sentence in error. */
bool guest_options_files(const struct guest_options *, struct user_files *, char *error, size_t error_bytes);

/* A folder that holds an image, made the guests' folder; false with a sentence in error. */
bool guests_are_in(const char *folder, char *error, size_t error_bytes);

#endif
