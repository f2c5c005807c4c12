/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads the scenario once more, for its kernels. */
#include "harness/ballast/judged_scenario.h"

#include <stdlib.h>
#include <string.h>

#include "harness/ballast/scenario_files.h"
#include "harness/builder/recipe.h"
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

static bool is_of(const struct recipe *recipe, const struct kernel *kernel)
{
    for (size_t p = 0; recipe != NULL && p < recipe->nr_parts; p++)
        for (size_t f = 0; f < kernel->nr_files; f++)
            if (strcmp(recipe->parts[p].name, kernel->files[f].part) == 0)
                return true;
    return false;
}

char *judged_guests(const struct recipe *recipe)
{
    const struct kernel *found = NULL;
    char *all = strdup("");

    for (const struct kernel_info *info = kernel_next(NULL); info != NULL; info = kernel_next(info)) {
        const struct kernel *kernel = kernel_describe(info->name);
        if (kernel == NULL || kernel->nr_files == 0)
            continue;
        const bool wanted = is_of(recipe, kernel);
        found = found == NULL || wanted ? kernel : found;
        if (wanted)
            break; /* one build has one set of files */
    }
    if (all != NULL && (found == NULL || judged_add(&all, found)))
        return all;
    free(all);
    return NULL;
}
