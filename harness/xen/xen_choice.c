/* SPDX-License-Identifier: BSD-2-Clause */
/* A known Xen by its name, or a file. */
#include "harness/xen/xen_choice.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

bool xen_choice_read(const char *text, struct xen_choice *choice, char *error, size_t error_bytes)
{
    *choice = (struct xen_choice){0};
    choice->known = known_xen_named(text, strlen(text));
    if (choice->known != NULL)
        return true;
    choice->path = text;
    if (access(text, R_OK) == 0)
        return true;
    if (strchr(text, '/') != NULL)
        snprintf(error, error_bytes, "--xen %s: %s", text, strerror(errno));
    else
        snprintf(error, error_bytes,
            "--xen %s: there are " KNOWN_XENS_IN_WORDS ", or the file of a hypervisor, as ./xen.gz", text);
    return false;
}
