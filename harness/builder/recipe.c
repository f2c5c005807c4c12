/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads the recipe: rows, the two folders put into them, and the parts that a user may bring. */
#include "harness/builder/recipe.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TREE  "@tree/"
#define BUILT "@built/"

/* The row's rest, with a folder's name in place of its sign, wherever that stands in it. */
static void add_value(struct recipe *recipe, const char *text)
{
    const char *tree = strstr(text, TREE), *built = strstr(text, BUILT), *sign = tree != NULL ? tree : built;

    if (sign == NULL)
        words_add(&recipe->values, text);
    else
        words_addf(&recipe->values, "%.*s%s/%s", (int)(sign - text), text,
            tree != NULL ? recipe->tree : recipe->built, sign + strlen(tree != NULL ? TREE : BUILT));
}

static bool add_part(struct recipe *recipe, const char *text)
{
    struct recipe_part *part = &recipe->parts[recipe->nr_parts];

    if (recipe->nr_parts == RECIPE_PARTS_MAX ||
        sscanf(text, "%23s %127s %127s", part->name, part->ours, part->in_tree) != 3)
        return false;
    recipe->nr_parts++;
    return true;
}

static bool add_row(struct recipe *recipe, char *line)
{
    char *text = strchr(line, ' ');

    if (text == NULL || text == line)
        return false;
    *text++ = 0;
    words_add(&recipe->keys, line);
    add_value(recipe, text);
    return strcmp(line, "part") != 0 || add_part(recipe, text);
}

/* The tree's place is told from where the file lies. */
static bool find_folders(struct recipe *recipe, const char *path, const char *tree)
{
    const char *slash = strrchr(path, '/');
    const size_t bytes = slash != NULL ? (size_t)(slash - path) : 0;
    errno = 0;
    char *folder = slash != NULL ? strndup(path, bytes + 1) : strdup("./"), *below = NULL;

    recipe->failed = folder == NULL;
    recipe->built = folder != NULL ? realpath(folder, NULL) : NULL;
    if (folder != NULL && asprintf(&below, "%s%s", folder, tree) >= 0) {
        recipe->tree = realpath(below, NULL);
        free(below);
        recipe->failed = errno == ENOMEM;
    } else
        recipe->failed = true;
    free(folder);
    return recipe->built != NULL && recipe->tree != NULL;
}

static bool read_rows(struct recipe *recipe, FILE *in, const char *path)
{
    char *line = NULL;
    size_t room = 0, rows = 0;
    ssize_t bytes;
    bool good = true;

    while (good && (bytes = getline(&line, &room, in)) > 0) {
        line[strcspn(line, "\n")] = 0;
        if (rows++ == 0)
            good = strncmp(line, "tree ", 5) == 0 && find_folders(recipe, path, line + 5);
        else
            good = add_row(recipe, line);
    }
    free(line);
    return good && rows > 1 && !recipe->keys.failed && !recipe->values.failed;
}

struct recipe *recipe_read(const char *path, char *error, size_t error_bytes)
{
    struct recipe *recipe = calloc(1, sizeof *recipe);
    FILE *in = fopen(path, "re");

    assert(error_bytes > 0);
    const bool read = recipe != NULL && in != NULL && read_rows(recipe, in, path);
    if (recipe == NULL || recipe->failed || recipe->keys.failed || recipe->values.failed)
        snprintf(error, error_bytes, "no memory");
    else if (in == NULL)
        snprintf(
            error, error_bytes, "%s, which says how guests are built: %s; run make", path, strerror(errno));
    else if (!read)
        snprintf(error, error_bytes, "%s does not say how guests are built: run make", path);
    else {
        fclose(in);
        assert(recipe->keys.count == recipe->values.count);
        return recipe;
    }
    if (in != NULL)
        fclose(in);
    recipe_free(recipe);
    return NULL;
}

void recipe_free(struct recipe *recipe)
{
    if (recipe == NULL)
        return;
    words_free(&recipe->keys);
    words_free(&recipe->values);
    free(recipe->tree);
    free(recipe->built);
    free(recipe);
}

void recipe_list(const struct recipe *recipe, const char *word, const char *variant, struct words *words)
{
    char whole[64];
    const char *star = strchr(word, '*');

    if (star != NULL)
        snprintf(whole, sizeof whole, "%.*s%s%s", (int)(star - word), word, variant, star + 1);
    else
        snprintf(whole, sizeof whole, "%s", word);
    for (size_t r = 0; r < recipe->keys.count; r++)
        if (strcmp(recipe->keys.list[r], whole) == 0)
            words_add(words, recipe->values.list[r]);
}

const char *recipe_value(const struct recipe *recipe, const char *word)
{
    for (size_t r = 0; r < recipe->keys.count; r++)
        if (strcmp(recipe->keys.list[r], word) == 0)
            return recipe->values.list[r];
    return NULL;
}
