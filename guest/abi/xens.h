/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The Xens that are known. The model is one of them, `--on xen` boots one of them, and a build of somebody's own is taken for
 * the one that is nearest. This is the one table of where they differ; it holds no behaviour.
 *
 * A further Xen is a further row, in the order of versions. What it says was measured: `make xen-check XEN=` its name finds
 * out whether it holds.
 */
#ifndef GUEST_ABI_XENS_H
#define GUEST_ABI_XENS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define XEN_MAJOR 4u

struct known_xen {
    const char *name;         /* as xen= and --xen say it */
    unsigned minor;           /* XENVER_version answers this and XEN_MAJOR */
    const char *extraversion; /* of the build that was measured: ".7" */

    /* Where a Debian has it, packed, and from which package. */
    const char *image, *package, *debian;

    /* What a toolstack's calls have to say; with another number they are refused with -EACCES. */
    uint32_t domctl_version, sysctl_version;
    uint32_t createdomain_arch_offset; /* of createdomain's .arch: 4.20 has a field more before it */

    /* What a domain takes beside its memory, and its vcpu on top. One that Xen translates for begins with a pool for tables. */
    unsigned overhead_pv_pages, vcpu_pv_pages, overhead_pvh_pages, vcpu_pvh_pages;

    bool getdomaininfo_goes_on; /* to the next one where there is no domain of that number; else -ESRCH */
    bool claim_grows_again;     /* when its domain gives up pages; else it stays as it is */
    bool claim_pays_for_tries;  /* also for an extent that the maximum then refuses */
    bool
        vcpu_info_again_is_busy; /* registering it twice is -EBUSY, before anything else is looked at; else -EINVAL */
    bool
        host_map_is_for_pv; /* who asks for the host's memory map, and is not PV, is told -ENOSYS; else only rights count */
};

/* A fact is a line. */
/* clang-format off */
#define KNOWN_XENS \
    { \
        .name = "4.17", \
        .minor = 17, \
        .extraversion = ".7", \
        .image = "/boot/xen-4.17-amd64.gz", \
        .package = "xen-hypervisor-4.17-amd64", \
        .debian = "Debian 12", \
        .domctl_version = 0x15, \
        .sysctl_version = 0x15, \
        .createdomain_arch_offset = 56, \
        .overhead_pv_pages = 17, \
        .vcpu_pv_pages = 4, \
        .overhead_pvh_pages = 275, \
        .vcpu_pvh_pages = 12, \
        .getdomaininfo_goes_on = true, \
        .claim_grows_again = true, \
        .claim_pays_for_tries = false, \
        .vcpu_info_again_is_busy = false, \
        .host_map_is_for_pv = true, \
    }, \
    { \
        .name = "4.20", \
        .minor = 20, \
        .extraversion = ".5-pre", \
        .image = "/boot/xen-4.20-amd64.gz", \
        .package = "xen-hypervisor-4.20-amd64", \
        .debian = "Debian 13", \
        .domctl_version = 0x17, \
        .sysctl_version = 0x15, \
        .createdomain_arch_offset = 60, \
        .overhead_pv_pages = 13, \
        .vcpu_pv_pages = 6, \
        .overhead_pvh_pages = 271, \
        .vcpu_pvh_pages = 12, \
        .getdomaininfo_goes_on = false, \
        .claim_grows_again = false, \
        .claim_pays_for_tries = true, \
        .vcpu_info_again_is_busy = true, \
        .host_map_is_for_pv = false, \
    }
/* clang-format on */

#define NR_KNOWN_XENS       (sizeof((const struct known_xen[]){KNOWN_XENS}) / sizeof(struct known_xen))
#define KNOWN_XENS_IN_WORDS "4.17 and 4.20"

/* Among all rows, the one whose version is nearest to Xen 4.minor; the older of two that are equally near. */
static inline const struct known_xen *known_xen_nearest_in(const struct known_xen *rows, unsigned minor)
{
    const struct known_xen *nearest = rows;

    for (const struct known_xen *row = rows + 1; row < rows + NR_KNOWN_XENS; row++) {
        const unsigned now = nearest->minor > minor ? nearest->minor - minor : minor - nearest->minor,
                       then = row->minor > minor ? row->minor - minor : minor - row->minor;
        if (then < now)
            nearest = row;
    }
    return nearest;
}

/* Of a domain with one vcpu. */
static inline unsigned domain_overhead_pages(const struct known_xen *xen, bool pvh)
{
    return pvh ? xen->overhead_pvh_pages + xen->vcpu_pvh_pages : xen->overhead_pv_pages + xen->vcpu_pv_pages;
}

#endif
