/* SPDX-License-Identifier: BSD-2-Clause */
/* Asks Xen about pages, with a toolstack's hypercalls. */
#include "harness/xen/xen_pages.h"

#include "guest/abi/paging.h"
#include "harness/xen/domctl.h"

#include <assert.h>
#include <string.h>

struct xen_pages xen_pages_of_domain(struct conductor *conductor, unsigned domid)
{
    const struct xen_domctl_getdomaininfo *info =
        &domctl_begin(conductor, XEN_DOMCTL_getdomaininfo, domid)->u.getdomaininfo;

    /* Xen answers with the next higher domain when there is none of that number. */
    if (domctl_issue(conductor) != 0 || info->domain != domid)
        return (struct xen_pages){.exists = false};
    return (struct xen_pages){
        .exists = true,
        .reservation_pages = info->tot_pages,
        .maximum_pages = info->max_pages,
        .claim_pages = info->outstanding_pages,
        .shared_info_mfn = info->shared_info_frame,
    };
}

uint64_t xen_pages_free(struct conductor *conductor)
{
    const struct xen_sysctl *op = sysctl_begin(conductor, XEN_SYSCTL_physinfo);
    const long answer = sysctl_issue(conductor);

    return answer == 0 ? op->u.physinfo.free_pages : 0;
}

long xen_pages_set_maximum(struct conductor *conductor, unsigned domid, uint64_t kib)
{
    domctl_begin(conductor, XEN_DOMCTL_max_mem, domid)->u.max_mem.max_memkb = kib;
    return domctl_issue(conductor);
}

long xen_pages_set_pod_target(struct conductor *conductor, unsigned domid, uint64_t pages)
{
    struct xen_pod_target *op = (struct xen_pod_target *)(void *)conductor_area(conductor, AREA_OP);

    *op = (struct xen_pod_target){.target_pages = pages, .domid = (domid_t)domid};
    return conductor_hypercall(conductor, __HYPERVISOR_memory_op, XENMEM_set_pod_target,
        conductor_area_va(conductor, AREA_OP), 0, 0);
}

bool xen_pages_pod(struct conductor *conductor, unsigned domid, struct xen_pod_pages *pages)
{
    struct xen_pod_target *op = (struct xen_pod_target *)(void *)conductor_area(conductor, AREA_OP);

    *op = (struct xen_pod_target){.domid = (domid_t)domid};
    const long answer = conductor_hypercall(conductor, __HYPERVISOR_memory_op, XENMEM_get_pod_target,
        conductor_area_va(conductor, AREA_OP), 0, 0);
    *pages = (struct xen_pod_pages){.entries = op->pod_entries, .cache = op->pod_cache_pages};
    return answer == 0;
}

long xen_pages_claim(struct conductor *conductor, unsigned domid, uint64_t pages)
{
    struct xen_memory_reservation *op =
        (struct xen_memory_reservation *)(void *)conductor_area(conductor, AREA_OP);

    assert(domid != 0 && domid < DOMID_FIRST_RESERVED);
    *op = (struct xen_memory_reservation){.nr_extents = pages, .domid = (domid_t)domid};
    return conductor_hypercall(
        conductor, __HYPERVISOR_memory_op, XENMEM_claim_pages, conductor_area_va(conductor, AREA_OP), 0, 0);
}

uint64_t xen_pages_of_gfn(struct conductor *conductor, unsigned domid, uint64_t gfn)
{
    const uint64_t va = conductor_window_va(conductor, PV_WINDOW_OWN),
                   entry = gfn << PAGE_SHIFT_BITS | PTE_PRESENT | PTE_WRITABLE | PTE_USER | PTE_ACCESSED |
                           PTE_DIRTY;

    assert(gfn <= PTE_MFN_MASK >> PAGE_SHIFT_BITS);
    return conductor_hypercall(
               conductor, __HYPERVISOR_update_va_mapping_otherdomain, va, entry, UVMF_INVLPG, domid) == 0
               ? conductor_own_frame(conductor)
               : 0;
}

void xen_pages_gfns_end(struct conductor *conductor)
{
    conductor_hypercall(conductor, __HYPERVISOR_update_va_mapping,
        conductor_window_va(conductor, PV_WINDOW_OWN), 0, UVMF_INVLPG, 0);
}

void xen_pages_whose(struct conductor *conductor, unsigned domid, uint64_t *mfns, uint64_t count)
{
    uint64_t *types = (uint64_t *)(void *)conductor_area(conductor, AREA_LIST);
    struct xen_domctl *op = domctl_begin(conductor, XEN_DOMCTL_getpageframeinfo3, domid);

    assert(count <= XEN_PAGES_A_QUESTION);
    if (count == 0)
        return;
    memcpy(types, mfns, count * sizeof *mfns);
    op->u.getpageframeinfo3.num = count;
    op->u.getpageframeinfo3.array.p = (xen_pfn_t *)conductor_area_va(conductor, AREA_LIST);
    bool answered = domctl_issue(conductor) == 0;
    for (uint64_t i = 0; i < count; i++)
        if (!answered || (types[i] & XEN_DOMCTL_PFINFO_LTAB_MASK) == XEN_DOMCTL_PFINFO_XTAB)
            mfns[i] = XEN_PAGES_NOT_ITS;
}
