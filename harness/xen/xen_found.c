/* SPDX-License-Identifier: BSD-2-Clause */
/* Asks a Xen for its version and its interface numbers, and looks whether its answers lie where they are looked for. */
#include "harness/xen/xen_found.h"

#include "harness/xen/domctl.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <xen/version.h>

/* Numbers of interfaces that are tried; each release of Xen raises them by one at most. */
#define INTERFACE_FIRST 0x10u
#define INTERFACE_END   0x80u

static bool ask_version(struct conductor *conductor, struct xen_found *found)
{
    const long version = conductor_hypercall(conductor, __HYPERVISOR_xen_version, XENVER_version, 0, 0, 0);

    if (version < 0)
        return false;
    found->major = (unsigned)version >> 16;
    found->minor = (unsigned)version & 0xffffu;
    found->known = known_xen_nearest(found->minor);
    memset(conductor_area(conductor, AREA_OP), 0, sizeof found->extraversion);
    conductor_hypercall(conductor, __HYPERVISOR_xen_version, XENVER_extraversion,
        conductor_area_va(conductor, AREA_OP), 0, 0);
    snprintf(found->extraversion, sizeof found->extraversion, "%.*s", (int)sizeof found->extraversion - 1,
        conductor_area(conductor, AREA_OP));
    return true;
}

/* A harmless call of either interface, with a number that is tried. False: it is not the number. */
static bool domctl_answers(struct conductor *conductor, uint32_t version)
{
    domctl_begin(conductor, XEN_DOMCTL_getdomaininfo, 0)->interface_version = version;
    return domctl_issue(conductor) == 0;
}

static bool sysctl_answers(struct conductor *conductor, uint32_t version)
{
    sysctl_begin(conductor, XEN_SYSCTL_physinfo)->interface_version = version;
    return sysctl_issue(conductor) == 0;
}

/* The number that is answered, that of the nearest known Xen first; 0: there is none. */
static uint32_t ask_number(struct conductor *conductor, uint32_t likely,
    bool (*answers)(struct conductor *conductor, uint32_t version))
{
    if (answers(conductor, likely))
        return likely;
    for (uint32_t version = INTERFACE_FIRST; version < INTERFACE_END; version++)
        if (answers(conductor, version))
            return version;
    return 0;
}

/* What is known without asking has to stand where it is read. */
static bool answers_lie_right(struct conductor *conductor, char *sentence, size_t sentence_bytes)
{
    const struct xen_domctl_getdomaininfo *info =
        &domctl_begin(conductor, XEN_DOMCTL_getdomaininfo, 0)->u.getdomaininfo;
    const long answer = domctl_issue(conductor);
    const uint64_t told = info->tot_pages, pages = conductor_pages(conductor);

    if (answer == 0 && info->domain == 0 && told == pages)
        return true;
    snprintf(sentence, sentence_bytes,
        "this Xen's getdomaininfo tells %llu pages of a dom0 that has %llu: its interface is laid out in "
        "another way",
        (unsigned long long)told, (unsigned long long)pages);
    return false;
}

bool xen_found_ask(
    struct conductor *conductor, struct xen_found *found, char *sentence, size_t sentence_bytes)
{
    *found = (struct xen_found){.known = KNOWN_XEN_DEFAULT};
    if (!ask_version(conductor, found)) {
        snprintf(sentence, sentence_bytes, "this Xen does not say which version it is");
        return false;
    }
    found->domctl_version = ask_number(conductor, found->known->domctl_version, domctl_answers);
    found->sysctl_version = ask_number(conductor, found->known->sysctl_version, sysctl_answers);
    if (found->domctl_version == 0 || found->sysctl_version == 0) {
        snprintf(sentence, sentence_bytes,
            "Xen %u.%u%s takes no number of the %s interface from 0x%x to 0x%x: it is too far from the known "
            "ones, %s",
            found->major, found->minor, found->extraversion, found->domctl_version == 0 ? "domctl" : "sysctl",
            INTERFACE_FIRST, INTERFACE_END - 1, KNOWN_XENS_IN_WORDS);
        return false;
    }
    conductor_know_xen(conductor, found);
    return answers_lie_right(conductor, sentence, sentence_bytes);
}

bool xen_found_is_known(const struct xen_found *found)
{
    const struct known_xen *known = found->known;

    return found->major == XEN_MAJOR && found->minor == known->minor &&
           found->domctl_version == known->domctl_version && found->sysctl_version == known->sysctl_version;
}

void xen_found_text(const struct xen_found *found, char *text, size_t text_bytes)
{
    const bool same = xen_found_is_known(found);

    snprintf(text, text_bytes, "Xen %u.%u%s (domctl 0x%x, sysctl 0x%x)%s%s", found->major, found->minor,
        found->extraversion, found->domctl_version, found->sysctl_version,
        same ? "" : ", taken for the nearest that is known, ", same ? "" : found->known->name);
}
