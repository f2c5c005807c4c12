/* SPDX-License-Identifier: BSD-2-Clause */
/* A node's permissions: who may do what. Nodes share them, only a domain's death changes them, and each counts its users. */
#ifndef SIM_XENSTORE_PERMS_H
#define SIM_XENSTORE_PERMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ACCESS_READ = 1, ACCESS_WRITE = 2, ACCESS_OWNER = 4 };

struct perm {
    unsigned domid;
    unsigned access; /* ACCESS_READ, ACCESS_WRITE, both or 0 */
    bool is_nobodys; /* its domain is dead: another one of that number has no such right */
};

/* The first entry names the owner, and what domains may do that no other entry names. */
struct perms {
    uint32_t refs;  /* its users: a node mostly has the permissions of the one above it, and shares them */
    uint32_t count; /* at least 1 */
    struct perm list[];
};

struct perms *perms_new(uint32_t count);
struct perms *perms_share(const struct perms *);
void perms_release(struct perms *);
/* These permissions with another owner; the same object, if that changes nothing. NULL: no memory. */
struct perms *perms_owned_by(const struct perms *, unsigned domid);
/* A domain is dead: what it owned is dom0's, and its other rights are nobody's. */
void perms_disown(struct perms *, unsigned domid);
unsigned perms_access(const struct perms *, unsigned domid);
/* Strings like `n0` `r5`, each with its NUL; bytes behind the last NUL do not count. NULL with *error: more than `most` of
 * them are ENOSPC, what can't be read or none at all EINVAL, or ENOMEM. */
struct perms *perms_parse(const char *strings, size_t bytes, uint32_t most, int *error);
size_t perms_print(const struct perms *, char *out, size_t room); /* bytes, 0: no room */
unsigned perms_letter_access(char letter, bool *ok);

#endif
