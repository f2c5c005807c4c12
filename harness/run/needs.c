/* SPDX-License-Identifier: BSD-2-Clause */
/* Holds each domain's needs against what its kernel says that it has. Nothing is built for that. */
#include "harness/run/needs.h"
#include "harness/image/kernels.h"
#include "harness/run/run.h"

#include <assert.h>

static const struct {
    const char *name, *meaning;
} features[NR_KERNEL_FEATURES] = {
#define X(id, name, meaning) [KERNEL_FEATURE_##id] = {name, meaning},
    KERNEL_FEATURES(X)
#undef X
};

static bool domain_needs_are_met(struct runner *r, const struct domain_decl *decl)
{
    const char *name = kernel_in_place(r->run.options->kernel, decl->kernel);
    const struct kernel *kernel = kernel_describe(name);

    if (kernel == NULL)
        return true; /* whoever builds the domain says what is wrong with its kernel */
    for (unsigned f = 0; f < NR_KERNEL_FEATURES; f++) {
        if ((decl->needs & 1u << f) == 0 || kernel_has_feature(kernel, features[f].name))
            continue;
        run_skip(r, decl->needs_where,
            "%s needs a kernel that can %s, and %s lacks that: it says no `feature %s`", decl->name,
            features[f].meaning, name, features[f].name);
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
