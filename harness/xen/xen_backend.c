/* SPDX-License-Identifier: BSD-2-Clause */
/* A real Xen for a runner: sized by the scenario, booted when it is first wanted. */
#include "harness/xen/xen_backend.h"

#include "harness/image/kernels.h"
#include "harness/xen/xen_guests.h"
#include "harness/xen/xen_needs.h"
#include "sim/inspect.h"

#include <assert.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LIMIT_S 120u /* for booting, and for each answer */

struct xen_backend {
    struct xen_host *host; /* NULL until it is first wanted */
    struct xen_guests *guests;
    unsigned memory_mib; /* the host's */
    bool nested_paging;
    struct xen_choice xen; /* which one it is */
    enum xen_trouble trouble;
    char sentence[600];
};

/* PV images lie in a folder below the simulator's. */
static void pv_path(const char *name, char *path, size_t path_bytes)
{
    snprintf(path, path_bytes, "%s/pv/%s.elf", image_folder(), name);
}

bool xen_backend_has_kernel(const char *kernel)
{
    char dom0[PATH_MAX], path[PATH_MAX];

    pv_path("dom0", dom0, sizeof dom0);
    pv_path(kernel, path, sizeof path);
    return access(path, R_OK) == 0 || access(dom0, R_OK) != 0;
}

struct xen_backend *xen_backend_new(void)
{
    return calloc(1, sizeof(struct xen_backend));
}

static void shut_down(struct xen_backend *backend)
{
    xen_guests_free(backend->guests);
    xen_host_stop(backend->host);
    backend->guests = NULL;
    backend->host = NULL;
    backend->memory_mib = 0;
}

void xen_backend_free(struct xen_backend *backend)
{
    if (backend != NULL)
        shut_down(backend);
    free(backend);
}

static enum xen_trouble fail(struct xen_backend *backend, enum xen_trouble trouble, const char *sentence)
{
    assert(trouble != XEN_FINE);
    backend->trouble = trouble;
    snprintf(backend->sentence, sizeof backend->sentence, "%s", sentence);
    return trouble;
}

static enum xen_trouble boot(
    struct xen_backend *backend, unsigned memory_mib, bool nested_paging, const struct xen_choice *xen)
{
    char dom0[PATH_MAX];

    shut_down(backend);
    pv_path("dom0", dom0, sizeof dom0);
    const struct xen_host_options options = {.xen = xen->known,
        .xen_path = xen->path,
        .memory_mib = memory_mib,
        .dom0_mib = XEN_NEEDS_DOM0_MIB,
        .dom0_max_mib = XEN_NEEDS_DOM0_MIB,
        .limit_s = LIMIT_S,
        .nested_paging = nested_paging,
        .dom0_image = dom0};
    backend->host = xen_host_boot(&options, &backend->trouble, backend->sentence, sizeof backend->sentence);
    if (backend->host == NULL)
        return backend->trouble;
    backend->memory_mib = memory_mib;
    backend->nested_paging = nested_paging;
    backend->xen = *xen;
    backend->guests = xen_guests_new(backend->host, pv_path);
    return backend->guests != NULL ? XEN_FINE : fail(backend, XEN_BROKEN, "no memory");
}

/* The Xen that is meant where only some are said: the first known one that is installed. */
static const struct known_xen *any_installed(void)
{
    for (size_t i = 0; i < NR_KNOWN_XENS; i++)
        if (access(known_xens[i].image, R_OK) == 0)
            return &known_xens[i];
    return KNOWN_XEN_DEFAULT;
}

static struct xen_choice chosen(const struct scenario *scenario, const struct xen_choice *choice)
{
    struct xen_choice xen = *choice;

    if (xen.path == NULL && xen.known == NULL)
        xen.known = scenario->host.xen != NULL ? scenario->host.xen : any_installed();
    return xen;
}

static bool is_usable(
    const struct xen_backend *backend, unsigned memory_mib, bool nested_paging, const struct xen_choice *xen)
{
    const bool same = backend->xen.path != NULL || xen->path != NULL ? backend->xen.path == xen->path
                                                                     : backend->xen.known == xen->known;

    return backend->guests != NULL && xen_host_trouble(backend->host) == XEN_FINE && same &&
           backend->memory_mib >= memory_mib && (backend->nested_paging || !nested_paging);
}

/* A Xen for the scenario, booted unless there is one that fits. */
static enum xen_trouble have(
    struct xen_backend *backend, const struct scenario *scenario, const struct xen_choice *choice)
{
    const unsigned wanted_mib = xen_needs_memory_mib(scenario);
    const bool nested_paging = xen_needs_nested_paging(scenario);
    const struct xen_choice xen = chosen(scenario, choice);

    backend->trouble = XEN_FINE;
    backend->sentence[0] = '\0';
    return is_usable(backend, wanted_mib, nested_paging, &xen)
               ? XEN_FINE
               : boot(backend, wanted_mib, nested_paging, &xen);
}

const struct known_xen *xen_backend_known(
    struct xen_backend *backend, const struct scenario *scenario, const struct xen_choice *choice)
{
    if (choice->model != NULL)
        return choice->model;
    if (choice->path == NULL)
        return chosen(scenario, choice).known;
    if (have(backend, scenario, choice) == XEN_FINE)
        return xen_host_found(backend->host)->known;
    return scenario->host.xen != NULL ? scenario->host.xen : KNOWN_XEN_DEFAULT; /* it is about that trouble */
}

enum xen_trouble xen_backend_begin(struct xen_backend *backend, const struct scenario *scenario,
    const struct xen_choice *choice, struct machine *machine, struct recorder *recorder)
{
    if (have(backend, scenario, choice) != XEN_FINE)
        return backend->trouble;
    assert(choice->model != NULL || xen_host_found(backend->host)->known == machine_xen(machine));
    if (!xen_guests_begin(backend->guests, scenario, machine, recorder, choice->answers))
        return fail(backend,
            xen_host_trouble(backend->host) != XEN_FINE ? xen_host_trouble(backend->host) : XEN_BROKEN,
            xen_guests_sentence(backend->guests));
    return XEN_FINE;
}

enum xen_trouble xen_backend_look(struct xen_backend *backend)
{
    if (backend->host == NULL || xen_host_trouble(backend->host) == XEN_FINE)
        return XEN_FINE;
    return fail(backend, xen_host_trouble(backend->host), xen_host_sentence(backend->host));
}

enum xen_trouble xen_backend_end(struct xen_backend *backend)
{
    if (backend->guests == NULL)
        return backend->trouble;
    xen_guests_end(backend->guests);
    if (xen_host_trouble(backend->host) != XEN_FINE)
        return fail(backend, xen_host_trouble(backend->host), xen_host_sentence(backend->host));
    return XEN_FINE;
}

const char *xen_backend_sentence(const struct xen_backend *backend)
{
    return backend->sentence[0] != '\0' ? backend->sentence : xen_guests_sentence(backend->guests);
}

const struct xen_found *xen_backend_found(const struct xen_backend *backend)
{
    return backend->host != NULL ? xen_host_found(backend->host) : NULL;
}

struct xen_counts xen_backend_counts(const struct xen_backend *backend)
{
    return backend->guests != NULL ? xen_guests_counts(backend->guests) : (struct xen_counts){0};
}
