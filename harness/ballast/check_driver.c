/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * `ballast check-driver`: a replay of every scenario that holds for any driver, as a table. The list of them is
 * beside the recipe by which guests are built; other scenarios may be named in its place.
 */
#include "harness/ballast/check_driver.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Paths are shorter from the folder that they are in. */
static const char *from_here(const char *path)
{
    char here[4096];
    const size_t bytes = getcwd(here, sizeof here) != NULL ? strlen(here) : 0;

    return bytes > 0 && strncmp(path, here, bytes) == 0 && path[bytes] == '/' ? path + bytes + 1 : path;
}

bool driver_scenarios(const struct recipe *recipe, struct words *paths, char *error, size_t error_bytes)
{
    char path[4096];
    struct recipe *list;
    struct words whole = {0};

    snprintf(path, sizeof path, "%s/driver-scenarios", recipe->built);
    list = recipe_read(path, error, error_bytes);
    if (list == NULL)
        return false;
    recipe_list(list, "scenario", NULL, &whole);
    for (size_t s = 0; s < whole.count; s++)
        words_add(paths, from_here(whole.list[s]));
    const bool good = !whole.failed && !paths->failed;
    if (!good)
        snprintf(error, error_bytes, "no memory");
    words_free(&whole);
    recipe_free(list);
    return good;
}
