/* SPDX-License-Identifier: BSD-2-Clause */
/* Sets maxima on Xen as the model's toolstack did, in the same place among a guest's calls, and compares. */
#include "harness/xen/maximum.h"

#include "harness/xen/domctl.h"
#include "harness/xen/guest_call.h"
#include "harness/xen/xen_pages.h"

#include <assert.h>
#include <stdlib.h>

#include "sim/inspect.h"

struct late_maximum {
    struct late_maximum *next;
    struct domain *domain;
    bool pod_target;
    uint64_t amount; /* KiB of a maximum, pages of a target */
    long model_answer;
};

/* Then the model has the last of them already. */
static bool is_set_again(const struct xen_run *run, const struct domain *domain)
{
    const struct late_maximum *late = run->late;

    while (late != NULL && (late->domain != domain || late->pod_target))
        late = late->next;
    return late != NULL;
}

static const struct xen_guest *guest_of(const struct xen_run *run, const struct domain *domain)
{
    const struct xen_guest *guest = *run->guests;

    while (guest != NULL && guest->domain != domain)
        guest = guest->next;
    return guest;
}

static void set_pod_target(struct xen_run *run, struct domain *domain, uint64_t pages, long model_answer)
{
    const struct xen_guest *guest = guest_of(run, domain);

    if (guest == NULL)
        return;
    const long xen_answer =
        xen_pages_set_pod_target(run->conductor, guest->on_xen->domid, pages + guest->on_xen->apart_pages);
    xen_answers_begin(run->answers, __HYPERVISOR_memory_op, XENMEM_set_pod_target,
        recorder_line(run->recorder), xen_answer, model_answer);
    if (xen_answer != model_answer)
        xen_run_differs(run, domain, "XENMEM_set_pod_target of %llu pages: Xen answers %ld, the model %ld",
            (unsigned long long)pages, xen_answer, model_answer);
    xen_run_compare_domain(run, domain, guest->on_xen->domid, "XENMEM_set_pod_target");
    xen_run_compare_free(run, domain, "XENMEM_set_pod_target");
}

static void set_maximum(struct xen_run *run, struct domain *domain, uint64_t kib, long model_answer)
{
    const struct xen_guest *guest = guest_of(run, domain);

    if (guest == NULL)
        return;
    long xen_answer = xen_pages_set_maximum(
        run->conductor, guest->on_xen->domid, kib + guest->on_xen->apart_pages * KIB_PER_PAGE);
    xen_answers_begin(run->answers, __HYPERVISOR_domctl, XEN_DOMCTL_max_mem, recorder_line(run->recorder),
        xen_answer, model_answer);
    if (xen_answer != model_answer)
        xen_run_differs(run, domain, "XEN_DOMCTL_max_mem of %llu KiB: Xen answers %ld, the model %ld",
            (unsigned long long)kib, xen_answer, model_answer);
    if (!is_set_again(run, domain))
        xen_run_compare_domain(run, domain, guest->on_xen->domid, "XEN_DOMCTL_max_mem");
    xen_run_compare_free(run, domain, "XEN_DOMCTL_max_mem");
}

static void set(struct xen_run *run, const struct late_maximum *what)
{
    if (what->pod_target)
        set_pod_target(run, what->domain, what->amount, what->model_answer);
    else
        set_maximum(run, what->domain, what->amount, what->model_answer);
}

/* At once, or when Xen has done the call that the model is ahead with. */
static void set_in_time(struct xen_run *run, const struct late_maximum *what)
{
    struct late_maximum **link = &run->late, *late;

    if (!run->model_is_ahead || machine_enters_call(run->machine)) {
        set(run, what);
        return;
    }
    late = malloc(sizeof *late);
    if (late == NULL) {
        machine_lacks_memory(run->machine);
        return;
    }
    *late = *what;
    while (*link != NULL)
        link = &(*link)->next;
    *link = late;
}

void maximum_was_set(struct xen_run *run, struct domain *domain, uint64_t kib, long model_answer)
{
    const struct late_maximum what = {.domain = domain, .amount = kib, .model_answer = model_answer};

    set_in_time(run, &what);
}

void maximum_pod_target_was_set(struct xen_run *run, struct domain *domain, uint64_t pages, long model_answer)
{
    const struct late_maximum what = {
        .domain = domain, .pod_target = true, .amount = pages, .model_answer = model_answer};

    set_in_time(run, &what);
}

void maximum_waits(struct xen_run *run)
{
    assert(!run->model_is_ahead && run->late == NULL);
    run->model_is_ahead = true;
}

void maximum_catches_up(struct xen_run *run)
{
    assert(run->model_is_ahead);
    run->model_is_ahead = false;
    while (run->late != NULL) {
        struct late_maximum *late = run->late;

        run->late = late->next;
        set(run, late);
        free(late);
    }
}
