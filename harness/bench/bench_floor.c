/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The lower bound for moving a page: its memory accesses alone, on arrays as large as the simulator's. Frames come in the
 * order in which the simulated host gives them, permuted within windows. It uses nothing of the simulator.
 */
#include "harness/bench/bench_floor.h"

#include <stdlib.h>
#include <time.h>

#define WINDOW_FRAMES 16384u
#define MEASURE_S     0.2

struct floor_frame {
    uint64_t stamp;
    uint32_t next, previous, mappings;
    uint16_t owner, flags;
};

static double now_s(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* An odd factor permutes a window whose size is a power of two. */
static uint64_t permuted(uint64_t index)
{
    return (index & ~(uint64_t)(WINDOW_FRAMES - 1)) | (index * 9781u + 127u) % WINDOW_FRAMES;
}

static void move_all(uint64_t *p2m, uint64_t *m2p, struct floor_frame *frames, uint64_t pages)
{
    for (uint64_t pfn = 0; pfn < pages; pfn++) {
        uint64_t mfn = permuted(pfn);
        frames[mfn].owner = 1;
        frames[mfn].stamp = 0;
        m2p[mfn] = pfn;
        p2m[pfn] = mfn;
    }
    for (uint64_t pfn = 0; pfn < pages; pfn++) {
        uint64_t mfn = p2m[pfn];
        p2m[pfn] = UINT64_MAX;
        m2p[mfn] = UINT64_MAX;
        frames[mfn].owner = 0;
        frames[mfn].next = (uint32_t)pfn;
    }
    __asm__ volatile("" ::: "memory"); /* so that the compiler leaves out none of the writes */
}

double bench_floor_ns(uint64_t frames)
{
    const uint64_t count = frames < WINDOW_FRAMES ? WINDOW_FRAMES : frames & ~(uint64_t)(WINDOW_FRAMES - 1);
    uint64_t *p2m = calloc(count, sizeof *p2m), *m2p = calloc(count, sizeof *m2p), moved = 0;
    struct floor_frame *table = calloc(count, sizeof *table);
    double spent_s = 0;

    if (p2m != NULL && m2p != NULL && table != NULL) {
        move_all(p2m, m2p, table, count);
        const double start_s = now_s();
        do {
            move_all(p2m, m2p, table, count);
            moved += 2 * count;
            spent_s = now_s() - start_s;
        } while (spent_s < MEASURE_S);
    }
    free(p2m);
    free(m2p);
    free(table);
    return moved == 0 ? 0 : spent_s * 1e9 / (double)moved;
}
