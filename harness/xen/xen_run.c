/* SPDX-License-Identifier: BSD-2-Clause */
/* Notes what differs between the real Xen and the model, and compares how many pages each has. */
#include "harness/xen/xen_run.h"

#include "harness/xen/guest_call.h"
#include "harness/xen/xen_pages.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "sim/inspect.h"

#define DIFFERENCES_MAX 20u /* only the first ones are recorded: the others mostly follow from them */

void xen_run_differs(struct xen_run *run, const struct domain *domain, const char *format, ...)
{
    char text[400];
    va_list arguments;

    /* What QEMU left when it ended is no answer of Xen's. */
    if (!conductor_is_well(run->conductor) || run->counts.differences++ >= DIFFERENCES_MAX)
        return;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    recorder_append_text(
        run->recorder, REC_DIFFERENCE, domain_id(domain), machine_now_ns(run->machine), text, strlen(text));
}

void xen_run_answered(
    struct xen_run *run, uint64_t op, uint64_t subop, int64_t xen_result, int64_t model_result)
{
    run->counts.hypercalls++;
    xen_answers_begin(run->answers, op, subop, recorder_line(run->recorder), xen_result, model_result);
}

static void compare_number(struct xen_run *run, const struct domain *domain, const char *after_what,
    const char *what, uint64_t xen, uint64_t model)
{
    xen_answers_tell(run->answers, what, xen, model);
    if (xen != model)
        xen_run_differs(run, domain, "after %s %s is %llu pages on Xen, %llu in the model", after_what, what,
            (unsigned long long)xen, (unsigned long long)model);
}

void xen_run_compare_free(struct xen_run *run, const struct domain *domain, const char *after_what)
{
    compare_number(run, domain, after_what, "the host's free memory", xen_pages_free(run->conductor),
        host_free_pages(run->machine));
}

void xen_run_even_out(
    struct xen_run *run, const struct domain *domain, const char *after_what, uint64_t slack_pages)
{
    uint64_t xen = xen_pages_free(run->conductor), model = host_free_pages(run->machine);
    uint64_t apart = xen > model ? xen - model : model - xen;

    if (apart <= slack_pages)
        xen = xen_pool_resize(run->pool, model);
    compare_number(run, domain, after_what, "the host's free memory", xen, model);
}

uint64_t xen_run_apart_pages(const struct xen_run *run, const struct domain *domain)
{
    const struct xen_guest *guest = run->guests != NULL ? *run->guests : NULL;

    while (guest != NULL && guest->domain != domain)
        guest = guest->next;
    return guest != NULL ? guest->on_xen->apart_pages : 0;
}

/*
 * A page that the guest's kernel stores in by itself is populated on Xen and not in the model, which hears of what is mapped in the
 * window. So the two have other numbers of entries and of frames that wait, and the same difference of the two: a touch
 * takes one from either, and a sweep gives one back to either.
 */
static void compare_owed(
    struct xen_run *run, const struct domain *domain, unsigned xen_domid, const char *after_what)
{
    struct xen_pod_pages pages;

    if (!domain_is_on_demand(domain) || !xen_pages_pod(run->conductor, xen_domid, &pages))
        return;
    const int64_t xen = (int64_t)pages.entries - (int64_t)pages.cache, model = domain_owed_pages(domain);

    if (xen != model)
        xen_run_differs(run, domain,
            "after %s there are %lld entries on demand more than frames that wait on Xen, %lld in the model",
            after_what, (long long)xen, (long long)model);
}

void xen_run_compare_domain(
    struct xen_run *run, const struct domain *domain, unsigned xen_domid, const char *after_what)
{
    const struct xen_pages pages = xen_pages_of_domain(run->conductor, xen_domid);
    const uint64_t apart = xen_run_apart_pages(run, domain);

    compare_number(run, domain, after_what, "the reservation", pages.reservation_pages - apart,
        domain_reservation_pages(domain));
    compare_number(
        run, domain, after_what, "the maximum", pages.maximum_pages - apart, domain_maximum_pages(domain));
    compare_number(run, domain, after_what, "the claim", pages.claim_pages, domain_claim_pages(domain));
    compare_owed(run, domain, xen_domid, after_what);
}
