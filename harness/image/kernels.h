/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which kernels there are: the images in the guests' folder, each of which describes its kernel itself. A
 * kernel called NAME is the file NAME.so. Where its build found that a package is missing it leaves a file
 * NAME.missing in its place, which holds the package's name.
 *
 * The folder is read once, when it is first asked for, and a description when it is first wanted; both are
 * kept as long as the process lives. No image is loaded or run for any of this.
 */
#ifndef HARNESS_IMAGE_KERNELS_H
#define HARNESS_IMAGE_KERNELS_H

#include "sim/kernel/kernel.h"

#define KERNELS_MAX 64u /* further ones in the folder are not seen */

struct kernel_info {
    char name[24];    /* as after kernel= */
    char file[32];    /* base name of its shared object, under image_folder() */
    char package[64]; /* Debian package without which it can't be built, "" when it was */
    bool
        missing_design; /* one that was not built would stand for a design (the `design` row of guest/abi/kernel.h) */
};

/* The folder of the guests' shared objects: beside the program, or where the environment's BALLAST_GUESTS says. */
const char *image_folder(void);

const struct kernel_info *kernel_info(const char *name);                   /* NULL: unknown */
const struct kernel_info *kernel_next(const struct kernel_info *previous); /* ordered by name */
/*
 * The kernel that runs where a domain names its own and --kernel another one, or NULL. Kernels of a version differ in what
 * stands behind a dash (netbsd and netbsd-static): where the other version has one with the same, it is that one.
 */
const char *kernel_in_place(const char *other, const char *own);
/* All names, "netbsd, probe", cut to the room that there is; "" when there are none. */
void kernel_names(char *out, size_t out_bytes);
/* The kernel that is meant by a name of none; NULL: it is near to none. */
const char *kernel_meant(const char *name);
/* Writes that no kernel has this name, and which one is meant, or which there are. */
void kernel_unknown(const char *name, char *out, size_t out_bytes);

/* What the kernel says of itself; NULL, with a sentence in error: the description can't be read. */
const struct kernel *kernel_description(const struct kernel_info *, char *error, size_t error_bytes);
/* kernel_description for any image's file; to be freed. */
struct kernel *kernel_of_file(const char *path, char *error, size_t error_bytes);
/* For struct kernels of the parser (harness/language/scenario.h): the description of the kernel of that name, or NULL. */
const struct kernel *kernel_describe(const char *name);

#endif
