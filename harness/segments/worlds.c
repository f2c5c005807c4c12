/* SPDX-License-Identifier: BSD-2-Clause */
/* A world is built like a guest's part: one unit for each source, then a link. */
#include "harness/segments/worlds.h"

#include <assert.h>
#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/builder/programs.h"
#include "harness/builder/units.h"
#include "reports/text_clean.h"

#define AT_A_TIME 2u

bool worlds_are_known(const struct recipe *recipe)
{
    return recipe_value(recipe, "world-part") != NULL;
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *walk)
{
    (void)status, (void)type, (void)walk;
    return remove(path);
}

void worlds_free(struct worlds *worlds)
{
    for (size_t w = 0; w < worlds->count; w++) {
        free(worlds->list[w].variant);
        free(worlds->list[w].options);
        free(worlds->list[w].path);
    }
    free(worlds->list);
    if (worlds->folder != NULL)
        nftw(worlds->folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    free(worlds->folder);
    *worlds = (struct worlds){0};
}

static enum build_result no_memory(char *error, size_t error_bytes)
{
    snprintf(error, error_bytes, "no memory to build small worlds");
    return BUILD_ERROR;
}

static void show(const char *path)
{
    char line[4096];
    FILE *in = fopen(path, "re");

    while (in != NULL && fgets(line, sizeof line, in) != NULL)
        text_clean_lines(stderr, line, strlen(line));
    if (in != NULL)
        fclose(in);
}

/* ---- one world ---------------------------------------------------------------------------------- */

struct making {
    const struct recipe *recipe;
    struct user_files files; /* the user's, with the world's options behind theirs */
    struct units units;
    struct build_request request;
    char *folder;
    size_t part;
};

static size_t find_part(const struct recipe *recipe)
{
    const char *name = recipe_value(recipe, "world-part");
    size_t part = 0;

    while (part < recipe->nr_parts && strcmp(recipe->parts[part].name, name) != 0)
        part++;
    return part;
}

/* The part's own sources and the layout's, in this order. */
static bool take_files(struct making *making, const struct user_files *users, const char *options)
{
    const struct recipe *recipe = making->recipe;
    struct words *sources = &making->files.sources[making->part];
    char why[64];

    words_add_all(sources, &users->sources[making->part]);
    if (sources->count == 0)
        words_addf(sources, "%s/%s", recipe->tree, recipe->parts[making->part].ours);
    words_add(sources, recipe_value(recipe, "world-layout"));
    words_add_all(&making->files.folders, &users->folders);
    words_add_all(&making->files.options, &users->options);
    return words_take_text(&making->files.options, options, why, sizeof why) && !sources->failed &&
           !making->files.folders.failed && !making->files.options.failed;
}

static bool run_all(struct program *programs, size_t count)
{
    bool good = true;

    programs_run(programs, count, AT_A_TIME);
    for (size_t p = 0; p < count; p++) {
        if (programs[p].arguments.count == 0)
            continue;
        if (programs[p].error != 0)
            fprintf(stderr, "ballast: %s: %s\n", programs[p].arguments.list[0], strerror(programs[p].error));
        if (!programs[p].succeeded && programs[p].error == 0)
            show(programs[p].said);
        good = good && programs[p].succeeded;
        words_free(&programs[p].arguments);
        free(programs[p].said);
    }
    return good;
}

static bool compile(struct making *making)
{
    struct program *programs = calloc(making->units.count, sizeof *programs);

    for (size_t u = 0; programs != NULL && u < making->units.count; u++) {
        const struct unit *unit = &making->units.list[u];
        if (unit->part != making->part)
            continue;
        programs[u].folder = unit->folder;
        unit_compile(unit, &making->request, &programs[u].arguments);
        if (asprintf(&programs[u].said, "%s.said", unit->stem) < 0)
            programs[u].said = NULL;
        programs[u].arguments.failed = programs[u].arguments.failed || programs[u].said == NULL;
    }
    const bool good = programs != NULL && run_all(programs, making->units.count);
    free(programs);
    return good;
}

static bool link_world(struct making *making, const char *variant, const char *path)
{
    struct program program = {0};

    recipe_list(making->recipe, "explain", NULL, &program.arguments);
    recipe_list(making->recipe, "world-link", NULL, &program.arguments);
    recipe_list(making->recipe, "world-front.*", variant, &program.arguments);
    for (size_t u = 0; u < making->units.count; u++)
        if (making->units.list[u].part == making->part)
            words_addf(&program.arguments, "%s.o", making->units.list[u].stem);
    recipe_list(making->recipe, "world-back.*", variant, &program.arguments);
    words_add(&program.arguments, "-o");
    words_add(&program.arguments, path);
    if (asprintf(&program.said, "%s.said", path) < 0)
        program.said = NULL;
    program.arguments.failed = program.arguments.failed || program.said == NULL;
    return run_all(&program, 1);
}

static void making_free(struct making *making)
{
    units_free(&making->units);
    user_files_free(&making->files);
    free(making->folder);
}

static bool make_folders(const struct making *making)
{
    char objects[4096];

    if (mkdir(making->folder, 0777) != 0)
        return false;
    snprintf(objects, sizeof objects, "%s/objects", making->folder);
    return mkdir(objects, 0777) == 0;
}

/* The user's options may have made the kernel one of another variant, which has worlds of its own. */
static bool is_of_variant(const struct making *making, const char *variant)
{
    return making->units.count > 0 && strcmp(making->units.list[0].variant, variant) == 0;
}

static enum build_result make_one(struct worlds *worlds, struct making *making,
    const struct user_files *users, const struct built_world *world, char *error, size_t bytes)
{
    making->part = find_part(making->recipe);
    making->request =
        (struct build_request){.recipe = making->recipe, .files = &making->files, .variant = world->variant};
    if (asprintf(&making->folder, "%s/%zu", worlds->folder, worlds->count - 1) < 0)
        return no_memory(error, bytes);
    making->request.folder = making->folder;
    if (making->part == making->recipe->nr_parts || !take_files(making, users, world->options) ||
        !units_plan(&making->units, &making->request, making->folder))
        return no_memory(error, bytes);
    if (!is_of_variant(making, world->variant))
        return BUILD_DONE;
    if (!make_folders(making)) {
        snprintf(error, bytes, "%s: %s", making->folder, strerror(errno));
        return BUILD_ERROR;
    }
    return compile(making) && link_world(making, world->variant, world->path) ? BUILD_DONE
                                                                              : BUILD_NOT_COMPILED;
}

/* ---- all of them -------------------------------------------------------------------------------- */

/* "VARIANT OPTION...". */
static struct built_world *add_world(struct worlds *worlds, const char *row)
{
    const size_t bytes = strcspn(row, " ");
    struct built_world *list = realloc(worlds->list, (worlds->count + 1) * sizeof *list);

    if (list == NULL)
        return NULL;
    worlds->list = list;
    struct built_world *world = &list[worlds->count++];
    *world = (struct built_world){
        .variant = strndup(row, bytes), .options = strdup(row[bytes] == ' ' ? row + bytes + 1 : "")};
    if (asprintf(&world->path, "%s/%zu.so", worlds->folder, worlds->count - 1) < 0)
        world->path = NULL;
    return world->variant != NULL && world->options != NULL && world->path != NULL ? world : NULL;
}

static char *make_folder(void)
{
    const char *below = getenv("TMPDIR");
    char *folder = NULL;

    if (asprintf(&folder, "%s/ballast-worlds-XXXXXX", below != NULL && *below == '/' ? below : "/tmp") < 0)
        return NULL;
    if (mkdtemp(folder) != NULL)
        return folder;
    free(folder);
    return NULL;
}

enum build_result worlds_build(struct worlds *worlds, const struct recipe *recipe,
    const struct user_files *users, char *error, size_t error_bytes)
{
    struct words rows = {0};
    enum build_result result = BUILD_DONE;

    assert(worlds_are_known(recipe));
    *worlds = (struct worlds){.folder = make_folder()};
    if (worlds->folder == NULL) {
        snprintf(error, error_bytes, "no folder for small worlds can be made in $TMPDIR or /tmp: %s",
            strerror(errno));
        return BUILD_ERROR;
    }
    recipe_list(recipe, "world", NULL, &rows);
    for (size_t r = 0; result == BUILD_DONE && r < rows.count; r++) {
        struct making making = {.recipe = recipe};
        const struct built_world *world = add_world(worlds, rows.list[r]);
        result = world == NULL ? no_memory(error, error_bytes)
                               : make_one(worlds, &making, users, world, error, error_bytes);
        making_free(&making);
    }
    words_free(&rows);
    return result;
}
