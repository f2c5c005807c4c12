/* SPDX-License-Identifier: BSD-2-Clause */
/* Lists of answers, the calls that two of them have in common, and where they differ. */
#include "harness/xen/xen_answers.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

void xen_answers_begin(
    struct xen_answers *answers, uint64_t op, uint64_t subop, uint32_t line, int64_t xen, int64_t model)
{
    if (answers == NULL)
        return;
    if (answers->count == answers->room) {
        const size_t room = answers->room == 0 ? 1024 : 2 * answers->room;
        struct xen_answer *list = realloc(answers->list, room * sizeof *list);

        answers->lost = answers->lost || list == NULL;
        if (list == NULL)
            return;
        answers->list = list;
        answers->room = room;
    }
    answers->list[answers->count++] = (struct xen_answer){.op = (uint32_t)op,
        .subop = (uint32_t)subop,
        .line = line,
        .nr_values = 1,
        .values = {{"result", xen, model}}};
}

void xen_answers_tell(struct xen_answers *answers, const char *what, uint64_t xen, uint64_t model)
{
    if (answers == NULL || answers->count == 0)
        return;
    struct xen_answer *answer = &answers->list[answers->count - 1];
    assert(answer->nr_values >= 1);
    if (answer->nr_values < sizeof answer->values / sizeof answer->values[0])
        answer->values[answer->nr_values++] = (struct xen_answer_value){what, (int64_t)xen, (int64_t)model};
}

void xen_answers_clear(struct xen_answers *answers)
{
    answers->count = 0;
    answers->lost = false;
}

void xen_answers_free(struct xen_answers *answers)
{
    free(answers->list);
    *answers = (struct xen_answers){0};
}

/* How many answers of the line there are from there on. */
static size_t of_line(const struct xen_answers *answers, size_t from, uint32_t line)
{
    size_t to = from;

    while (to < answers->count && answers->list[to].line == line)
        to++;
    return to - from;
}

static bool same_calls(const struct xen_answer *a, const struct xen_answer *b, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (a[i].op != b[i].op || a[i].subop != b[i].subop)
            return false;
    return true;
}

/* Goes on to the next line of which both have the same calls. False: there is none. */
static bool next_line(const struct xen_answers *a, const struct xen_answers *b, struct xen_answers_walk *walk)
{
    while (walk->at[0] < a->count && walk->at[1] < b->count) {
        const uint32_t one = a->list[walk->at[0]].line, other = b->list[walk->at[1]].line;
        const size_t of_one = one <= other ? of_line(a, walk->at[0], one) : 0,
                     of_other = other <= one ? of_line(b, walk->at[1], other) : 0;

        if (of_one == of_other && same_calls(a->list + walk->at[0], b->list + walk->at[1], of_one)) {
            walk->left = of_one;
            return true;
        }
        walk->at[0] += of_one;
        walk->at[1] += of_other;
    }
    return false;
}

bool xen_answers_next(const struct xen_answers *a, const struct xen_answers *b, struct xen_answers_walk *walk)
{
    if (walk->left == 0 && !next_line(a, b, walk))
        return false;
    walk->one = &a->list[walk->at[0]++];
    walk->other = &b->list[walk->at[1]++];
    walk->left--;
    return true;
}

bool xen_answers_differ(const struct xen_answer *a, const struct xen_answer *b, struct xen_answer_value *one,
    struct xen_answer_value *other)
{
    for (unsigned v = 0; v < a->nr_values && v < b->nr_values; v++) {
        *one = a->values[v];
        *other = b->values[v];
        const bool first = one->xen != one->model, second = other->xen != other->model;
        if (strcmp(one->what, other->what) != 0)
            return false; /* other things were looked at, after other frames */
        if (first != second || (first && one->xen != other->xen))
            return true;
    }
    return false;
}
