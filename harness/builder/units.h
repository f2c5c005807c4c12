/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is compiled for a request: a unit for each file and each variant of the kernel, with the arguments of every
 * program that makes something of it. Nothing is run here.
 */
#ifndef HARNESS_BUILDER_UNITS_H
#define HARNESS_BUILDER_UNITS_H

#include "harness/builder/build.h"

struct unit {
    size_t part;
    const char *variant, *source; /* source: whole path, the request's or the recipe's */
    bool users;                   /* a user's file, which is not held to our warnings */
    char *folder, *name;          /* where the compiler runs, and what it calls the file there */
    char *stem;                   /* whole path of what comes out, without its ending */
    bool unreadable;              /* the compiler could not even read it */
};

/* A kernel's image: NAME.so, pv/NAME.elf. */
struct kernel_image {
    char *name;
    const char *variant;
};

struct units {
    struct unit *list;
    size_t count;
    struct kernel_image *images;
    size_t nr_images;
    struct words variants, ours; /* what the others point into */
};

/* folder: whole. False when there is no memory. */
bool units_plan(struct units *, const struct build_request *, const char *folder);
void units_free(struct units *);

/* Arguments: to print what the compiler reads of it, to compile it, and to mark its code as the driver's. */
void unit_preprocess(const struct unit *, const struct build_request *, struct words *);
void unit_compile(const struct unit *, const struct build_request *, struct words *);
void unit_finish(const struct unit *, const struct build_request *, const char *description, struct words *);
/* To link an image, into `out`; pv: the one for the real Xen. */
void image_link(const struct units *, const struct kernel_image *, const struct build_request *, bool pv,
    const char *out, struct words *);

#endif
