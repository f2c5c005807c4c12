/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * For tests: a Xen that answers the conductor's questions in this process, so that no QEMU is needed. It knows the
 * calls that the harness makes by itself: the conductor's own reservation, claims, free pages, what getdomaininfo tells, whose
 * a frame is, and the M2P. A test sets what it is to answer.
 */
#ifndef HARNESS_XEN_FAKE_XEN_H
#define HARNESS_XEN_FAKE_XEN_H

#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <xen/version.h>

#include "harness/xen/domctl.h"
#include "harness/xen/xen_found.h"
#include "sim/types.h"

#define FAKE_XEN_FRAMES  8192u
#define FAKE_XEN_DOMAINS 16u
#define FAKE_XEN_WRITES  16u

struct fake_xen {
    struct pv_control control;
    struct conductor *conductor;
    uint64_t free_pages;
    unsigned largest_order; /* the highest order of which it has free extents */
    uint64_t next_mfn;      /* the frame that it gives next */
    uint64_t held_pages;    /* how many the conductor has */
    uint64_t m2p[FAKE_XEN_FRAMES];
    unsigned owner[FAKE_XEN_FRAMES]; /* domid; 0: the conductor, or no domain */
    struct {
        bool exists;
        uint64_t reservation_pages, maximum_pages, claim_pages;
        uint64_t pod_entries, pod_cache_pages;
    } domain[FAKE_XEN_DOMAINS];
    unsigned long last_op, last_arg[4]; /* of a hypercall that it doesn't know: it answers `answer` */
    long answer;
    unsigned questions;
    unsigned minor;
    uint32_t domctl_version, sysctl_version; /* the numbers that it takes; any other is -EACCES */
    uint64_t written[FAKE_XEN_WRITES];       /* the words that pages of the conductor's were filled with */
    unsigned nr_written;
    bool dead; /* it answers no more */
};

/* What domains have claimed is nothing for the conductor. */
static inline uint64_t fake_xen_claimed(const struct fake_xen *xen)
{
    uint64_t pages = 0;

    for (unsigned domid = 0; domid < FAKE_XEN_DOMAINS; domid++)
        pages += xen->domain[domid].claim_pages;
    return pages;
}

static inline long fake_xen_claim(struct fake_xen *xen, const struct xen_memory_reservation *op)
{
    ck_assert_uint_lt(op->domid, FAKE_XEN_DOMAINS);
    const uint64_t reservation_pages = xen->domain[op->domid].reservation_pages;
    if (op->nr_extents != 0 &&
        (xen->domain[op->domid].claim_pages != 0 || op->nr_extents <= reservation_pages ||
            op->nr_extents > xen->domain[op->domid].maximum_pages))
        return -EINVAL;
    xen->domain[op->domid].claim_pages = op->nr_extents != 0 ? op->nr_extents - reservation_pages : 0;
    return 0;
}

static inline long fake_xen_pod_target(const struct fake_xen *xen, struct xen_pod_target *op)
{
    ck_assert_uint_lt(op->domid, FAKE_XEN_DOMAINS);
    op->pod_entries = xen->domain[op->domid].pod_entries;
    op->pod_cache_pages = xen->domain[op->domid].pod_cache_pages;
    return 0;
}

static inline long fake_xen_reservation(struct fake_xen *xen, unsigned command)
{
    struct xen_memory_reservation *op = (struct xen_memory_reservation *)(void *)xen->control.arg[1];
    uint64_t *list = (uint64_t *)op->extent_start.p, pages = 1ull << op->extent_order;
    long done = 0;

    ck_assert_uint_eq(op->domid, DOMID_SELF);
    for (; (uint64_t)done < op->nr_extents; done++) {
        if (command == XENMEM_decrease_reservation) {
            ck_assert_uint_ge(xen->held_pages, pages);
            ck_assert_uint_ne(list[done], 0);
            xen->held_pages -= pages;
            xen->free_pages += pages;
        } else {
            if (xen->free_pages < pages + fake_xen_claimed(xen) || op->extent_order > xen->largest_order)
                break;
            list[done] = xen->next_mfn;
            xen->next_mfn += pages;
            xen->held_pages += pages;
            xen->free_pages -= pages;
        }
    }
    return done;
}

/* getdomaininfo: as in Xen, about the next domain when there is none of that number. */
static inline long fake_xen_tell(struct fake_xen *xen, struct xen_domctl *op)
{
    unsigned domid = op->domain;

    while (domid < FAKE_XEN_DOMAINS && !xen->domain[domid].exists)
        domid++;
    if (domid == FAKE_XEN_DOMAINS)
        return -ESRCH;
    op->u.getdomaininfo.domain = (domid_t)domid;
    op->u.getdomaininfo.tot_pages = xen->domain[domid].reservation_pages;
    op->u.getdomaininfo.max_pages = xen->domain[domid].maximum_pages;
    return 0;
}

static inline long fake_xen_whose(struct fake_xen *xen, struct xen_domctl *op)
{
    uint64_t *list = (uint64_t *)op->u.getpageframeinfo3.array.p;

    for (uint64_t i = 0; i < op->u.getpageframeinfo3.num; i++)
        list[i] = list[i] < FAKE_XEN_FRAMES && xen->owner[list[i]] == op->domain ? 0 : XEN_DOMCTL_PFINFO_XTAB;
    return 0;
}

static inline long fake_xen_domctl(struct fake_xen *xen, struct xen_domctl *op)
{
    if (op->interface_version != xen->domctl_version)
        return -EACCES;
    switch (op->cmd) {
    case XEN_DOMCTL_getdomaininfo:
        return fake_xen_tell(xen, op);
    case XEN_DOMCTL_getpageframeinfo3:
        return fake_xen_whose(xen, op);
    case XEN_DOMCTL_max_mem:
        ck_assert_uint_lt(op->domain, FAKE_XEN_DOMAINS);
        xen->domain[op->domain].maximum_pages = op->u.max_mem.max_memkb / KIB_PER_PAGE;
        return 0;
    default:
        return xen->answer;
    }
}

static inline long fake_xen_sysctl(const struct fake_xen *xen, struct xen_sysctl *op)
{
    if (op->interface_version != xen->sysctl_version)
        return -EACCES;
    op->u.physinfo.free_pages = xen->free_pages;
    return 0;
}

static inline long fake_xen_version(const struct fake_xen *xen, unsigned command, char *text)
{
    if (command == XENVER_version)
        return XEN_MAJOR << 16 | xen->minor;
    ck_assert_uint_eq(command, XENVER_extraversion);
    memcpy(text, ".9-ours", sizeof ".9-ours");
    return 0;
}

static inline long fake_xen_hypercall(struct fake_xen *xen)
{
    const struct pv_control *control = &xen->control;
    unsigned command = (unsigned)control->arg[0];

    if (control->op == __HYPERVISOR_domctl)
        return fake_xen_domctl(xen, (struct xen_domctl *)(void *)control->arg[0]);
    if (control->op == __HYPERVISOR_sysctl)
        return fake_xen_sysctl(xen, (struct xen_sysctl *)(void *)control->arg[0]);
    if (control->op == __HYPERVISOR_xen_version)
        return fake_xen_version(xen, command, (char *)control->arg[1]);
    if (control->op == __HYPERVISOR_memory_op &&
        (command == XENMEM_increase_reservation || command == XENMEM_decrease_reservation))
        return fake_xen_reservation(xen, command);
    if (control->op == __HYPERVISOR_memory_op && command == XENMEM_claim_pages)
        return fake_xen_claim(xen, (const struct xen_memory_reservation *)(void *)control->arg[1]);
    if (control->op == __HYPERVISOR_memory_op && command == XENMEM_get_pod_target)
        return fake_xen_pod_target(xen, (struct xen_pod_target *)(void *)control->arg[1]);
    xen->last_op = control->op;
    for (unsigned i = 0; i < 4; i++)
        xen->last_arg[i] = control->arg[i];
    return xen->answer;
}

static inline long fake_xen_read_many(uint64_t *list, uint64_t count)
{
    for (uint64_t i = 0; i < count; i++)
        list[i] = *(const uint64_t *)list[i];
    return 0;
}

static inline bool fake_xen_begin(void *context)
{
    return !((struct fake_xen *)context)->dead;
}

/* Answers the question for whose answer the harness is waiting. */
static inline bool fake_xen_go_on(void *context)
{
    struct fake_xen *xen = context;
    struct pv_control *control = &xen->control;

    if (xen->dead || control->asked == control->answered)
        return !xen->dead; /* perhaps it is only looked at */
    ck_assert_uint_eq(control->asked, control->answered + 1);
    xen->questions++;
    switch (control->ask) {
    case PV_HYPERCALL:
        control->result = fake_xen_hypercall(xen);
        break;
    case PV_READ_MANY:
        control->result = fake_xen_read_many((uint64_t *)control->arg[0], control->arg[1]);
        break;
    case PV_PAGE_WRITE:
        ck_assert_uint_lt(xen->nr_written, FAKE_XEN_WRITES);
        xen->written[xen->nr_written++] = control->arg[1];
        control->result = 0;
        break;
    case PV_READ:
        control->result = *(const int64_t *)control->arg[0];
        break;
    default:
        control->result = xen->answer;
    }
    control->answered = control->asked;
    return true;
}

static inline struct fake_xen *fake_xen_new(uint64_t free_pages)
{
    struct fake_xen *xen = calloc(1, sizeof *xen);
    const struct conductor_watch watch = {xen, fake_xen_begin, fake_xen_go_on};
    char *area = calloc(PV_AREA_PAGES, PAGE_BYTES);

    ck_assert_ptr_nonnull(xen);
    ck_assert_ptr_nonnull(area);
    xen->control.magic = PV_CONTROL_MAGIC;
    xen->control.area_va = (uint64_t)area; /* what it takes for its own addresses are this process's */
    xen->control.m2p_va = (uint64_t)xen->m2p;
    xen->free_pages = free_pages;
    xen->largest_order = 9;
    xen->next_mfn = 100;
    xen->domain[0].exists = true;
    xen->conductor = conductor_new(&xen->control, area, &watch);
    ck_assert_ptr_nonnull(xen->conductor);
    xen->minor = KNOWN_XEN_DEFAULT->minor;
    xen->domctl_version = KNOWN_XEN_DEFAULT->domctl_version;
    xen->sysctl_version = KNOWN_XEN_DEFAULT->sysctl_version;
    conductor_know_xen(xen->conductor, &(struct xen_found){.known = KNOWN_XEN_DEFAULT,
                                           .domctl_version = xen->domctl_version,
                                           .sysctl_version = xen->sysctl_version});
    return xen;
}

static inline void fake_xen_free(struct fake_xen *xen)
{
    conductor_free(xen->conductor);
    free((char *)xen->control.area_va);
    free(xen);
}

#endif
