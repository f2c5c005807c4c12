/* SPDX-License-Identifier: BSD-2-Clause */
/* Looks through a scenario for what it needs of the real Xen. */
#include "harness/xen/xen_needs.h"

#include <limits.h>
#include <string.h>

#include "harness/image/kernels.h"
#include "sim/toolstack/command_line.h"

#define MEMORY_MIN_MIB     128u
#define MEMORY_MAX_MIB     8192u /* larger ones were not tried */
#define XEN_OWN_MIB        48u   /* Xen itself, without its frame table */
#define FRAME_TABLE_SHARE  48u   /* of so many pages one: a page needs 32 bytes there, and 8 of M2P */
#define DOMAINS_MAX_ON_XEN 64u   /* each has a vcpu of its own that Xen has to schedule */

bool xen_needs_nested_paging(const struct scenario *scenario)
{
    for (size_t s = 0; s < scenario->nr_statements; s++)
        if (scenario->statements[s].makes_pvh)
            return true;
    return false;
}

unsigned xen_needs_memory_mib(const struct scenario *scenario)
{
    uint64_t host_mib = (scenario->host.memory_pages + PAGES_PER_MIB - 1) / PAGES_PER_MIB;
    uint64_t needed = host_mib + host_mib / FRAME_TABLE_SHARE + XEN_OWN_MIB + XEN_NEEDS_DOM0_MIB;

    return needed < MEMORY_MIN_MIB ? MEMORY_MIN_MIB : needed > UINT_MAX ? UINT_MAX : (unsigned)needed;
}

/* Does the domain need a larger heap than it gets on Xen? There the heap is what the boot image leaves; the simulator's
 * has room for any P2M. */
static bool outgrows_its_image(const struct domain_decl *decl)
{
    uint64_t end =
        decl->p2m == P2M_PAGES && decl->p2m_pages < decl->maxmem_pages ? decl->p2m_pages : decl->maxmem_pages;

    return decl->p2m != P2M_EXACT && !kernel_has_feature(kernel_describe(decl->kernel), "hypercalls") &&
           end > decl->memory_pages * DOMAIN_GROWTH_LIMIT;
}

static const char *domain_refusal(const struct domain_decl *decl)
{
    if (decl->pvh)
        return "a domain with type=pvh runs in the model only";
    if (decl->initial)
        return "a domain that plays dom0 (role=dom0) is the model's alone";
    if (outgrows_its_image(decl))
        return "a domain may grow to more pages than its boot image has structures for";
    return NULL;
}

static const char *statement_refusal(const struct statement *statement)
{
    if (statement->body != NULL)
        statement = statement->body;
    if (statement->exchanges && strcmp(statement->domain, "dom0") == 0)
        return "dom0's own frames are the model's, and it exchanges some";
    return NULL;
}

const char *xen_needs_refusal(const struct scenario *scenario)
{
    const char *refusal = NULL;

    if (xen_needs_memory_mib(scenario) > MEMORY_MAX_MIB)
        return "its host is larger than the 8 GiB that QEMU was tried with";
    if (scenario->nr_domains > DOMAINS_MAX_ON_XEN)
        return "it has more domains than are run on the real Xen";
    if (scenario->host.scrub_domheap)
        return "scrub-domheap is an option of the hypervisor's command line, and it is booted without";
    for (size_t d = 0; refusal == NULL && d < scenario->nr_domains; d++)
        refusal = domain_refusal(&scenario->domains[d]);
    for (size_t s = 0; refusal == NULL && s < scenario->nr_statements; s++)
        refusal = statement_refusal(&scenario->statements[s]);
    return refusal;
}
