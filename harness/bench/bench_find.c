/* SPDX-License-Identifier: BSD-2-Clause */
/* What it takes to find a page's segment. Segments have one page each and a hole behind it, and pages are asked for at random. */
#include "harness/bench/bench_find.h"

#include <dlfcn.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "guest/abi/segment_finder.h"

#define SEGMENTS_MAX 100000u
#define LOOKUPS      (1u << 16)
#define STRIDE       2u /* a page and a hole */

/* What the other two are held against: the ends of the segments, in order. */
static uint64_t ends[SEGMENTS_MAX], nr_ends;

static uint64_t find_by_search(uint64_t pfn)
{
    uint64_t low = 0, high = nr_ends;

    while (low < high) {
        const uint64_t middle = (low + high) / 2;

        if (ends[middle] <= pfn)
            low = middle + 1;
        else
            high = middle;
    }
    return low < nr_ends && pfn >= ends[low] - 1u ? pfn - (ends[low] - 1u) : SEGMENT_FINDER_NONE;
}

static bool plug_by_search(uint64_t pfn, uint64_t pages)
{
    if (nr_ends == SEGMENTS_MAX)
        return false;
    ends[nr_ends++] = pfn + pages;
    return true;
}

static const struct segment_finder sorted_array = {plug_by_search, find_by_search};

static double now_s(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* ns for each of the pages; 0: one was not found. */
static double look_up(const struct segment_finder *finder, const uint64_t *pfns, double seconds)
{
    const double start_s = now_s();
    uint64_t rounds = 0, missed = 0;
    double spent_s;

    do {
        for (uint32_t i = 0; i < LOOKUPS; i++)
            missed += finder->find(pfns[i]) != 0;
        rounds++;
        spent_s = now_s() - start_s;
    } while (spent_s < seconds);
    return missed == 0 ? spent_s * 1e9 / (double)(rounds * LOOKUPS) : 0;
}

static void choose(uint64_t *pfns, uint64_t segments)
{
    uint64_t random = 88172645463325252u;

    for (uint32_t i = 0; i < LOOKUPS; i++) {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        pfns[i] = random % segments * STRIDE;
    }
}

static const struct segment_finder *load(const char *folder, const char *name)
{
    char path[512];
    void *object = NULL;

    if ((size_t)snprintf(path, sizeof path, "%s/%s.so", folder, name) < sizeof path)
        object = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    const struct segment_finder *finder = object != NULL ? dlsym(object, SEGMENT_FINDER_SYMBOL) : NULL;
    if (finder == NULL)
        fprintf(stderr, "bench: %s is no segment file alone; `make bench` builds it\n", path);
    return finder;
}

bool bench_find(const char *folder, double seconds)
{
    static uint64_t pfns[LOOKUPS];
    const struct segment_finder *finders[] = {load(folder, "static"), load(folder, "hotplug"), &sorted_array};
    uint64_t there = 0;

    if (finders[0] == NULL || finders[1] == NULL)
        return false;
    printf("finding a page's segment, ns %23s %12s %18s\n", "static array", "rbtree", "binary search");
    for (uint64_t segments = 1; segments <= SEGMENTS_MAX; segments *= 10) {
        double ns[3];

        choose(pfns, segments);
        for (size_t f = 0; f < 3; f++) {
            for (uint64_t s = there; s < segments; s++)
                if (!finders[f]->plug(s * STRIDE, 1))
                    return false;
            ns[f] = look_up(finders[f], pfns, seconds / 8);
            if (ns[f] <= 0) {
                fprintf(stderr, "bench: one of %" PRIu64 " segments is not found\n", segments);
                return false;
            }
        }
        there = segments;
        printf("    %6" PRIu64 " segments %33.1f %12.1f %18.1f\n", segments, ns[0], ns[1], ns[2]);
    }
    return true;
}
