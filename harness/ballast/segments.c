/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A worker loads a world, tries one of its setups and leaves lines with tabs in them; here they are put together, a rule
 * at a time. A worker ran somebody's code, so nothing that it leaves is taken for whole.
 */
#include "harness/ballast/segments.h"

#include <assert.h>
#include <dlfcn.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "harness/ballast/confinement.h"
#include "harness/ballast/interrupt.h"
#include "harness/ballast/segments_tests.h"
#include "harness/ballast/stderr_line.h"
#include "harness/ballast/worker.h"
#include "harness/image/image_file.h"
#include "harness/segments/cage.h"
#include "harness/segments/explore.h"
#include "harness/segments/worlds.h"

#define SETUPS_MAX   16u /* of a world */
#define SETUP_CPU_S  20u
#define WALL_MS      600000u
#define MEMORY_BYTES (2ul << 30)
#define RULES_SHOWN  96u
#define LINE_END     '\r' /* within a field */

struct shown_rule {
    bool ours;
    uint64_t count;
    size_t steps;                           /* of the path */
    char *name, *path, *text, *rule, *test; /* test: "" for none */
    const struct built_world *world;
};

struct variant {
    char *name;
    struct shown_rule rules[RULES_SHOWN];
    size_t nr_rules;
    char *tried; /* a line for each setup */
    size_t tried_bytes;
    FILE *tried_out;
    uint64_t steps, states;
};

struct gathering {
    const struct worlds *worlds;
    const struct recipe *recipe;
    const struct segments_request *request;
    struct variant variants[SEGMENTS_VARIANTS_MAX];
    size_t count;
    bool failed;
    char error[512];
};

/* ---- in the worker ------------------------------------------------------------------------------ */

static const char *left_without(struct outcome *outcome, const char *sentence)
{
    outcome->verdict = VERDICT_ERROR;
    return outcome->sentence = sentence;
}

static void print_word(FILE *out, const char *text)
{
    for (; text != NULL && *text != 0; text++)
        fputc(*text == '\n' ? LINE_END : (unsigned char)*text < ' ' ? ' ' : *text, out);
}

static void print_rule(FILE *out, const struct small_world_rule *rule, const struct small_world_setup *setup,
    const struct found *found)
{
    fprintf(out, "rule\t%d\t%" PRIu64 "\t", rule->ours || setup->unusual, found->count);
    print_word(out, setup->unusual ? "unusual" : rule->name);
    fputc('\t', out);
    print_word(out, found->path);
    fputc('\t', out);
    if (setup->unusual)
        fprintf(out, "%s: %s: ", setup->name, rule->name);
    print_word(out, found->text);
    fputc('\t', out);
    print_word(out, setup->unusual ? "as no kernel sets it up, all holds as well" : rule->text);
    fputc('\t', out);
    print_word(out, found->test);
    fputc('\n', out);
}

static void print_found(
    FILE *out, const struct small_world *world, unsigned setup, const struct exploration *found)
{
    fprintf(out, "world\t%s\nsetup\t%s\t%" PRIu64 "\t%" PRIu64 "\t%u\t%d\n", world->name,
        world->setups[setup].name, found->steps, found->states, found->depth, found->end);
    for (unsigned r = 0; r < world->nr_rules; r++)
        if (found->rules[r].count > 0)
            print_rule(out, &world->rules[r], &world->setups[setup], &found->rules[r]);
}

static void work(void *context, size_t job, struct outcome *outcome)
{
    const struct gathering *all = context;
    const unsigned setup = (unsigned)(job % SETUPS_MAX);
    static struct exploration found;
    static char error[256];
    char *text = NULL;
    size_t bytes;

    if (!cage_limit(SETUP_CPU_S, MEMORY_BYTES)) {
        left_without(outcome, "the process can't be limited");
        return;
    }
    /* The loader would run its constructors before this process is confined. */
    if (!image_file_runs_nothing(all->worlds->list[job / SETUPS_MAX].path, error, sizeof error)) {
        left_without(outcome, error);
        return;
    }
    void *object = dlopen(all->worlds->list[job / SETUPS_MAX].path, RTLD_NOW | RTLD_LOCAL);
    const struct small_world *world = object != NULL ? dlsym(object, "small_world") : NULL;
    if (world == NULL || world->magic != SMALL_WORLD_MAGIC) {
        left_without(outcome, "it can't be loaded, or is none");
        return;
    }
    /* The cage has the last word on signals. */
    if (!confinement_enter(CONFINE_ALTOGETHER) || !cage_begin()) {
        left_without(outcome, "the process can't give up what it does not need");
        return;
    }
    if (setup >= world->nr_setups || !world->suits(setup)) {
        outcome->left_out = true;
        outcome->verdict = VERDICT_PASS;
        return;
    }
    const struct memory data = world_memory(world);
    FILE *out = open_memstream(&text, &bytes);
    if (out == NULL || !explore(world, setup, &data, all->request->operations, &found, error, sizeof error)) {
        left_without(outcome, out == NULL ? "no memory" : error);
        return;
    }
    print_found(out, world, setup, &found);
    outcome->verdict = fclose(out) == 0 && !found.no_memory ? VERDICT_PASS : VERDICT_ERROR;
    outcome->sentence = outcome->verdict == VERDICT_PASS ? text : "no memory";
}

/* ---- what workers left, put together ------------------------------------------------------------ */

static struct variant *variant_of(struct gathering *all, const char *name)
{
    for (size_t v = 0; v < all->count; v++)
        if (strcmp(all->variants[v].name, name) == 0)
            return &all->variants[v];
    if (all->count == SEGMENTS_VARIANTS_MAX)
        return NULL;
    struct variant *variant = &all->variants[all->count];
    *variant = (struct variant){.name = strdup(name)};
    variant->tried_out = open_memstream(&variant->tried, &variant->tried_bytes);
    if (variant->name == NULL || variant->tried_out == NULL)
        return NULL;
    all->count++;
    return variant;
}

static size_t steps_of(const char *path)
{
    size_t steps = 1;

    for (; *path != 0; path++)
        steps += *path == ' ';
    return steps;
}

static struct shown_rule *rule_of(struct variant *variant, const char *name, bool ours)
{
    size_t r = 0;

    while (r < variant->nr_rules &&
           (strcmp(variant->rules[r].name, name) != 0 || variant->rules[r].ours != ours))
        r++;
    if (r == RULES_SHOWN)
        return NULL;
    if (r == variant->nr_rules) {
        variant->rules[r] = (struct shown_rule){.ours = ours, .name = strdup(name), .steps = SIZE_MAX};
        variant->nr_rules += variant->rules[r].name != NULL;
    }
    return variant->rules[r].name != NULL ? &variant->rules[r] : NULL;
}

/* The fields of a line, cut at its tabs. */
static size_t cut(char *line, char **fields, size_t room)
{
    size_t count = 0;

    while (line != NULL && count < room)
        fields[count++] = strsep(&line, "\t");
    return count;
}

static bool take_rule(struct variant *variant, const struct built_world *world, char **fields)
{
    struct shown_rule *rule = rule_of(variant, fields[3], fields[1][0] == '1');
    const size_t steps = steps_of(fields[4]);

    if (rule == NULL)
        return false;
    rule->count += strtoull(fields[2], NULL, 10);
    if (steps >= rule->steps)
        return true;
    free(rule->path);
    free(rule->text);
    free(rule->rule);
    free(rule->test);
    rule->world = world;
    rule->steps = steps;
    rule->path = strdup(fields[4]);
    rule->text = strdup(fields[5]);
    rule->rule = strdup(fields[6]);
    rule->test = strdup(fields[7]);
    for (char *at = rule->test; at != NULL && *at != 0; at++)
        *at = *at == LINE_END ? '\n' : *at;
    return rule->test != NULL && rule->path != NULL && rule->text != NULL && rule->rule != NULL;
}

/* What was defined; what was undone before it says nothing. */
static void print_options(FILE *out, const char *options)
{
    for (const char *at = options; *at != 0; at += strspn(at, " ")) {
        const size_t bytes = strcspn(at, " ");
        if (strncmp(at, "-D", 2) == 0)
            fprintf(out, " %.*s", (int)bytes, at);
        at += bytes;
    }
    fputc('\n', out);
}

static void take_setup(struct variant *variant, const struct built_world *world, char **fields)
{
    static const char *const ends[] = {"complete", "time up", "stopped"};
    const unsigned end = (unsigned)(fields[5][0] - '0') % 3;
    const uint64_t steps = strtoull(fields[2], NULL, 10), states = strtoull(fields[3], NULL, 10);

    variant->steps += steps;
    variant->states += states;
    fprintf(variant->tried_out, "  %-34s %8" PRIu64 " operations %8" PRIu64 " states  depth %2s  %-9s",
        fields[1], steps, states, fields[4], ends[end]);
    print_options(variant->tried_out, world->options);
}

static void fail(struct gathering *all, const char *sentence)
{
    if (!all->failed)
        snprintf(all->error, sizeof all->error, "%s", sentence);
    all->failed = true;
}

static void take_line(
    struct gathering *all, struct variant **variant, const struct built_world *world, char *line)
{
    char *fields[8];
    const size_t count = cut(line, fields, 8);

    if (count == 2 && strcmp(fields[0], "world") == 0) {
        *variant = variant_of(all, fields[1]);
        if (*variant == NULL)
            fail(all, "no memory");
    } else if (*variant != NULL && count == 6 && strcmp(fields[0], "setup") == 0)
        take_setup(*variant, world, fields);
    else if (*variant != NULL && count == 8 && strcmp(fields[0], "rule") == 0 &&
             !take_rule(*variant, world, fields))
        fail(all, "no memory");
}

/* A worker that its own code ended. */
static void take_death(struct gathering *all, const struct built_world *world, const char *sentence)
{
    char name[64], line[512];
    struct variant *variant;

    snprintf(name, sizeof name, "variant %s", world->variant);
    variant = all->count > 0 ? &all->variants[all->count - 1] : variant_of(all, name);
    snprintf(line, sizeof line, "rule\t0\t1\tdied\t?\t%s\tno call ends its process\t", sentence);
    if (variant == NULL)
        fail(all, "no memory");
    else
        take_line(all, &variant, world, line);
}

static void deliver(void *context, size_t job, const struct outcome *outcome)
{
    struct gathering *all = context;
    const struct built_world *world = &all->worlds->list[job / SETUPS_MAX];
    struct variant *variant = NULL;
    char *text, *rest, *line;

    if (outcome->left_out)
        return;
    if (outcome->verdict != VERDICT_PASS) {
        take_death(all, world, outcome->sentence);
        return;
    }
    text = rest = strdup(outcome->sentence);
    if (text == NULL)
        fail(all, "no memory");
    while ((line = strsep(&rest, "\n")) != NULL)
        take_line(all, &variant, world, line);
    free(text);
}

/* ---- the text ----------------------------------------------------------------------------------- */

static void print_rules(FILE *out, const struct variant *variant, bool ours)
{
    for (size_t r = 0; r < variant->nr_rules; r++) {
        const struct shown_rule *rule = &variant->rules[r];
        if (rule->ours == ours && rule->rule != NULL)
            fprintf(out, "    %-24s %8" PRIu64 "  %s; first %s%s%s\n", rule->name, rule->count, rule->rule,
                rule->text, rule->path[0] != 0 ? ", after " : "", rule->path);
    }
}

static bool has_rules(const struct variant *variant, bool ours)
{
    bool any = false;

    for (size_t r = 0; r < variant->nr_rules; r++)
        any = any || variant->rules[r].ours == ours;
    return any;
}

static bool finish(struct variant *variant, struct segments_result *result)
{
    size_t bytes;
    FILE *rows = open_memstream(&result->rows, &bytes), *out = open_memstream(&result->text, &bytes);

    result->name = variant->name;
    variant->name = NULL;
    result->verdict = has_rules(variant, false) ? VERDICT_FAIL : VERDICT_PASS;
    result->remarks = has_rules(variant, true);
    for (size_t r = 0; rows != NULL && r < variant->nr_rules; r++)
        if (!variant->rules[r].ours)
            fprintf(rows, "%s %" PRIu64 " %s, after %s\n", variant->rules[r].name, variant->rules[r].count,
                variant->rules[r].text, variant->rules[r].path);
    fflush(variant->tried_out);
    if (out != NULL) {
        if (has_rules(variant, false))
            fputs("  broken, with how often and the shortest way to it:\n", out);
        print_rules(out, variant, false);
        if (has_rules(variant, true))
            fputs("  not as our own file does it, though nothing promises it:\n", out);
        print_rules(out, variant, true);
        fputs(variant->tried, out);
    }
    return rows != NULL && out != NULL && fclose(rows) == 0 && fclose(out) == 0;
}

static void free_result(struct segments_result *result)
{
    free(result->name);
    free(result->rows);
    free(result->text);
}

static void forget(struct variant *variant)
{
    for (size_t r = 0; r < variant->nr_rules; r++) {
        free(variant->rules[r].name);
        free(variant->rules[r].path);
        free(variant->rules[r].text);
        free(variant->rules[r].rule);
        free(variant->rules[r].test);
    }
    if (variant->tried_out != NULL)
        fclose(variant->tried_out);
    free(variant->tried);
    free(variant->name);
}

static void write_tests(struct gathering *all, const struct variant *variant)
{
    char error[512];

    for (size_t r = 0; all->request->tests_folder != NULL && r < variant->nr_rules; r++) {
        const struct shown_rule *rule = &variant->rules[r];
        const struct segments_test test = {.rule = rule->name,
            .variant = rule->world != NULL ? rule->world->variant : "",
            .options = rule->world != NULL ? rule->world->options : "",
            .promise = rule->rule,
            .seen = rule->text,
            .path = rule->path,
            .statements = rule->test};
        if (rule->test != NULL && rule->test[0] != 0 &&
            !segments_tests_write(all->recipe, all->request->tests_folder, &test, error, sizeof error))
            fail(all, error);
    }
}

/* ---- the whole ---------------------------------------------------------------------------------- */

/* What has held in a world up to ^C may not hold in the rest of it. */
static void keep_broken(struct segments_results *results)
{
    size_t kept = 0;

    for (size_t r = 0; r < results->count; r++) {
        struct segments_result *result = &results->list[r];
        if (result->verdict == VERDICT_FAIL)
            results->list[kept++] = *result;
        else
            free_result(result);
    }
    results->count = kept;
}

static int try_all(const struct worlds *worlds, const struct recipe *recipe,
    const struct segments_request *request, struct segments_results *results)
{
    static struct gathering all;
    struct workers workers = {.nr_jobs = worlds->count * SETUPS_MAX,
        .at_a_time = request->jobs,
        .timeout_ms = WALL_MS,
        .work = work,
        .deliver = deliver};

    all = (struct gathering){.worlds = worlds, .recipe = recipe, .request = request};
    workers.context = &all;
    const char *lacks = confinement_prepare();
    if (lacks != NULL)
        stderr_line("%s", lacks);
    if (request->until_interrupted)
        interrupt_begin();
    if (!workers_run(&workers))
        fail(&all, "no worker process can be started");
    for (size_t v = 0; v < all.count; v++) {
        write_tests(&all, &all.variants[v]);
        if (!finish(&all.variants[v], &results->list[results->count++]))
            fail(&all, "no memory");
        forget(&all.variants[v]);
    }
    if (interrupt_seen())
        keep_broken(results);
    if (all.failed)
        stderr_line("%s", all.error);
    return all.failed ? VERDICT_ERROR : VERDICT_PASS;
}

int segments_try(const struct guest_options *options, const struct segments_request *request,
    struct segments_results *results)
{
    struct user_files files = {0};
    struct worlds worlds = {0};
    char error[1024] = "";
    int code = VERDICT_ERROR;

    assert(options->recipe != NULL && request->jobs > 0);
    *results = (struct segments_results){0};
    if (!worlds_are_known(options->recipe))
        snprintf(error, sizeof error, "this build has no small worlds");
    else if ((request->tests_folder == NULL ||
                 segments_tests_begin(options->recipe, request->tests_folder, error, sizeof error)) &&
             guest_options_files(options, &files, error, sizeof error)) {
        const enum build_result result = worlds_build(&worlds, options->recipe, &files, error, sizeof error);
        if (result == BUILD_DONE)
            code = try_all(&worlds, options->recipe, request, results);
        else if (result == BUILD_NOT_COMPILED) {
            code = EXIT_NOT_COMPILED;
            snprintf(error, sizeof error,
                "the segment file does not compile or link as a small world, and nothing was run");
        }
    }
    if (error[0] != 0)
        stderr_line("%s", error);
    worlds_free(&worlds);
    user_files_free(&files);
    return code;
}

bool segments_not_tried(struct segments_results *results)
{
    struct segments_result *result = &results->list[0];

    assert(results->count == 0);
    *result = (struct segments_result){.name = strdup("in small worlds"),
        .verdict = VERDICT_SKIP,
        .rows = strdup(""),
        .text =
            strdup("the segment file does not compile or link as a small world: a name that it calls may be "
                   "missing there")};
    results->count = 1;
    if (result->name != NULL && result->rows != NULL && result->text != NULL)
        return true;
    segments_results_free(results);
    return false;
}

void segments_results_free(struct segments_results *results)
{
    for (size_t r = 0; r < results->count; r++)
        free_result(&results->list[r]);
    *results = (struct segments_results){0};
}
