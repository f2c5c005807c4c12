/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Counts the requests for memory and refuses those that a test chose, and repeats a run with each of its requests
 * refused. A request before scarce_begin or after scarce_end is always granted.
 */
#include "harness/tests/scarce.h"

#include <assert.h>
#include <check.h>
#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/types.h>

static struct {
    bool begun, for_good;
    uint64_t nth, asked;
    uintptr_t refused_at; /* the place in our program whose request was the nth */
} scarce;

extern const char __executable_start[]; /* the linker's */

static bool refused(const void *return_address)
{
    if (!scarce.begun)
        return false;
    scarce.asked++;
    if (scarce.asked != scarce.nth && (!scarce.for_good || scarce.asked < scarce.nth))
        return false;
    if (scarce.asked == scarce.nth)
        scarce.refused_at = (uintptr_t)return_address - (uintptr_t)__executable_start;
    errno = ENOMEM;
    return true;
}

/* The linker's --wrap makes calls of NAME go to __wrap_NAME, and calls the C library's own function __real_NAME. */
#define REFUSABLE(type, name, parameters, arguments, none) \
    type __real_##name parameters; \
    type __wrap_##name parameters; \
    type __wrap_##name parameters \
    { \
        return refused(__builtin_return_address(0)) ? (none) : __real_##name arguments; \
    }

REFUSABLE(void *, malloc, (size_t bytes), (bytes), NULL)
REFUSABLE(void *, calloc, (size_t count, size_t bytes), (count, bytes), NULL)
REFUSABLE(void *, realloc, (void *old, size_t bytes), (old, bytes), NULL)
REFUSABLE(void *, reallocarray, (void *old, size_t count, size_t bytes), (old, count, bytes), NULL)
REFUSABLE(char *, strdup, (const char *text), (text), NULL)
REFUSABLE(FILE *, open_memstream, (char **text, size_t *bytes), (text, bytes), NULL)
REFUSABLE(void *, mmap, (void *at, size_t bytes, int may, int how, int fd, off_t from),
    (at, bytes, may, how, fd, from), MAP_FAILED)
REFUSABLE(int, mprotect, (void *at, size_t bytes, int may), (at, bytes, may), -1)
REFUSABLE(int, memfd_create, (const char *name, unsigned flags), (name, flags), -1)
REFUSABLE(int, ftruncate, (int fd, off_t bytes), (fd, bytes), -1)

/* A forked worker must end with no request refused: gcov asks for memory when it writes its counts. */
static void stop(void)
{
    scarce.begun = false;
}

void scarce_begin(uint64_t nth, bool for_good)
{
    static bool stops;

    assert(!scarce.begun && nth > 0);
    if (!stops)
        stops = atexit(stop) == 0;
    scarce.begun = true;
    scarce.for_good = for_good;
    scarce.nth = nth;
    scarce.asked = 0;
}

uint64_t scarce_end(void)
{
    assert(scarce.begun);
    scarce.begun = false;
    return scarce.asked;
}

bool scarce_is_said(const char *message)
{
    return strstr(message, "no memory") != NULL || strstr(message, "out of memory") != NULL ||
           strstr(message, "Cannot allocate memory") != NULL;
}

struct came_out {
    bool whole;
    uint64_t asked;
    char *bytes;
    size_t count;
};

static struct came_out try_once(scarce_try_t *try, void *context, uint64_t nth, bool for_good)
{
    struct came_out came_out = {0};
    FILE *out = open_memstream(&came_out.bytes, &came_out.count);

    ck_assert_ptr_nonnull(out);
    scarce_begin(nth, for_good);
    came_out.whole = try(context, out);
    came_out.asked = scarce_end();
    ck_assert_int_eq(fclose(out), 0);
    return came_out;
}

static bool same(const struct came_out *a, const struct came_out *b)
{
    return a->whole == b->whole && a->count == b->count && memcmp(a->bytes, b->bytes, a->count) == 0;
}

uint64_t scarce_try(const char *name, scarce_try_t *try, void *context, uint64_t last, uint64_t step)
{
    struct came_out first = try_once(try, context, UINT64_MAX, false);

    assert(step > 0 && last < UINT64_MAX / 2);
    ck_assert_msg(first.whole, "%s: no memory, where nothing was refused", name);
    for (uint64_t nth = 1; nth <= first.asked; nth += nth + last >= first.asked ? 1 : step)
        for (int for_good = 0; for_good < 2; for_good++) {
            struct came_out now = try_once(try, context, nth, for_good != 0);
            ck_assert_msg(!now.whole || same(&now, &first),
                "%s: refused request %ju of %ju%s, it goes on as if it had got it: %zu bytes, and not %zu\n"
                "who asked says:  addr2line -pife %s %#jx",
                name, (uintmax_t)nth, (uintmax_t)first.asked, for_good ? " and all behind it" : "", now.count,
                first.count, program_invocation_name, (uintmax_t)scarce.refused_at - 1);
            free(now.bytes);
        }
    struct came_out again = try_once(try, context, UINT64_MAX, false);
    ck_assert_msg(same(&again, &first), "%s: after the refusals it is another: %zu bytes, and not %zu", name,
        again.count, first.count);
    free(again.bytes);
    free(first.bytes);
    return first.asked;
}
