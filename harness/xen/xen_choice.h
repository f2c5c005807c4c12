/* SPDX-License-Identifier: BSD-2-Clause */
/* Which Xen a user wants, what follows --xen, and what is wanted of it. */
#ifndef HARNESS_XEN_XEN_CHOICE_H
#define HARNESS_XEN_XEN_CHOICE_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/known_xen.h"

struct xen_answers;

struct xen_choice {
    const struct known_xen *known; /* a known one, of Debian's; NULL: nothing is said, or path */
    const char *path;              /* the file of a build of somebody's own, packed or not */
    const struct known_xen *model; /* what the model beside it is; NULL: the same, or the nearest */
    struct xen_answers *answers;   /* where its answers are kept, or NULL */
};

/* Reads one. text has to stay as long as the choice. False, with a sentence. */
bool xen_choice_read(const char *text, struct xen_choice *, char *error, size_t error_bytes);

#endif
