/* SPDX-License-Identifier: BSD-2-Clause */
/* Looks through a scenario for what it needs of the real Xen. */
#include "harness/xen/xen_needs.h"

#include <limits.h>
#include <string.h>

#include "harness/image/kernels.h"
#include "sim/domain/space.h"
#include "sim/toolstack/command_line.h"

#define MEMORY_MIN_MIB     128u
#define MEMORY_MAX_MIB     8192u /* larger ones were not tried */
#define XEN_OWN_MIB        48u   /* Xen itself, without its frame table */
#define FRAME_TABLE_SHARE  48u   /* of so many pages one: a page needs 32 bytes there, and 8 of M2P */
#define IMAGE_PAGES        2560u /* kernel, stacks and what else an image has besides structures and tables */
#define PAGES_APART_EACH   21u /* for so many pages as a page table has: up to 160 bytes and an entry each */
#define HOSTS_MAP_END_PFN  (1u << 20) /* such a map goes on behind the holes below 4 GiB */
#define DOMAINS_MAX_ON_XEN 64u        /* each has a vcpu of its own that Xen has to schedule */

bool xen_needs_nested_paging(const struct scenario *scenario)
{
    for (size_t d = 0; d < scenario->nr_domains; d++)
        if (scenario->domains[d].pvh)
            return true;
    for (size_t s = 0; s < scenario->nr_statements; s++)
        if (scenario->statements[s].makes_pvh)
            return true;
    return false;
}

static bool keeps_all_mapped(const struct domain_decl *decl)
{
    return kernel_has_feature(kernel_describe(decl->kernel), "direct-map");
}

static bool dom0_asks(const struct scenario *scenario)
{
    for (size_t s = 0; s < scenario->nr_statements; s++) {
        const struct statement *statement = &scenario->statements[s];

        if (statement->body != NULL) /* of `on` or `every` */
            statement = statement->body;
        if (statement->kind == ST_PROBE && strcmp(statement->domain, "dom0") == 0)
            return true;
    }
    return false;
}

unsigned xen_needs_growth_in_image(const struct scenario *scenario)
{
    return dom0_asks(scenario) ? DOMAIN_GROWTH_LIMIT : 1;
}

/* Does the domain need a larger heap than the boot image leaves? */
static bool outgrows_its_image(const struct domain_decl *decl, unsigned growth)
{
    uint64_t end =
        decl->p2m == P2M_PAGES && decl->p2m_pages < decl->maxmem_pages ? decl->p2m_pages : decl->maxmem_pages;

    return decl->p2m != P2M_EXACT && !kernel_has_feature(kernel_describe(decl->kernel), "hypercalls") &&
           end > decl->memory_pages * growth;
}

/* About how many frames its image has apart from its memory: structures and page tables. */
static uint64_t pages_apart(const struct domain_decl *decl, unsigned growth)
{
    uint64_t pages = decl->maxmem_pages, end_pfn = 0;

    for (size_t i = 0; i < decl->nr_memory_ranges; i++)
        if (decl->memory_map[i].end_pfn > end_pfn)
            end_pfn = decl->memory_map[i].end_pfn;
    if (decl->hosts_map)
        end_pfn = HOSTS_MAP_END_PFN + decl->maxmem_pages;
    if (keeps_all_mapped(decl))
        pages += SPACE_DIRECT_SPARE + end_pfn;
    else if (!outgrows_its_image(decl, growth))
        return 0;
    return IMAGE_PAGES + pages / P2M_ENTRIES_PER_PAGE * PAGES_APART_EACH;
}

unsigned xen_needs_memory_mib(const struct scenario *scenario)
{
    uint64_t host_mib = (scenario->host.memory_pages + PAGES_PER_MIB - 1) / PAGES_PER_MIB;
    const unsigned growth = xen_needs_growth_in_image(scenario);
    uint64_t apart_pages = 0;

    for (size_t d = 0; d < scenario->nr_domains; d++)
        apart_pages += pages_apart(&scenario->domains[d], growth);
    const uint64_t needed = host_mib + host_mib / FRAME_TABLE_SHARE + XEN_OWN_MIB + XEN_NEEDS_DOM0_MIB +
                            (apart_pages + PAGES_PER_MIB - 1) / PAGES_PER_MIB;

    return needed < MEMORY_MIN_MIB ? MEMORY_MIN_MIB : needed > UINT_MAX ? UINT_MAX : (unsigned)needed;
}

static const char *domain_refusal(const struct domain_decl *decl)
{
    if (decl->hvm)
        return "a domain with type=hvm runs in the model only";
    if (decl->initial)
        return "a domain that plays dom0 (role=dom0) is the model's alone";
    return NULL;
}

/* What dom0 is told of a domain counts its image, too, when that is apart. */
static const char *apart_refusal(const struct scenario *scenario)
{
    const unsigned growth = xen_needs_growth_in_image(scenario);

    if (!dom0_asks(scenario))
        return NULL;
    for (size_t d = 0; d < scenario->nr_domains; d++)
        if (pages_apart(&scenario->domains[d], growth) != 0)
            return "dom0 asks Xen about domains, and one of them has more frames there than in the model";
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
    if (refusal == NULL)
        refusal = apart_refusal(scenario);
    for (size_t s = 0; refusal == NULL && s < scenario->nr_statements; s++)
        refusal = statement_refusal(&scenario->statements[s]);
    return refusal;
}
