/* SPDX-License-Identifier: BSD-2-Clause */
/* A node's permissions: who may do what. Shared between nodes and never changed, so each has a count of users. */
#ifndef SIM_XENSTORE_PERMS_H
#define SIM_XENSTORE_PERMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ACCESS_READ = 1, ACCESS_WRITE = 2, ACCESS_OWNER = 4 };

struct perm {
    unsigned domid;
    unsigned access; /* of ACCESS_READ and ACCESS_WRITE */
};

/* The first one names the owner, and what those may do whom no other one names. */
struct perms {
    uint32_t refs;  /* nodes below one another mostly have the same: they share it, and nobody changes it */
    uint32_t count; /* at least 1 */
    struct perm list[];
};

struct perms *perms_new(uint32_t count);
struct perms *perms_share(const struct perms *);
void perms_release(struct perms *);
/* The same for another owner: shared if that changes nothing. NULL: no memory. */
struct perms *perms_owned_by(const struct perms *, unsigned domid);
unsigned perms_access(const struct perms *, unsigned domid);
/* Strings like `n0` `r5`, each with its NUL. NULL with *error EINVAL or ENOMEM. */
struct perms *perms_parse(const char *strings, size_t bytes, int *error);
size_t perms_print(const struct perms *, char *out, size_t room); /* bytes, 0: no room */
unsigned perms_letter_access(char letter, bool *ok);

#endif
