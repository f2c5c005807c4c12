/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Builds small worlds (guest/abi/small_world.h) of a kernel's part, ours or a user's, as the recipe says:
 *     world-part NAME             which part it is
 *     world VARIANT OPTION...     a world of it, and what it is compiled with besides
 *     world-layout                a file that is compiled with the part's options
 *     world-link, world-front.VARIANT, world-back.VARIANT      the linker; what it gets before the part and behind it
 */
#ifndef HARNESS_SEGMENTS_WORLDS_H
#define HARNESS_SEGMENTS_WORLDS_H

#include "harness/builder/build.h"

struct built_world {
    char *variant, *options; /* options: as in the row, "" for none */
    char *path;              /* of the shared object */
};

struct worlds {
    struct built_world *list;
    size_t count;
    char *folder; /* where they are; it goes with them */
};

/* False: this program has none, for its recipe names no part. */
bool worlds_are_known(const struct recipe *);

/* In a folder of their own among the temporary ones. For BUILD_ERROR, error has a sentence. What compilers said is on
 * standard error. The worlds are freed in any case. */
enum build_result worlds_build(
    struct worlds *, const struct recipe *, const struct user_files *, char *error, size_t error_bytes);
void worlds_free(struct worlds *);

#endif
