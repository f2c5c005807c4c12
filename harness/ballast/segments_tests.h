/* SPDX-License-Identifier: BSD-2-Clause */
/* What the small worlds found, as tests that somebody keeps: a file in C for each rule, around a header of the kernel's. */
#ifndef HARNESS_BALLAST_SEGMENTS_TESTS_H
#define HARNESS_BALLAST_SEGMENTS_TESTS_H

#include "harness/builder/recipe.h"

struct segments_test {
    const char *rule, *variant, *options; /* options: what the world was compiled with besides */
    const char *promise, *seen, *path;    /* sentences for people */
    const char *statements;               /* a line each */
};

/* The header that all tests include, into the folder, which is made. False with a sentence in error. */
bool segments_tests_begin(const struct recipe *, const char *folder, char *error, size_t error_bytes);
/* FOLDER/t_RULE_VARIANT.c. */
bool segments_tests_write(
    const struct recipe *, const char *folder, const struct segments_test *, char *error, size_t error_bytes);

#endif
