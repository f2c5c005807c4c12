/* SPDX-License-Identifier: BSD-2-Clause */
/* Which kernels stand for a design. */
#include "harness/ballast/designs.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "harness/ballast/stderr_line.h"
#include "harness/language/suggest.h"

#define NAMED 60 /* bytes of a name that a message shows */

bool stands_for_design(const struct kernel_info *info)
{
    const struct kernel *kernel = kernel_describe(info->name);

    return kernel != NULL && kernel->design != NULL;
}

static void add_built(struct words *kernels)
{
    for (const struct kernel_info *info = kernel_next(NULL); info != NULL; info = kernel_next(info))
        if (stands_for_design(info))
            words_add(kernels, info->name);
}

static bool complain(const char *name, char *error, size_t error_bytes)
{
    struct words known = {0};
    struct suggestion suggestion;

    add_built(&known);
    suggest_begin(&suggestion, name, strlen(name));
    for (size_t k = 0; k < known.count; k++)
        suggest_offer(&suggestion, known.list[k]);
    if (suggestion.best != NULL) {
        snprintf(error, error_bytes, "--designs: there is no %.*s; did you mean %s?", NAMED, name,
            suggestion.best);
        words_free(&known);
        return false;
    }
    size_t used = (size_t)snprintf(error, error_bytes, "--designs: there is no %.*s; there is ", NAMED, name);
    for (size_t k = 0; k < known.count && used < error_bytes; k++)
        used += (size_t)snprintf(error + used, error_bytes - used, "%s, ", known.list[k]);
    if (used < error_bytes)
        snprintf(error + used, error_bytes - used, "all");
    words_free(&known);
    return false;
}

/* Designs that were not built are missed in a table of all. */
static void tell_missing(void)
{
    char names[512] = "";
    size_t used = 0;

    for (const struct kernel_info *info = kernel_next(NULL); info != NULL; info = kernel_next(info))
        if (info->missing_design && used < sizeof names)
            used += (size_t)snprintf(names + used, sizeof names - used, "%s%s (%s)", used > 0 ? ", " : "",
                info->name, info->package);
    if (used > 0)
        stderr_line("--designs all leaves out what is not built for want of a package: %s", names);
}

static bool add_all(struct words *kernels, char *error, size_t error_bytes)
{
    const size_t before = kernels->count;

    tell_missing();
    add_built(kernels);
    if (kernels->count == before && !kernels->failed)
        snprintf(error, error_bytes, "--designs all: no kernel in %s stands for a design; run make",
            image_folder());
    return kernels->count > before;
}

bool designs_add(struct words *kernels, const char *text, char *error, size_t error_bytes)
{
    char name[64];

    assert(text != NULL && error_bytes > 0);
    if (strcmp(text, "all") == 0)
        return add_all(kernels, error, error_bytes);

    for (const char *at = text;; at++) {
        const size_t bytes = strcspn(at, ",");
        const struct kernel_info *info;

        snprintf(name, sizeof name, "%.*s", (int)(bytes < sizeof name ? bytes : sizeof name), at);
        if (strcmp(name, "all") == 0) {
            snprintf(error, error_bytes, "--designs: `all` has every design in it already, and stands alone");
            return false;
        }
        info = kernel_info(name);
        if (info == NULL || !(info->missing_design || stands_for_design(info)))
            return complain(name, error, error_bytes);
        words_add(kernels, info->name);
        at += bytes;
        if (*at == 0)
            return true;
    }
}
