/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How guests are built, as the project's Makefile leaves it beside the program: the compiler and its options, the
 * kernels' objects, what is linked. With it the program builds guests without make, and where it is installed, too.
 *
 * The file has a row a line, a word and what belongs to it: a row is one whole argument, so that nothing is ever
 * quoted. Several rows with one word are a list, in their order. In a row @tree/ is the folder of the sources and
 * @built/ that of the objects; both are found from where the file lies. guest/guest.mk writes it and says what each
 * word means.
 */
#ifndef HARNESS_BUILDER_RECIPE_H
#define HARNESS_BUILDER_RECIPE_H

#include "harness/builder/words.h"

#define RECIPE_PARTS_MAX 4u

/* A file of the kernel that a user may bring: its option is --NAME, and make's variable the same in capitals. */
struct recipe_part {
    char name[24];
    char ours[128];    /* the file that takes its place, below the tree */
    char in_tree[128]; /* where it lies in the kernel's own source tree */
};

struct recipe {
    char *tree, *built;        /* whole paths */
    struct words keys, values; /* the rows */
    struct recipe_part parts[RECIPE_PARTS_MAX];
    size_t nr_parts;
    bool failed; /* there was no memory for it */
};

/* NULL with a sentence in error. */
struct recipe *recipe_read(const char *path, char *error, size_t error_bytes);
void recipe_free(struct recipe *);

/* The rows with that word are added to a list; VARIANT is put in place of a * in it. */
void recipe_list(const struct recipe *, const char *word, const char *variant, struct words *);
const char *recipe_value(const struct recipe *, const char *word); /* of the first; NULL: there is none */

#endif
