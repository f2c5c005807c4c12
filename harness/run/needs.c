/* SPDX-License-Identifier: BSD-2-Clause */
/* Holds each domain's needs against what its kernel says that it has. Nothing is built for that. */
#include "harness/run/needs.h"
#include "harness/image/kernels.h"
#include "harness/run/run.h"

#include <assert.h>
#include <stdio.h>

static const struct {
    const char *name, *meaning;
} features[NR_KERNEL_FEATURES] = {
#define X(id, name, meaning) [KERNEL_FEATURE_##id] = {name, meaning},
    KERNEL_FEATURES(X)
#undef X
};

/* Who lacks it, and how that was found. Of a user's files it is what their code calls, and not what they were built with. */
static void lacking(
    const struct kernel *kernel, const char *name, enum kernel_feature feature, char *text, size_t bytes)
{
    size_t used = 0;

    assert(bytes > 0);
    text[0] = '\0';
    for (size_t i = 0; i < kernel->nr_files && used < bytes; i++)
        if (kernel->files[i].hash != NULL)
            used += (size_t)snprintf(
                text + used, bytes - used, "%s%s", used > 0 ? " and " : "", kernel->files[i].name);
    if (used == 0)
        snprintf(
            text, bytes, "%s lacks that: its description has no `feature %s`", name, features[feature].name);
    else if (used < bytes && feature == KERNEL_FEATURE_HOTPLUG && kernel->plug != NULL)
        snprintf(text + used, bytes - used, " can't: nothing there calls %s", kernel->plug);
    else if (used < bytes)
        snprintf(text + used, bytes - used, " can't: nothing there calls the functions for it");
}

static bool domain_needs_are_met(struct runner *r, const struct domain_decl *decl)
{
    const char *name = kernel_in_place(r->run.options->kernel, decl->kernel);
    const struct kernel *kernel = kernel_describe(name);

    if (kernel == NULL)
        return true; /* whoever builds the domain says what is wrong with its kernel */
    for (unsigned f = 0; f < NR_KERNEL_FEATURES; f++) {
        if ((decl->needs & 1u << f) == 0 || kernel_has_feature(kernel, features[f].name))
            continue;
        char lacks[400];
        lacking(kernel, name, (enum kernel_feature)f, lacks, sizeof lacks);
        run_skip(r, decl->needs_where, "%s needs a kernel that can %s, and %s", decl->name,
            features[f].meaning, lacks);
        return false;
    }
    return true;
}

bool needs_are_met(struct runner *r)
{
    const struct scenario *scenario = r->run.scenario;

    assert(!run_is_over(r));
    for (size_t d = 0; d < scenario->nr_domains; d++)
        if (!domain_needs_are_met(r, &scenario->domains[d]))
            return false;
    return true;
}
