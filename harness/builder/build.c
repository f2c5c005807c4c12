/* SPDX-License-Identifier: BSD-2-Clause */
/* The steps of a build: is it there already, compile, link, give everything its name. */
#include "harness/builder/build.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/builder/contents.h"
#include "harness/builder/features.h"
#include "harness/builder/programs.h"
#include "harness/builder/units.h"
#include "reports/text_clean.h"

#define AT_A_TIME  2u
#define BYTES_READ 65536u
#define NEW        ".new"

struct build {
    const struct build_request *request;
    struct units units;
    char *folder;              /* whole */
    char *description;         /* BUILT_DESCRIPTION there */
    struct words descriptions; /* the same for each variant, with what its kernels can do */
    char key[17];
    char *error;
    size_t error_bytes;
};

static enum build_result complain(struct build *build, const char *path)
{
    snprintf(build->error, build->error_bytes, "%s: %s", path, strerror(errno));
    return BUILD_ERROR;
}

static enum build_result no_memory(struct build *build)
{
    snprintf(build->error, build->error_bytes, "no memory to build guests");
    return BUILD_ERROR;
}

/* ---- what it is built from ---------------------------------------------------------------------- */

/* With the NUL behind it, so that two texts are not taken for one. */
static void hash_text(XXH64_state_t *state, const char *text)
{
    XXH64_update(state, text, strlen(text) + 1);
}

static void hash_words(XXH64_state_t *state, const struct words *words)
{
    for (size_t w = 0; w < words->count; w++)
        hash_text(state, words->list[w]);
    hash_text(state, "");
}

void build_folder_name(
    const struct recipe *recipe, const struct user_files *files, char name[BUILD_NAME_BYTES])
{
    XXH64_state_t *state = XXH64_createState(), *contents = XXH64_createState();
    uint64_t hash = 0, hash_of_contents = 0;

    if (state != NULL && contents != NULL) {
        XXH64_reset(state, 0);
        XXH64_reset(contents, 0);
        for (size_t p = 0; p < recipe->nr_parts; p++) {
            hash_words(state, &files->sources[p]);
            /* One that can't be read is for the compiler to tell. */
            for (size_t s = 0; s < files->sources[p].count; s++)
                (void)hash_file(contents, files->sources[p].list[s]);
        }
        hash_words(state, &files->folders);
        hash_words(state, &files->options);
        hash = XXH64_digest(state);
        hash_of_contents = XXH64_digest(contents);
    }
    XXH64_freeState(state);
    XXH64_freeState(contents);
    snprintf(name, BUILD_NAME_BYTES, "%016" PRIx64 "-%016" PRIx64, hash, hash_of_contents);
}

char *build_folder_before(const char *folder)
{
    const char *slash = strrchr(folder, '/'), *name = slash != NULL ? slash + 1 : folder;
    const size_t bytes = strlen(name), parent_bytes = (size_t)(name - folder),
                 of_files = BUILD_NAME_BYTES / 2, whole = BUILD_NAME_BYTES - 1;
    char *parent = bytes >= whole ? strndup(folder, parent_bytes) : NULL, *found = NULL;
    DIR *dir = parent != NULL ? opendir(parent_bytes > 0 ? parent : ".") : NULL;

    for (const struct dirent *entry; found == NULL && dir != NULL && (entry = readdir(dir)) != NULL;)
        if (strlen(entry->d_name) == bytes && strcmp(entry->d_name, name) != 0 &&
            memcmp(entry->d_name, name, of_files) == 0 && strcmp(entry->d_name + whole, name + whole) == 0 &&
            asprintf(&found, "%s%s", parent, entry->d_name) < 0)
            found = NULL;
    if (dir != NULL)
        closedir(dir);
    free(parent);
    return found;
}

/* A row of the image's description holds no path, and nothing of where or when it was built. */
static bool put_rows(const struct build *build, FILE *out)
{
    const struct recipe *recipe = build->request->recipe;
    const struct user_files *files = build->request->files;
    bool any = false;

    for (size_t p = 0; p < recipe->nr_parts; p++) {
        const struct words *sources = &files->sources[p];
        if (sources->count == 0)
            fprintf(out, "file %s ours\n", recipe->parts[p].name);
        for (size_t s = 0; s < sources->count; s++) {
            char *name = shown_name(strrchr(sources->list[s], '/') + 1);
            uint64_t hash;
            if (name == NULL || !hash_of_file(sources->list[s], &hash)) {
                free(name);
                return false;
            }
            fprintf(out, "file %s xxh64:%016" PRIx64 " %s\n", recipe->parts[p].name, hash, name);
            free(name);
        }
    }
    for (size_t o = 0; o < files->options.count; o++)
        if (strncmp(files->options.list[o], "-D", 2) == 0 || strncmp(files->options.list[o], "-U", 2) == 0) {
            char *option =
                strchr(files->options.list[o], '/') == NULL ? shown_name(files->options.list[o]) : NULL;
            if (option != NULL)
                fprintf(out, "%s%s", any ? " " : "options ", option);
            any = any || option != NULL;
            free(option);
        }
    if (any)
        fputc('\n', out);
    return true;
}

static enum build_result write_description(struct build *build)
{
    FILE *out = fopen(build->description, "we");

    if (out == NULL)
        return complain(build, build->description);
    const bool whole = put_rows(build, out);
    if (fclose(out) != 0 || !whole)
        return complain(build, build->description);
    return BUILD_DONE;
}

/* In the order of units.variants. */
static const char *variant_description(const struct build *build, const char *variant)
{
    size_t v = 0;

    while (v < build->units.variants.count && build->units.variants.list[v] != variant)
        v++;
    assert(v < build->descriptions.count);
    return build->descriptions.list[v];
}

/* When the objects are there: what they call is part of it. */
static bool describe_variants(struct build *build)
{
    for (size_t v = 0; v < build->units.variants.count; v++) {
        const char *variant = build->units.variants.list[v];
        words_addf(&build->descriptions, "%s.%s", build->description, variant);
        FILE *out = build->descriptions.failed ? NULL : fopen(build->descriptions.list[v], "we");
        bool whole = out != NULL && put_rows(build, out);
        if (whole)
            features_put(&build->units, build->request->recipe, variant, out);
        if (out == NULL || fclose(out) != 0 || !whole)
            return false;
    }
    return true;
}

/* ---- programs ----------------------------------------------------------------------------------- */

/* What a compiler says contains lines of the file. */
static void show(const char *path)
{
    char bytes[BYTES_READ];
    FILE *in = fopen(path, "re");
    size_t count;

    while (in != NULL && (count = fread(bytes, 1, sizeof bytes, in)) > 0)
        text_clean_lines(stderr, bytes, count);
    if (in != NULL)
        fclose(in);
}

/* A file is compiled once for each variant of the kernel; was the same said of it for one before? */
static bool is_said(const struct build *build, const struct program *programs, size_t at)
{
    uint64_t hash, before;

    if (programs[at].said == NULL || !hash_of_file(programs[at].said, &hash))
        return false;
    for (size_t u = 0; u < at; u++)
        if (build->units.list[u].source == build->units.list[at].source && programs[u].said != NULL &&
            hash_of_file(programs[u].said, &before) && before == hash)
            return true;
    return false;
}

enum step { PREPROCESS, COMPILE, FINISH };

/* One that can't be read is compiled alone, for its complaint: the others would only take time. */
static bool is_wanted(const struct build *build, const struct unit *unit, enum step step)
{
    bool all = true;

    for (size_t u = 0; u < build->units.count; u++)
        all = all && !build->units.list[u].unreadable;
    return step != COMPILE || all || unit->unreadable;
}

static void set_program(
    const struct build *build, const struct unit *unit, enum step step, struct program *program)
{
    const bool first = unit == build->units.list || unit[-1].variant != unit->variant;

    program->folder = unit->folder;
    if (step == PREPROCESS)
        unit_preprocess(unit, build->request, &program->arguments);
    else if (step == COMPILE)
        unit_compile(unit, build->request, &program->arguments);
    else
        unit_finish(unit, build->request, first ? variant_description(build, unit->variant) : NULL,
            &program->arguments);
    if (asprintf(&program->said, "%s.said", unit->stem) < 0)
        program->said = NULL;
    program->arguments.failed = program->arguments.failed || program->said == NULL;
}

/* False when one of them failed; what they said is shown, but for a preprocessor: the compiler says it again. */
static bool run_step(struct build *build, enum step step)
{
    const size_t count = build->units.count;
    struct program *programs = calloc(count, sizeof *programs);
    bool good = programs != NULL;

    for (size_t u = 0; programs != NULL && u < count; u++) {
        if (!is_wanted(build, &build->units.list[u], step))
            continue;
        set_program(build, &build->units.list[u], step, &programs[u]);
        good = good && programs[u].said != NULL;
    }
    if (good)
        programs_run(programs, count, AT_A_TIME);
    for (size_t u = 0; programs != NULL && u < count; u++) {
        if (programs[u].arguments.count == 0)
            continue;
        if (programs[u].said != NULL && step != PREPROCESS && !is_said(build, programs, u))
            show(programs[u].said);
        if (programs[u].error != 0 && step != PREPROCESS)
            fprintf(stderr, "ballast: %s: %s\n", programs[u].arguments.list[0], strerror(programs[u].error));
        if (step == PREPROCESS)
            build->units.list[u].unreadable = !programs[u].succeeded;
        good = good && programs[u].succeeded;
    }
    for (size_t u = 0; programs != NULL && u < count; u++) {
        words_free(&programs[u].arguments);
        free(programs[u].said);
    }
    free(programs);
    return good;
}

static bool link_one(const struct build *build, const struct kernel_image *image, bool pv, const char *path)
{
    struct program program = {0};
    char *out = NULL;
    bool good = false;

    if (asprintf(&out, "%s" NEW, path) >= 0 &&
        asprintf(&program.said, "%s/objects/link.said", build->folder) >= 0) {
        image_link(&build->units, image, build->request, pv, out, &program.arguments);
        programs_run(&program, 1, 1);
        show(program.said);
        if (program.error != 0)
            fprintf(stderr, "ballast: %s: %s\n", program.arguments.list[0], strerror(program.error));
        good = program.succeeded && rename(out, path) == 0;
    }
    words_free(&program.arguments);
    free(program.said);
    free(out);
    return good;
}

/* ---- what comes out ----------------------------------------------------------------------------- */

/* Whole paths of the images: for each kernel one, and one for the real Xen where that can be built. */
static void list_images(const struct build *build, struct words *paths, bool pv)
{
    for (size_t i = 0; i < build->units.nr_images; i++)
        words_addf(paths, pv ? "%s/pv/%s.elf" : "%s/%s.so", build->folder, build->units.images[i].name);
}

static bool builds_pv(const struct build *build)
{
    return recipe_value(build->request->recipe, "pv-link") != NULL;
}

/* Images that no part of ours belongs to: "NAME PATH". */
static bool cut_copy(const char *row, const struct build *build, char **from, char **to)
{
    const char *blank = strchr(row, ' ');

    *from = *to = NULL;
    if (blank == NULL || asprintf(to, "%s/%.*s", build->folder, (int)(blank - row), row) < 0)
        return false;
    *from = strdup(blank + 1);
    return *from != NULL;
}

static bool copy_file(const char *from, const char *to)
{
    char bytes[BYTES_READ], new[4096];
    struct stat a, b;
    FILE *in, *out;
    size_t count;

    if (stat(from, &a) != 0)
        return errno == ENOENT; /* of what isn't built there is no copy */
    if (stat(to, &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino)
        return true;
    snprintf(new, sizeof new, "%s" NEW, to);
    in = fopen(from, "re");
    out = in != NULL ? fopen(new, "we") : NULL;
    while (out != NULL && (count = fread(bytes, 1, sizeof bytes, in)) > 0)
        if (fwrite(bytes, 1, count, out) != count)
            break;
    const bool whole = out != NULL && ferror(in) == 0 && ferror(out) == 0;
    if (in != NULL)
        fclose(in);
    return out != NULL && fclose(out) == 0 && whole && rename(new, to) == 0;
}

static enum build_result copy_others(struct build *build)
{
    struct words rows = {0};
    enum build_result result = BUILD_DONE;

    recipe_list(build->request->recipe, "copy", NULL, &rows);
    for (size_t r = 0; result == BUILD_DONE && r < rows.count; r++) {
        char *from, *to;
        if (!cut_copy(rows.list[r], build, &from, &to))
            result = no_memory(build);
        else if (!copy_file(from, to))
            result = complain(build, to);
        free(from);
        free(to);
    }
    words_free(&rows);
    return result;
}

static void remove_images(const struct build *build)
{
    struct words paths = {0};

    list_images(build, &paths, false);
    list_images(build, &paths, true);
    words_addf(&paths, "%s/" BUILT_FILE, build->folder);
    for (size_t p = 0; p < paths.count; p++)
        unlink(paths.list[p]);
    words_free(&paths);
}

/* ---- is it there already? ----------------------------------------------------------------------- */

/* All that goes into it. False: something can't be read, and the compiler will say what. */
static bool set_key(struct build *build)
{
    static const char *const files[] = {"objects.*", "with", "pv-with", "explain", "counted", "script"};
    const struct recipe *recipe = build->request->recipe;
    XXH64_state_t *state = XXH64_createState();
    struct words words = {0};
    bool good = state != NULL && run_step(build, PREPROCESS);

    if (good)
        XXH64_reset(state, 0);
    for (size_t u = 0; good && u < build->units.count; u++) {
        char path[4096];
        unit_compile(&build->units.list[u], build->request, &words);
        snprintf(path, sizeof path, "%s.i", build->units.list[u].stem);
        good = hash_file(state, path);
        unlink(path);
    }
    for (size_t i = 0; good && i < build->units.nr_images; i++)
        image_link(&build->units, &build->units.images[i], build->request, true, build->folder, &words);
    if (good) {
        hash_words(state, &recipe->values);
        hash_words(state, &words);
        good = hash_file(state, build->description);
    }
    words_free(&words);
    for (size_t f = 0; good && f < sizeof files / sizeof files[0]; f++)
        for (size_t v = 0; v < (f == 0 ? build->units.variants.count : 1); v++)
            recipe_list(recipe, files[f], build->units.variants.list[v], &words);
    for (size_t w = 0; good && w < words.count; w++)
        if (words.list[w][0] == '/')
            good = hash_file(state, words.list[w]);
    good = good && !words.failed;
    snprintf(build->key, sizeof build->key, "%016" PRIx64, good ? XXH64_digest(state) : 0);
    words_free(&words);
    XXH64_freeState(state);
    return good;
}

static bool is_built(const struct build *build)
{
    struct words paths = {0};
    char path[4096], line[64] = "";
    FILE *in;

    snprintf(path, sizeof path, "%s/" BUILT_FILE, build->folder);
    in = fopen(path, "re");
    if (in != NULL && fgets(line, sizeof line, in) == NULL)
        line[0] = 0;
    if (in != NULL)
        fclose(in);
    line[strcspn(line, "\n")] = 0;
    bool there = strcmp(line, build->key) == 0;
    list_images(build, &paths, false);
    if (builds_pv(build))
        list_images(build, &paths, true);
    for (size_t p = 0; there && p < paths.count; p++)
        there = access(paths.list[p], R_OK) == 0;
    words_free(&paths);
    return there;
}

static enum build_result write_built(struct build *build)
{
    const struct recipe *recipe = build->request->recipe;
    char path[4096], new[4096 + 8];

    snprintf(path, sizeof path, "%s/" BUILT_FILE, build->folder);
    snprintf(new, sizeof new, "%s" NEW, path);
    FILE *out = fopen(new, "we");
    if (out == NULL)
        return complain(build, new);
    fprintf(out, "%s\n", build->key);
    for (size_t u = 0; u < build->units.count; u++) {
        const struct unit *unit = &build->units.list[u];
        char *shown =
            unit->users && unit->variant == build->units.list[0].variant ? shown_name(unit->source) : NULL;
        if (shown != NULL)
            fprintf(out, "%s %s\n", recipe->parts[unit->part].name, shown);
        free(shown);
    }
    if (fclose(out) != 0 || rename(new, path) != 0)
        return complain(build, path);
    return BUILD_DONE;
}

/* ---- the whole ---------------------------------------------------------------------------------- */

static bool objects_are_there(const struct build *build)
{
    char path[4096];

    for (size_t u = 0; u < build->units.count; u++) {
        snprintf(path, sizeof path, "%s.o", build->units.list[u].stem);
        if (access(path, R_OK) != 0) {
            fprintf(stderr, "ballast: the compiler made no object of %s\n", build->units.list[u].name);
            return false;
        }
    }
    return true;
}

static void remove_objects(const struct build *build)
{
    char path[4096];

    for (size_t u = 0; u < build->units.count; u++) {
        snprintf(path, sizeof path, "%s.o", build->units.list[u].stem);
        unlink(path);
    }
}

static bool link_all(const struct build *build, bool pv)
{
    struct words paths = {0};
    bool good = true;

    list_images(build, &paths, pv);
    for (size_t i = 0; good && i < build->units.nr_images; i++)
        good = !paths.failed && link_one(build, &build->units.images[i], pv, paths.list[i]);
    words_free(&paths);
    return good;
}

static enum build_result build_locked(struct build *build)
{
    enum build_result result = write_description(build);

    if (result != BUILD_DONE)
        return result;
    if (set_key(build) && is_built(build))
        return copy_others(build);
    remove_images(build);
    remove_objects(build);
    if (!run_step(build, COMPILE) || !objects_are_there(build) || !describe_variants(build) ||
        !run_step(build, FINISH) || !link_all(build, false) || (builds_pv(build) && !link_all(build, true))) {
        remove_images(build);
        return BUILD_NOT_COMPILED;
    }
    result = copy_others(build);
    return result == BUILD_DONE ? write_built(build) : result;
}

/* A folder and those above it. */
static bool make_folder(const char *path)
{
    char *whole = strdup(path);
    bool made = whole != NULL;

    for (char *at = whole; made && at != NULL;) {
        at = strchr(at + 1, '/');
        if (at != NULL)
            *at = 0;
        made = mkdir(whole, 0777) == 0 || errno == EEXIST;
        if (at != NULL)
            *at = '/';
    }
    free(whole);
    return made;
}

static bool make_folders(struct build *build)
{
    char *objects = NULL, *pv = NULL;
    bool made = false;

    if (!make_folder(build->request->folder))
        return false;
    build->folder = realpath(build->request->folder, NULL);
    if (build->folder != NULL && asprintf(&objects, "%s/objects", build->folder) >= 0 &&
        asprintf(&pv, "%s/pv", build->folder) >= 0 &&
        asprintf(&build->description, "%s/" BUILT_DESCRIPTION, build->folder) >= 0)
        made = make_folder(objects) && (!builds_pv(build) || make_folder(pv));
    free(objects);
    free(pv);
    return made;
}

enum build_result build_guests(const struct build_request *request, char *error, size_t error_bytes)
{
    struct build build = {.request = request, .error = error, .error_bytes = error_bytes};
    enum build_result result;
    int lock = -1;

    assert(request->recipe != NULL && request->files != NULL && request->folder != NULL);
    if (!make_folders(&build) || (lock = open(build.folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0 ||
        flock(lock, LOCK_EX) != 0)
        result = complain(&build, request->folder);
    else if (!units_plan(&build.units, request, build.folder))
        result = no_memory(&build);
    else if (build.units.nr_images == 0) {
        snprintf(error, error_bytes, "there is no kernel of the variant %s", request->variant);
        result = BUILD_ERROR;
    } else
        result = build_locked(&build);
    if (lock >= 0)
        close(lock);
    units_free(&build.units);
    free(build.folder);
    free(build.description);
    words_free(&build.descriptions);
    return result;
}
