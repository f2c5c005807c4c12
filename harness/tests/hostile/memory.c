/* SPDX-License-Identifier: BSD-2-Clause */
/* Deeds that use memory before it is written, behind its end or after it was freed, or that free it wrongly. */
#include "hostile.h"

struct thing {
    struct thing *next;
    uint64_t number;
    char text[48];
};

static struct thing *volatile kept;
static struct pool pool, other_pool;
static pool_cache_t cache;

static struct thing *thing_new(void)
{
    return kmem_alloc(sizeof(struct thing), KM_SLEEP);
}

static void write_after_free(void)
{
    kept = thing_new();
    kmem_free(kept, sizeof(*kept));
    kept->number = 7;
}

/* Follows a pointer in a freed element, as a walk along a list does that frees each element. */
static void follow_after_free(void)
{
    kept = thing_new();
    kept->next = NULL;
    kmem_free(kept, sizeof(*kept));
    kept->next->number = 7;
}

static void write_before_reuse(void)
{
    write_after_free();
    for (int i = 0; i < 200; i++)
        kmem_free(kmem_alloc(sizeof(*kept), KM_SLEEP), sizeof(*kept));
    panic("nobody noticed");
}

static void follow_unwritten(void)
{
    kept = thing_new();
    kept->next->number = 7;
}

static void call_unwritten(void)
{
    void (**function)(void) = kmem_alloc(sizeof(*function), KM_SLEEP);

    (*function)();
}

static void free_twice(void)
{
    kept = thing_new();
    kmem_free(kept, sizeof(*kept));
    kmem_free(kept, sizeof(*kept));
}

/* The second free comes after other memory was allocated and freed. */
static void free_twice_later(void)
{
    struct thing *volatile first = thing_new();

    kmem_free(first, sizeof(*first));
    for (int i = 0; i < 20; i++)
        kmem_free(thing_new(), sizeof(struct thing));
    kmem_free(first, sizeof(*first));
}

static void free_as_another_size(void)
{
    kmem_free(thing_new(), sizeof(struct thing) - 8);
}

static void free_what_is_none(void)
{
    static struct thing thing[2];

    kmem_free(&thing[1], sizeof(thing[1]));
}

static void free_in_the_middle(void)
{
    kmem_free(&thing_new()->number, 8);
}

static void write_behind(void)
{
    char *volatile text = kmem_alloc(13, KM_SLEEP);

    text[13] = '\0';
    kmem_free(text, 13);
}

static void write_before(void)
{
    uint64_t *volatile numbers = kmem_zalloc(64, KM_SLEEP);

    numbers[-1] = 0;
    kmem_free(numbers, 64);
}

/* The size is a difference below zero, taken as unsigned. */
static void alloc_less_than_nothing(void)
{
    char *volatile text = kmem_alloc((size_t)zero - 8, KM_NOSLEEP);

    text[zero] = 1;
}

/* The list of callouts that are due then begins in freed memory, and the idle loop walks it. */
static void callout_freed_alone(void)
{
    callout_t *c = kmem_alloc(sizeof(*c), KM_SLEEP);

    callout_init(c, CALLOUT_MPSAFE);
    callout_setfunc(c, hostile_callout, NULL);
    callout_schedule(c, 3);
    kmem_free(c, sizeof(*c));
}

static void pools(void)
{
    pool_init(&pool, sizeof(struct thing), 0, 0, 0, "things", NULL, IPL_NONE);
    pool_init(&other_pool, sizeof(struct thing), 0, 0, 0, "others", NULL, IPL_NONE);
}

static void pool_put_twice(void)
{
    pools();
    kept = pool_get(&pool, PR_WAITOK);
    pool_put(&pool, kept);
    pool_put(&pool, kept);
}

static void pool_put_elsewhere(void)
{
    pools();
    pool_put(&other_pool, pool_get(&pool, PR_WAITOK));
}

static void pool_write_after_put(void)
{
    pools();
    kept = pool_get(&pool, PR_WAITOK);
    pool_put(&pool, kept);
    kept->number = 7;
    (void)pool_get(&pool, PR_WAITOK);
}

static void pool_follow_after_put(void)
{
    pools();
    kept = pool_get(&pool, PR_WAITOK);
    kept->next = NULL;
    pool_put(&pool, kept);
    kept->next->number = 7;
}

static void pool_follow_unwritten(void)
{
    pools();
    kept = pool_get(&pool, PR_WAITOK);
    kept->next->number = 7;
}

static int thing_construct(void *arg __unused, void *object, int flags __unused)
{
    memset(object, 0, sizeof(struct thing));
    return 0;
}

/* The freed object is never allocated again: only the check at rest can find the write. */
static void cache_write_after_put(void)
{
    cache =
        pool_cache_init(sizeof(struct thing), 0, 0, 0, "cached", NULL, IPL_NONE, thing_construct, NULL, NULL);
    kept = pool_cache_get(cache, PR_WAITOK);
    pool_cache_put(cache, kept);
    kept->number = 7;
}

static void kmem_free_of_pool(void)
{
    pools();
    kmem_free(pool_get(&pool, PR_WAITOK), sizeof(struct thing));
}

const struct deed deeds[] = {{"write_after_free", write_after_free}, {"follow_after_free", follow_after_free},
    {"write_before_reuse", write_before_reuse}, {"follow_unwritten", follow_unwritten},
    {"call_unwritten", call_unwritten}, {"free_twice", free_twice}, {"free_twice_later", free_twice_later},
    {"free_as_another_size", free_as_another_size}, {"free_what_is_none", free_what_is_none},
    {"free_in_the_middle", free_in_the_middle}, {"write_behind", write_behind},
    {"write_before", write_before}, {"alloc_less_than_nothing", alloc_less_than_nothing},
    {"callout_freed_alone", callout_freed_alone}, {"pool_put_twice", pool_put_twice},
    {"pool_put_elsewhere", pool_put_elsewhere}, {"pool_write_after_put", pool_write_after_put},
    {"pool_follow_after_put", pool_follow_after_put}, {"pool_follow_unwritten", pool_follow_unwritten},
    {"cache_write_after_put", cache_write_after_put}, {"kmem_free_of_pool", kmem_free_of_pool}, {NULL, NULL}};
