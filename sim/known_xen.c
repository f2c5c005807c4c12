/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of known Xens, and looking into it. */
#include "sim/known_xen.h"

#include <string.h>

const struct known_xen known_xens[NR_KNOWN_XENS] = {KNOWN_XENS};

const struct known_xen *known_xen_named(const char *name, size_t bytes)
{
    for (size_t i = 0; i < NR_KNOWN_XENS; i++)
        if (strlen(known_xens[i].name) == bytes && memcmp(known_xens[i].name, name, bytes) == 0)
            return &known_xens[i];
    return NULL;
}

const struct known_xen *known_xen_nearest(unsigned minor)
{
    return known_xen_nearest_in(known_xens, minor);
}
