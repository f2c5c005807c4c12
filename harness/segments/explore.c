/* SPDX-License-Identifier: BSD-2-Clause */
/* The search. What the world complains about is taken down with the way to it. */
#include "harness/segments/explore.h"

#include <assert.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xxhash.h>

#include "harness/segments/cage.h"
#include "harness/segments/states.h"

#define ARENA_BYTES   ((size_t)2 << 20)
#define ARENA_ADDRESS ((void *)0x200000000000)
#define REFUSALS_MAX  4u

static struct explorer {
    const struct small_world *world;
    const struct small_world_setup *setup;
    struct exploration *found;
    struct states states;
    uint64_t steps_max;
    size_t now; /* the state from which it goes on */
    unsigned operation, refused, probe;
    bool in_operation, in_probe, hard;
    unsigned nr_operations, nr_probes;
    unsigned requests;
} explorer;

/* ---- what the world says ------------------------------------------------------------------------ */

static void print_step(FILE *out, unsigned operation, unsigned refused, bool first)
{
    char text[SMALL_WORLD_TEXT_MAX];

    explorer.world->name_operation(operation, refused, text);
    fprintf(out, "%s%s", first ? "" : " ", text);
}

static void print_way(FILE *out, size_t number)
{
    const struct state *state = &explorer.states.list[number];

    if (number == 0)
        return;
    print_way(out, state->before);
    print_step(out, state->operation, state->refused, state->before == 0);
}

static char *way(void)
{
    char *text = NULL, probe[SMALL_WORLD_TEXT_MAX];
    size_t bytes;
    FILE *out = open_memstream(&text, &bytes);

    if (out == NULL)
        return NULL;
    print_way(out, explorer.now);
    if (explorer.in_operation)
        print_step(out, explorer.operation, explorer.refused, explorer.now == 0);
    if (explorer.in_probe) {
        explorer.world->name_probe(explorer.probe, probe);
        fprintf(out, "%s%s", ftell(out) > 0 ? ", then " : "", probe);
    }
    return fclose(out) == 0 ? text : NULL;
}

/* ---- the way as a test ---- */

static void print_test_way(FILE *out, size_t number)
{
    const struct state *state = &explorer.states.list[number];
    char text[SMALL_WORLD_TEXT_MAX];

    if (number == 0)
        return;
    print_test_way(out, state->before);
    explorer.world->test_operation(state->operation, state->refused, explorer.world->no_rule, text);
    fprintf(out, "%s\n", text);
}

/* NULL: it can't be told so. */
static char *way_as_test(unsigned rule)
{
    char *test = NULL, text[SMALL_WORLD_TEXT_MAX] = "";
    size_t bytes;

    if (explorer.world->test_begin == NULL || explorer.setup->unusual ||
        !(explorer.in_probe ? explorer.world->test_probe(explorer.probe, rule, text)
                            : explorer.world->test_end(rule, text)))
        return NULL;
    FILE *out = open_memstream(&test, &bytes);
    if (out == NULL)
        return NULL;
    explorer.world->test_begin(text);
    fprintf(out, "%s\n", text);
    print_test_way(out, explorer.now);
    if (explorer.in_operation)
        explorer.world->test_operation(explorer.operation, explorer.refused, rule, text);
    else if (explorer.in_probe)
        (void)explorer.world->test_probe(explorer.probe, rule, text);
    if (explorer.in_operation || explorer.in_probe)
        fprintf(out, "%s\n", text);
    if (!explorer.in_probe) {
        (void)explorer.world->test_end(rule, text);
        fprintf(out, "%s\n", text);
    }
    return fclose(out) == 0 ? test : NULL;
}

static void leave_if_hard(unsigned rule)
{
    if (explorer.world->rules[rule].hard)
        cage_leave(SMALL_WORLD_BROKEN, "");
}

static void take_down(unsigned rule, const char *text)
{
    struct found *found = &explorer.found->rules[rule];

    assert(rule < explorer.world->nr_rules);
    explorer.hard = explorer.hard || explorer.world->rules[rule].hard;
    if (found->count++ > 0)
        leave_if_hard(rule);
    if (found->count > 1)
        return;
    snprintf(found->text, sizeof found->text, "%s", text);
    found->path = way();
    found->test = way_as_test(rule);
    if (found->path == NULL)
        explorer.found->no_memory = true;
    leave_if_hard(rule);
}

/* ---- steps -------------------------------------------------------------------------------------- */

static void run_operation(void *unused)
{
    (void)unused;
    explorer.requests = explorer.world->run(explorer.operation, explorer.refused);
    explorer.world->look();
}

static void run_probe(void *unused)
{
    (void)unused;
    explorer.world->probe(explorer.probe);
}

static void tell_stop(void *context)
{
    const struct {
        enum small_world_stop how;
        char *text;
    } *stop = context;

    explorer.world->stopped(stop->how, stop->text);
}

static void in_cage(void (*code)(void *), void *context)
{
    char text[SMALL_WORLD_TEXT_MAX], again[SMALL_WORLD_TEXT_MAX];
    struct {
        enum small_world_stop how;
        char *text;
    } stop = {.text = text};
    enum small_world_stop twice;

    if (cage_call(code, context, &stop.how, text))
        return;
    explorer.hard = true;
    if (stop.how != SMALL_WORLD_BROKEN)
        (void)cage_call(tell_stop, &stop, &twice, again);
}

static void restore(void)
{
    states_restore(&explorer.states, explorer.now,
        ARENA_BYTES < explorer.world->arena_used() ? ARENA_BYTES : explorer.world->arena_used());
}

static void ask_allowed(void *context)
{
    bool *allowed = context;

    *allowed = explorer.in_probe ? explorer.world->probe_allowed(explorer.probe)
                                 : explorer.world->allowed(explorer.operation);
}

static bool allowed(void)
{
    enum small_world_stop how;
    char text[SMALL_WORLD_TEXT_MAX];
    bool answer = false;

    return cage_call(ask_allowed, &answer, &how, text) && answer;
}

static void run_probes(size_t number)
{
    const size_t before = explorer.now;

    explorer.now = number;
    explorer.in_operation = false;
    explorer.in_probe = true;
    for (explorer.probe = 0; explorer.probe < explorer.nr_probes; explorer.probe++) {
        if (!allowed())
            continue;
        in_cage(run_probe, NULL);
        restore();
    }
    explorer.in_probe = false;
    explorer.now = before;
    explorer.in_operation = true;
}

static void find_key(void *context)
{
    uint8_t bytes[SMALL_WORLD_KEY_MAX];
    uint64_t *key = context;

    *key = XXH3_64bits(bytes, explorer.world->abstract(bytes));
}

/* Was no state like this one met before? */
static bool is_new(void)
{
    enum small_world_stop stop;
    char text[SMALL_WORLD_TEXT_MAX];
    uint64_t key;

    explorer.world->settle();
    if (!explorer.setup->by_abstract)
        key = states_hash(&explorer.states, explorer.world->arena_used());
    else if (!cage_call(find_key, &key, &stop, text))
        return false;
    explorer.world->settle();
    return states_new_key(&explorer.states, key, &explorer.found->no_memory);
}

/* Keeps the state that the operation left, if it is new. */
static void keep(void)
{
    const struct state how = {.before = (uint32_t)explorer.now,
        .operation = (uint16_t)explorer.operation,
        .refused = (uint16_t)explorer.refused,
        .depth = (uint16_t)(explorer.states.list[explorer.now].depth + 1)};

    if (!is_new())
        return;
    if (!states_keep(&explorer.states, &how, explorer.world->arena_used())) {
        explorer.found->no_memory = true;
        return;
    }
    if (how.depth > explorer.found->depth)
        explorer.found->depth = how.depth;
    run_probes(explorer.states.count - 1);
}

/* One operation, with no request for memory refused, then with each. */
static void step(void)
{
    unsigned requests = 0;

    for (explorer.refused = 0; explorer.refused <= requests; explorer.refused++) {
        explorer.hard = false;
        explorer.requests = 0;
        explorer.found->steps++;
        in_cage(run_operation, NULL);
        if (explorer.refused == 0)
            requests = explorer.requests < REFUSALS_MAX ? explorer.requests : REFUSALS_MAX;
        if (!explorer.hard)
            keep();
        restore();
    }
}

/* ---- the whole ---------------------------------------------------------------------------------- */

struct search {
    const void *inside;
    struct memory *memory;
};

/* The writable part of the object that has an address, without what the loader protects again. */
static int find_data(struct dl_phdr_info *info, size_t bytes, void *context)
{
    struct search *search = context;
    uintptr_t start = 0, end = 0, from = 0, to = 0;
    bool here = false;

    (void)bytes;
    for (int p = 0; p < info->dlpi_phnum; p++) {
        const ElfW(Phdr) *header = &info->dlpi_phdr[p];
        const uintptr_t at = info->dlpi_addr + header->p_vaddr;
        if (header->p_type == PT_LOAD && (uintptr_t)search->inside - at < header->p_memsz)
            here = true;
        if (header->p_type == PT_LOAD && (header->p_flags & PF_W) != 0) {
            start = at;
            end = at + header->p_memsz;
        }
        if (header->p_type == PT_GNU_RELRO) {
            const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
            from = at & ~(page - 1);
            to = (at + header->p_memsz) & ~(page - 1);
        }
    }
    if (!here)
        return 0;
    if (from <= start && to > start)
        start = to;
    search->memory->data = (char *)start;
    search->memory->data_bytes = start < end ? end - start : 0;
    return 1;
}

struct memory world_memory(const struct small_world *world)
{
    struct memory memory = {0};

    dl_iterate_phdr(find_data, &(struct search){.inside = world, .memory = &memory});
    return memory;
}

static char *map_arena(void)
{
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *whole = mmap(
        ARENA_ADDRESS, ARENA_BYTES + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    if (whole == MAP_FAILED || mprotect(whole + page, ARENA_BYTES, PROT_READ | PROT_WRITE) != 0)
        return NULL;
    return whole + page;
}

static bool unchanged(void)
{
    return states_is(&explorer.states, explorer.now, explorer.world->arena_used());
}

static void unmap_arena(char *arena)
{
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);

    munmap(arena - page, ARENA_BYTES + 2 * page);
}

static void run_begin(void *context)
{
    explorer.world->begin((unsigned)(explorer.setup - explorer.world->setups), context);
    explorer.world->look();
}

static void search(void)
{
    const unsigned depth = explorer.setup->depth;
    for (explorer.now = 0; explorer.now < explorer.states.count; explorer.now++) {
        if (depth != 0 && explorer.states.list[explorer.now].depth == depth)
            continue;
        restore();
        explorer.in_operation = true;
        for (explorer.operation = 0; explorer.operation < explorer.nr_operations; explorer.operation++) {
            if (explorer.found->steps >= explorer.steps_max || explorer.found->no_memory ||
                cage_time_is_up()) {
                explorer.found->end = cage_time_is_up() ? EXPLORED_TIME_UP : EXPLORED_STOPPED;
                return;
            }
            if (allowed())
                step();
        }
        states_forget(&explorer.states, explorer.now);
    }
    explorer.found->end = EXPLORED_ALL;
}

bool explore(const struct small_world *world, unsigned setup, const struct memory *data, uint64_t steps_max,
    struct exploration *found, char *error, size_t error_bytes)
{
    static struct small_world_host host;
    const struct memory memory = {
        .data = data->data, .data_bytes = data->data_bytes, .arena = map_arena(), .arena_bytes = ARENA_BYTES};

    assert(world->magic == SMALL_WORLD_MAGIC && world->nr_rules <= RULES_MAX && setup < world->nr_setups);
    host = (struct small_world_host){.broken = take_down,
        .stop = cage_leave,
        .unchanged = unchanged,
        .arena = memory.arena,
        .arena_bytes = ARENA_BYTES};
    if (memory.arena == NULL || memory.data_bytes == 0) {
        snprintf(error, error_bytes, "no memory for a small world");
        return false;
    }
    *found = (struct exploration){0};
    explorer = (struct explorer){
        .world = world, .setup = &world->setups[setup], .found = found, .steps_max = steps_max};
    in_cage(run_begin, &host);
    world->settle();
    if (explorer.hard)
        found->end = EXPLORED_ALL; /* there is no first state */
    else if (!states_begin(&explorer.states, &memory, world->arena_used()))
        found->no_memory = true;
    else {
        explorer.nr_operations = world->operations();
        explorer.nr_probes = world->probes();
        (void)is_new();
        run_probes(0);
        search();
        found->states = explorer.states.count;
    }
    states_free(&explorer.states);
    unmap_arena(memory.arena);
    return true;
}

void exploration_free(struct exploration *found)
{
    for (size_t r = 0; r < RULES_MAX; r++) {
        free(found->rules[r].path);
        free(found->rules[r].test);
    }
}
