/* SPDX-License-Identifier: BSD-2-Clause */
/* Which files are compiled how: the recipe's lists, put together for one request. */
#include "harness/builder/units.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "guest/abi/kernel.h"

/* ---- the plan ----------------------------------------------------------------------------------- */

/* "NAME VARIANT" or "NAME VARIANT OPTION OTHER": with that option among the user's, the kernel is of the other. */
static bool add_image(struct units *units, const struct build_request *request, const char *row)
{
    char name[64], variant[32], option[64], other[32];
    const int words = sscanf(row, "%63s %31s %63s %31s", name, variant, option, other);
    const char *chosen = words == 4 && words_have(&request->files->options, option) ? other : variant;
    struct kernel_image *images;

    if (words != 2 && words != 4)
        return false;
    if (request->variant != NULL && strcmp(request->variant, variant) != 0)
        return true;
    images = realloc(units->images, (units->nr_images + 1) * sizeof *images);
    if (images == NULL)
        return false;
    units->images = images;
    if (!words_have(&units->variants, chosen))
        words_add(&units->variants, chosen);
    images[units->nr_images] = (struct kernel_image){.name = strdup(name)};
    for (size_t v = 0; v < units->variants.count; v++)
        if (strcmp(units->variants.list[v], chosen) == 0)
            images[units->nr_images].variant = units->variants.list[v];
    return images[units->nr_images++].name != NULL && !units->variants.failed;
}

/* In the tree a file keeps the name that it has there; elsewhere the compiler runs beside it. So no name that it sees
 * begins with a dash, and what the file says of itself (__FILE__) does not tell where the user keeps it. */
static bool set_place(struct unit *unit, const struct build_request *request)
{
    const char *tree = request->recipe->tree, *slash = strrchr(unit->source, '/');
    const size_t tree_bytes = strlen(tree);

    assert(slash != NULL);
    if (strncmp(unit->source, tree, tree_bytes) == 0 && unit->source[tree_bytes] == '/' &&
        unit->source[tree_bytes + 1] != '-') {
        unit->folder = strdup(tree);
        unit->name = strdup(unit->source + tree_bytes + 1);
    } else {
        unit->folder = strndup(unit->source, (size_t)(slash - unit->source) + 1);
        if (asprintf(&unit->name, "./%s", slash + 1) < 0)
            unit->name = NULL;
    }
    return unit->folder != NULL && unit->name != NULL;
}

static bool add_unit(struct units *units, const struct build_request *request, const char *folder,
    const struct unit *model, size_t number)
{
    struct unit *list = realloc(units->list, (units->count + 1) * sizeof *list);
    char suffix[24] = "";

    if (list == NULL)
        return false;
    units->list = list;
    struct unit *unit = &list[units->count++];
    *unit = *model;
    if (number > 0)
        snprintf(suffix, sizeof suffix, ".%zu", number + 1);
    if (asprintf(&unit->stem, "%s/objects/%s%s.%s", folder, request->recipe->parts[unit->part].name, suffix,
            unit->variant) < 0)
        unit->stem = NULL;
    return set_place(unit, request) && unit->stem != NULL;
}

static bool add_part(struct units *units, const struct build_request *request, const char *folder,
    const char *variant, size_t part)
{
    const struct words *sources = &request->files->sources[part];
    struct unit unit = {.part = part, .variant = variant, .users = sources->count > 0};

    unit.source = units->ours.list[part];
    if (!unit.users)
        return add_unit(units, request, folder, &unit, 0);
    for (size_t s = 0; s < sources->count; s++) {
        unit.source = sources->list[s];
        if (!add_unit(units, request, folder, &unit, s))
            return false;
    }
    return true;
}

bool units_plan(struct units *units, const struct build_request *request, const char *folder)
{
    const struct recipe *recipe = request->recipe;
    struct words kernels = {0};
    bool planned = true;

    *units = (struct units){0};
    recipe_list(recipe, "kernel", NULL, &kernels);
    for (size_t k = 0; planned && k < kernels.count; k++)
        planned = add_image(units, request, kernels.list[k]);
    words_free(&kernels);
    for (size_t p = 0; p < recipe->nr_parts; p++)
        words_addf(&units->ours, "%s/%s", recipe->tree, recipe->parts[p].ours);
    planned = planned && !units->ours.failed;
    for (size_t v = 0; v < units->variants.count; v++)
        for (size_t p = 0; planned && p < recipe->nr_parts; p++)
            planned = add_part(units, request, folder, units->variants.list[v], p);
    return planned;
}

void units_free(struct units *units)
{
    for (size_t u = 0; u < units->count; u++) {
        free(units->list[u].folder);
        free(units->list[u].name);
        free(units->list[u].stem);
    }
    for (size_t i = 0; i < units->nr_images; i++)
        free(units->images[i].name);
    free(units->list);
    free(units->images);
    words_free(&units->variants);
    words_free(&units->ours);
    *units = (struct units){0};
}

/* ---- arguments ---------------------------------------------------------------------------------- */

/* The kernel's own headers come first. Last of all come the file's folder and the one above, for files that are
 * included by the name that they have in a kernel's tree. */
static void add_compiler(const struct unit *unit, const struct build_request *request, struct words *words)
{
    const struct user_files *files = request->files;
    const char *slash = strrchr(unit->source, '/');

    recipe_list(request->recipe, "compile", NULL, words);
    recipe_list(request->recipe, "flags.*", unit->variant, words);
    recipe_list(request->recipe, unit->users ? "users" : "ours", NULL, words);
    for (size_t f = 0; f < files->folders.count; f++) {
        words_add(words, "-I");
        words_add(words, files->folders.list[f]);
    }
    if (unit->users) {
        words_add(words, "-idirafter");
        words_addf(words, "%.*s/", (int)(slash - unit->source), unit->source);
        words_add(words, "-idirafter");
        words_addf(words, "%.*s/..", (int)(slash - unit->source), unit->source);
    }
    words_add_all(words, &files->options);
}

void unit_preprocess(const struct unit *unit, const struct build_request *request, struct words *words)
{
    add_compiler(unit, request, words);
    words_add(words, "-E");
    words_add(words, "-o");
    words_addf(words, "%s.i", unit->stem);
    words_add(words, unit->name);
}

void unit_compile(const struct unit *unit, const struct build_request *request, struct words *words)
{
    if (unit->users)
        recipe_list(request->recipe, "explain", NULL, words);
    recipe_list(request->recipe, "counted", NULL, words);
    words_addf(words, "%s.o", unit->stem);
    words_add(words, unit->name);
    add_compiler(unit, request, words);
    recipe_list(request->recipe, "blocks", NULL, words);
}

void unit_finish(const struct unit *unit, const struct build_request *request, const char *description,
    struct words *words)
{
    recipe_list(request->recipe, "finish", NULL, words);
    if (description != NULL) {
        words_add(words, "--add-section");
        words_addf(words, KERNEL_SECTION "=%s", description);
        words_add(words, "--set-section-flags");
        words_add(words, KERNEL_SECTION "=alloc,readonly,data,contents");
    }
    words_addf(words, "%s.o", unit->stem);
}

void image_link(const struct units *units, const struct kernel_image *image,
    const struct build_request *request, bool pv, const char *out, struct words *words)
{
    const struct recipe *recipe = request->recipe;

    if (user_files_any(request->files))
        recipe_list(recipe, "explain", NULL, words);
    recipe_list(recipe, pv ? "pv-link" : "link", NULL, words);
    for (size_t u = 0; u < units->count; u++)
        if (units->list[u].variant == image->variant)
            words_addf(words, "%s.o", units->list[u].stem);
    recipe_list(recipe, "objects.*", image->variant, words);
    recipe_list(recipe, pv ? "pv-with" : "with", NULL, words);
    words_add(words, "-o");
    words_add(words, out);
}
