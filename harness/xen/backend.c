/* SPDX-License-Identifier: BSD-2-Clause */
/* A real Xen for a runner: sized by the scenario, booted when it is first wanted. */
#include "harness/xen/backend.h"

#include "harness/image/kernels.h"
#include "sim/toolstack/command_line.h"

#include <assert.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DOM0_MIB          32u
#define MEMORY_MIN_MIB    128u
#define MEMORY_MAX_MIB    8192u /* larger ones were not tried */
#define XEN_OWN_MIB       48u   /* Xen itself, its frame table apart */
#define FRAME_TABLE_SHARE 48u   /* of memory: 32 bytes of frame table and 8 of M2P a page, and room */
#define LIMIT_S           120u
#define DOMAINS_ON_XEN    64u /* each waits in a vcpu of its own */

struct xen_backend {
    struct xen_host *xen;
    struct xen_guests *guests;
    unsigned memory_mib;
    bool nested_paging;
    enum xen_trouble trouble;
    char sentence[600];
};

static char image_path_buffer[PATH_MAX];

/* PV images lie in a folder beside the simulator's, build/guest and build/pv; installed, below it: lib/ballast/pv. */
static const char *pv_path(const char *file)
{
    static const char *const ways[] = {"../pv", "pv"};

    for (size_t w = 0; w < sizeof ways / sizeof ways[0]; w++) {
        snprintf(image_path_buffer, sizeof image_path_buffer, "%s/%s/%s", image_folder(), ways[w], file);
        if (access(image_path_buffer, R_OK) == 0)
            break;
    }
    return image_path_buffer;
}

static const char *image_path(const char *kernel)
{
    char file[64];

    snprintf(file, sizeof file, "%s.elf", kernel);
    return pv_path(file);
}

struct xen_backend *xen_backend_new(void)
{
    return calloc(1, sizeof(struct xen_backend));
}

static void shut_down(struct xen_backend *backend)
{
    xen_guests_free(backend->guests);
    xen_host_stop(backend->xen);
    backend->guests = NULL;
    backend->xen = NULL;
    backend->memory_mib = 0;
}

void xen_backend_free(struct xen_backend *backend)
{
    if (backend != NULL)
        shut_down(backend);
    free(backend);
}

/* A domain that Xen translates wants a processor with nested paging; without, QEMU is a little faster. */
static bool wants_nested_paging(const struct scenario *scenario)
{
    for (size_t s = 0; s < scenario->nr_statements; s++)
        if (scenario->statements[s].makes_pvh)
            return true;
    return false;
}

static unsigned memory_for(const struct scenario *scenario)
{
    uint64_t host_mib = (scenario->host.memory_pages + PAGES_PER_MIB - 1) / PAGES_PER_MIB;
    uint64_t needed = host_mib + host_mib / FRAME_TABLE_SHARE + XEN_OWN_MIB + DOM0_MIB;

    return needed < MEMORY_MIN_MIB ? MEMORY_MIN_MIB : needed > UINT_MAX ? UINT_MAX : (unsigned)needed;
}

/* The simulator's heap has room for any P2M; there it is what is left of the boot image. */
static bool outgrows_its_image(const struct domain_decl *decl)
{
    uint64_t end =
        decl->p2m == P2M_PAGES && decl->p2m_pages < decl->maxmem_pages ? decl->p2m_pages : decl->maxmem_pages;

    return decl->p2m != P2M_EXACT && strcmp(decl->kernel, "probe") != 0 &&
           end > decl->memory_pages * DOMAIN_GROWTH_LIMIT;
}

/* What a scenario says that only the model can do yet; NULL: nothing. */
static const char *only_in_the_model(const struct scenario *scenario)
{
    for (size_t d = 0; d < scenario->nr_domains; d++)
        if (scenario->domains[d].pvh)
            return "a domain with type=pvh runs in the model only";
        else if (scenario->domains[d].nr_boot_ranges > 0)
            return "its builder knows no boot-map";
        else if (outgrows_its_image(&scenario->domains[d]))
            return "a domain may grow to more pages than its boot image there has structures for";
    for (size_t s = 0; s < scenario->nr_statements; s++) {
        const struct statement *statement = &scenario->statements[s];
        if (statement->kind == ST_EXPECT_CRASH)
            return "it has a guest die, of an address space that is laid out otherwise there";
        if (statement->kind == ST_ON)
            return "in the middle of a call nothing can be done there";
        if (statement->body != NULL)
            statement = statement->body;
        if (statement->exchanges && strcmp(statement->domain, "dom0") == 0)
            return "dom0's own frames are the model's, and it exchanges some";
        if (statement->kind == ST_TOOLSTACK && xl_line_is(statement->text, XL_IS_LIFECYCLE))
            return "domains live from its beginning to its end there";
    }
    return NULL;
}

const char *xen_backend_refuses(const struct scenario *scenario)
{
    if (memory_for(scenario) > MEMORY_MAX_MIB)
        return "its host is larger than the 8 GiB that QEMU was tried with";
    if (scenario->nr_domains > DOMAINS_ON_XEN)
        return "it has more domains than are run on the real Xen";
    if (scenario->host.scrub_domheap)
        return "scrub-domheap is an option of the hypervisor's command line, and the one booted hasn't got "
               "it";
    if (scenario->host.has_xen && strcmp(scenario->host.xen, "4.17") != 0)
        return "it asks for another Xen than Debian's 4.17";
    return only_in_the_model(scenario);
}

static enum xen_trouble fail(struct xen_backend *backend, enum xen_trouble trouble, const char *sentence)
{
    assert(trouble != XEN_FINE);
    backend->trouble = trouble;
    snprintf(backend->sentence, sizeof backend->sentence, "%s", sentence);
    return trouble;
}

static enum xen_trouble boot(struct xen_backend *backend, unsigned memory_mib, bool nested_paging)
{
    char dom0[PATH_MAX];

    shut_down(backend);
    snprintf(dom0, sizeof dom0, "%s", pv_path("dom0.elf"));
    const struct xen_host_options options = {.memory_mib = memory_mib,
        .dom0_mib = DOM0_MIB,
        .dom0_max_mib = DOM0_MIB,
        .limit_s = LIMIT_S,
        .nested_paging = nested_paging,
        .dom0_image = dom0};
    backend->xen = xen_host_boot(&options, &backend->trouble, backend->sentence, sizeof backend->sentence);
    if (backend->xen == NULL)
        return backend->trouble;
    backend->memory_mib = memory_mib;
    backend->nested_paging = nested_paging;
    backend->guests = xen_guests_new(backend->xen, image_path);
    return backend->guests != NULL ? XEN_FINE : fail(backend, XEN_BROKEN, "no memory");
}

enum xen_trouble xen_backend_begin(struct xen_backend *backend, const struct scenario *scenario,
    struct machine *machine, struct recorder *recorder)
{
    unsigned wanted_mib = memory_for(scenario);
    bool nested_paging = wants_nested_paging(scenario);
    bool usable = backend->guests != NULL && xen_host_trouble(backend->xen) == XEN_FINE &&
                  backend->memory_mib >= wanted_mib && (backend->nested_paging || !nested_paging);

    backend->trouble = XEN_FINE;
    if (!usable && boot(backend, wanted_mib, nested_paging) != XEN_FINE)
        return backend->trouble;
    if (!xen_guests_begin(backend->guests, machine, recorder, scenario->host.memory_pages))
        return fail(backend,
            xen_host_trouble(backend->xen) != XEN_FINE ? xen_host_trouble(backend->xen) : XEN_BROKEN,
            xen_guests_sentence(backend->guests));
    return XEN_FINE;
}

enum xen_trouble xen_backend_end(struct xen_backend *backend)
{
    if (backend->guests == NULL)
        return backend->trouble;
    xen_guests_end(backend->guests);
    if (xen_host_trouble(backend->xen) != XEN_FINE)
        return fail(backend, xen_host_trouble(backend->xen), xen_host_sentence(backend->xen));
    return XEN_FINE;
}

const char *xen_backend_sentence(const struct xen_backend *backend)
{
    return backend->sentence[0] != '\0' ? backend->sentence : xen_guests_sentence(backend->guests);
}

struct xen_counts xen_backend_counts(const struct xen_backend *backend)
{
    return backend->guests != NULL ? xen_guests_counts(backend->guests) : (struct xen_counts){0};
}
