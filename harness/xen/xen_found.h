/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a Xen that was booted says about itself: its version, and which numbers the calls of a toolstack have to say to it.
 * Both are found out by asking, so that any build can be booted; the known Xen that it is nearest to says the rest
 * (guest/abi/xens.h).
 */
#ifndef HARNESS_XEN_XEN_FOUND_H
#define HARNESS_XEN_XEN_FOUND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/known_xen.h"

struct conductor;

struct xen_found {
    unsigned major, minor;
    char extraversion[17];
    uint32_t domctl_version, sysctl_version;
    const struct known_xen *known; /* the nearest one */
};

/*
 * Asks the Xen under the conductor, which from then on says these numbers in its calls. False, with a sentence: it takes
 * none of the numbers that are tried, or what it answers is laid out in another way than is known.
 */
bool xen_found_ask(struct conductor *, struct xen_found *, char *sentence, size_t sentence_bytes);
/* Is it the known one, as far as it can be asked? */
bool xen_found_is_known(const struct xen_found *);
/* "Xen 4.20.4 (domctl 0x17, sysctl 0x15)", and which known one it is taken for where it isn't that one. */
void xen_found_text(const struct xen_found *, char *text, size_t text_bytes);
#define XEN_FOUND_TEXT_BYTES 160u

#endif
