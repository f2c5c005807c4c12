/* SPDX-License-Identifier: BSD-2-Clause */
/* The guards: filled with one byte, and compared word by word wherever an object ends. */
#include "guest/lib/guards.h"

#include <stdbool.h>
#include <stddef.h>

#include "guest/lib/debug_port.h"

#define GUARD_WORD  0xa7a7a7a7a7a7a7a7ull
#define FRONT_WORDS (GUARD_FRONT_BYTES / sizeof(uint64_t))
#define BACK_WORDS  (GUARD_BEHIND_BYTES / sizeof(uint64_t))
_Static_assert(FRONT_WORDS % 8 == 0 && BACK_WORDS % 8 == 0, "guards are compared by eight words");

/* An object ends at any byte. */
struct word {
    uint64_t value;
} __attribute__((packed));

/* A row, as the build writes it. */
struct guarded_object {
    char *object;
    uint64_t bytes;
    const char *name;
};

/* The linker knows where the section begins and ends; there is none when no object has guards. */
#define EDGE __attribute__((weak, visibility("hidden")))
extern const struct guarded_object __start_guarded_objects[] EDGE, __stop_guarded_objects[] EDGE;

static struct word *front_of(const struct guarded_object *o)
{
    return (struct word *)(o->object - GUARD_FRONT_BYTES);
}

static struct word *behind(const struct guarded_object *o)
{
    return (struct word *)(o->object + o->bytes);
}

static void fill(struct word *words, size_t count)
{
    for (size_t w = 0; w < count; w++)
        words[w].value = GUARD_WORD;
}

/* Eight words a round: this runs at each hypercall of the driver's. */
static bool is_intact(const struct word *words, size_t count)
{
    uint64_t all = GUARD_WORD, any = GUARD_WORD;

    for (const struct word *w = words; w < words + count; w += 8) {
        all &= w[0].value & w[1].value & w[2].value & w[3].value;
        all &= w[4].value & w[5].value & w[6].value & w[7].value;
        any |= w[0].value | w[1].value | w[2].value | w[3].value;
        any |= w[4].value | w[5].value | w[6].value | w[7].value;
    }
    return all == GUARD_WORD && any == GUARD_WORD;
}

void guards_set(void)
{
    for (const struct guarded_object *o = __start_guarded_objects; o < __stop_guarded_objects; o++) {
        fill(front_of(o), FRONT_WORDS);
        fill(behind(o), BACK_WORDS);
    }
}

/* The guard is filled anew, so that the same write is told once. */
static void tell(const struct guarded_object *o, struct word *words, size_t count, uintptr_t guilty)
{
    if (is_intact(words, count))
        return;
    fill(words, count);
    port_misuse_by(guilty, "memory %s %s, which has %lu bytes, was written to",
        words < front_of(o) + FRONT_WORDS ? "in front of" : "behind", o->name, (unsigned long)o->bytes);
}

void guards_check(uintptr_t guilty)
{
    for (const struct guarded_object *o = __start_guarded_objects; o < __stop_guarded_objects; o++) {
        tell(o, front_of(o), FRONT_WORDS, guilty);
        tell(o, behind(o), BACK_WORDS, guilty);
    }
}
