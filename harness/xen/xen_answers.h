/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a real Xen answered in a run, call by call, and the model beside it, so that two Xens can be compared that got the
 * same statements (`ballast xen-fuzz --xen A --xen B`). An answer is the call's result, and what was looked at behind it:
 * pages, claims, how much was done.
 *
 * Two Xens give different free frames, so what a name of a frame stands for may differ between them. The model is the same
 * beside both, and gets what each of them got: two answers differ where one Xen parts from the model and the other doesn't, or
 * not so.
 */
#ifndef HARNESS_XEN_XEN_ANSWERS_H
#define HARNESS_XEN_XEN_ANSWERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define XEN_ANSWER_TOLD_MAX 6u

struct xen_answer_value {
    const char *what; /* "result", "the reservation" */
    int64_t xen, model;
};

struct xen_answer {
    uint32_t op, subop; /* as in records: __HYPERVISOR_*, XENMEM_* */
    uint32_t line;      /* of the scenario */
    unsigned nr_values;
    struct xen_answer_value values[1 + XEN_ANSWER_TOLD_MAX]; /* the result, then what was told */
};

struct xen_answers {
    struct xen_answer *list;
    size_t count, room;
    bool lost; /* there was no memory for all of them */
};

/* A call's answer begins; what is told from now on belongs to it. answers NULL: nobody wants to know. */
void xen_answers_begin(
    struct xen_answers *answers, uint64_t op, uint64_t subop, uint32_t line, int64_t xen, int64_t model);
void xen_answers_tell(struct xen_answers *answers, const char *what, uint64_t xen, uint64_t model);
void xen_answers_clear(struct xen_answers *);
void xen_answers_free(struct xen_answers *);

/* Walks over the calls that both lists have: those of a line at which they have as many and the same. Begins zeroed. */
struct xen_answers_walk {
    size_t at[2], left;
    const struct xen_answer *one, *other;
};
bool xen_answers_next(const struct xen_answers *, const struct xen_answers *, struct xen_answers_walk *);
/* The value in which two answers differ, of each; false: in none. */
bool xen_answers_differ(const struct xen_answer *, const struct xen_answer *, struct xen_answer_value *one,
    struct xen_answer_value *other);

#endif
