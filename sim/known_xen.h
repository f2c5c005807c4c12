/* SPDX-License-Identifier: BSD-2-Clause */
/* The known Xens of guest/abi/xens.h, as rows that are compared by their addresses. */
#ifndef SIM_KNOWN_XEN_H
#define SIM_KNOWN_XEN_H

#include "guest/abi/xens.h"

extern const struct known_xen known_xens[NR_KNOWN_XENS];

/* What the model is where nothing is said. */
#define KNOWN_XEN_DEFAULT (&known_xens[0])

const struct known_xen *known_xen_named(const char *name, size_t bytes); /* NULL: there is none */
const struct known_xen *known_xen_nearest(unsigned minor);

#endif
