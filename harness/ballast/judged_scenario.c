/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads the scenario once more, for its kernels. */
#include "harness/ballast/judged_scenario.h"

#include <stdlib.h>
#include <string.h>

#include "harness/ballast/scenario_files.h"
#include "harness/image/kernels.h"
#include "harness/language/scenario.h"
#include "reports/text_judged.h"

/* Adds the kernel of that name; one that is not built has no files. */
static bool add(char **all, const char *name)
{
    const struct kernel *kernel = kernel_describe(name);

    return kernel == NULL || judged_add(all, kernel);
}

static bool add_all(char **all, const struct scenario *scenario)
{
    bool good = true;

    for (size_t d = 0; good && d < scenario->nr_domains; d++)
        good = add(all, scenario->domains[d].kernel);
    for (size_t s = 0; good && s < scenario->nr_statements; s++)
        if (scenario->statements[s].domain_decl != NULL)
            good = add(all, scenario->statements[s].domain_decl->kernel);
    return good;
}

char *judged_scenario(const char *path, const struct scenario_input *input, const char *instead)
{
    struct complaint complaint;
    struct scenario *scenario = input != NULL
                                    ? scenario_parse(path, input->text, input->bytes, NULL, &complaint)
                                    : scenario_read(path, NULL, &complaint);
    char *all = strdup("");
    bool good = all != NULL;

    if (good && instead != NULL)
        good = add(&all, instead);
    else if (good && scenario != NULL)
        good = add_all(&all, scenario);
    scenario_free(scenario);
    if (good)
        return all;
    free(all);
    return NULL;
}
