/* SPDX-License-Identifier: BSD-2-Clause */
/* A random scenario's text, parsed and run. */
#include "harness/ballast/fuzz_run.h"

#include <stdio.h>

#include "harness/image/kernels.h"

static const struct kernels kernels = {.describe = kernel_describe};

static struct run_options options_of(const struct xen_choice *xen)
{
    return (struct run_options){.seed = 1, .on = ON_XEN, .xen = *xen};
}

enum verdict fuzz_run(struct runner *runner, const struct xen_choice *xen, const char *text, size_t bytes,
    char *said, size_t said_bytes)
{
    const struct run_options options = options_of(xen);
    struct complaint complaint;
    struct scenario *scenario = scenario_parse("xen-fuzz.scn", text, bytes, &kernels, &complaint);

    if (scenario == NULL) {
        snprintf(said, said_bytes, "%s", complaint.message);
        return VERDICT_ERROR;
    }
    const enum verdict verdict = runner_run(runner, scenario, &options);
    snprintf(said, said_bytes, "%s", runner_sentence(runner));
    scenario_free(scenario);
    return verdict;
}

const struct known_xen *fuzz_run_known(
    struct runner *runner, const struct xen_choice *xen, const char *text, size_t bytes)
{
    const struct run_options options = options_of(xen);
    struct complaint complaint;
    struct scenario *scenario = scenario_parse("xen-fuzz.scn", text, bytes, &kernels, &complaint);
    const struct known_xen *known =
        scenario != NULL ? runner_known_xen(runner, scenario, &options) : KNOWN_XEN_DEFAULT;

    scenario_free(scenario);
    return known;
}
