/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A real Xen, booted inside QEMU with the conductor as its dom0. All of the machine's memory is a file that both
 * QEMU and this process map, so a frame's bytes are read and written directly; for what only the hypervisor can do, the
 * conductor is asked. Nothing here knows scenarios or models.
 */
#ifndef HARNESS_XEN_XEN_HOST_H
#define HARNESS_XEN_XEN_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/xen/conductor.h"
#include "harness/xen/xen_found.h"

struct xen_host;

struct xen_host_options {
    const struct known_xen *xen;     /* the one that a Debian package has; */
    const char *xen_path;            /* or, if it isn't NULL, the file of one, packed or not */
    unsigned memory_mib;             /* QEMU's: 48 to 8192 are known to work */
    unsigned dom0_mib, dom0_max_mib; /* dom0's reservation, and its maximum */
    unsigned limit_s;                /* a limit of wall-clock time for booting, and for each wait */
    bool nested_paging;              /* QEMU's processor offers it, for domains that Xen translates */
    const char *dom0_image;          /* path of dom0.elf, the conductor */
};

/* What can go wrong, and the verdict that a run gets for it. */
enum xen_trouble {
    XEN_FINE,
    XEN_MISSING,  /* a package is not installed: SKIP */
    XEN_BROKEN,   /* it could not be started: ERROR */
    XEN_PANICKED, /* Xen's own crash text is in the sentence: CRASH */
    XEN_HUNG,     /* the time limit: TIMEOUT */
};

/* NULL, with *trouble and a sentence: it did not come up. */
struct xen_host *xen_host_boot(
    const struct xen_host_options *, enum xen_trouble *, char *sentence, size_t sentence_bytes);
/* Ends QEMU, whatever state it is in, and removes its files. */
void xen_host_stop(struct xen_host *);

/* XEN_FINE until something goes wrong; after that the first trouble. */
enum xen_trouble xen_host_trouble(const struct xen_host *);
const char *xen_host_sentence(const struct xen_host *);
const char *xen_host_console(const struct xen_host *); /* all that Xen and dom0 printed so far */

/* For waiting for a guest: xen_host_wait_begins starts the time limit; xen_host_is_well says whether Xen lives and the
 * limit has not passed. */
void xen_host_wait_begins(struct xen_host *);
bool xen_host_is_well(struct xen_host *);

const struct xen_found *xen_host_found(const struct xen_host *); /* which Xen was booted */
struct conductor *xen_host_conductor(const struct xen_host *);   /* lives as long as the host */
uint64_t xen_host_end_mfn(
    const struct xen_host *); /* one more than the highest frame number of the machine's memory */
/* Maps a frame at an address of this process that the caller has reserved. False: see xen_host_trouble. */
bool xen_host_map_frame(struct xen_host *, uint64_t mfn, void *where);

#endif
