/* SPDX-License-Identifier: BSD-2-Clause */
/* Questions to the dom0 on the real Xen: written into its control page, and waited for. */
#include "harness/xen/conductor.h"

#include "guest/abi/paging.h"
#include "harness/xen/xen_found.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "sim/types.h"

#define SPINS_PER_REST 1024u
#define REST_NS        1000
#define SPINS_PER_LOOK 4096u /* a question is answered within microseconds: trouble is looked for seldom */
#define M2P_PAGES      (CONDUCTOR_M2P_MAX * sizeof(uint64_t) / PAGE_BYTES)

struct conductor {
    struct pv_control *control;
    char *area;
    struct conductor_watch watch;
    bool trouble;
    struct xen_found xen;
};

struct conductor *conductor_new(struct pv_control *control, char *area, const struct conductor_watch *watch)
{
    struct conductor *conductor = calloc(1, sizeof *conductor);

    if (conductor != NULL)
        *conductor = (struct conductor){
            .control = control, .area = area, .watch = *watch, .xen = {.known = KNOWN_XEN_DEFAULT}};
    return conductor;
}

void conductor_free(struct conductor *conductor)
{
    free(conductor);
}

void conductor_rest(void)
{
    (void)nanosleep(&(struct timespec){.tv_nsec = REST_NS}, NULL);
}

static bool trouble(struct conductor *conductor, bool (*is_well)(void *))
{
    conductor->trouble = conductor->trouble || !is_well(conductor->watch.context);
    return conductor->trouble;
}

const struct xen_found *conductor_xen(const struct conductor *conductor)
{
    return &conductor->xen;
}

void conductor_know_xen(struct conductor *conductor, const struct xen_found *xen)
{
    assert(xen->known != NULL);
    conductor->xen = *xen;
}

uint64_t conductor_pages(const struct conductor *conductor)
{
    return conductor->control->pages;
}

bool conductor_is_well(struct conductor *conductor)
{
    return !trouble(conductor, conductor->watch.begin) && !trouble(conductor, conductor->watch.go_on);
}

/* The question stands in the control page: raises it, and waits for the answer. */
static int64_t ask(struct conductor *conductor, enum pv_ask question)
{
    struct pv_control *control = conductor->control;
    uint64_t ordinal = control->asked + 1;

    assert(control->asked == control->answered || conductor->trouble);
    if (trouble(conductor, conductor->watch.begin))
        return -1;
    control->ask = question;
    __atomic_store_n(&control->asked, ordinal, __ATOMIC_RELEASE);
    for (unsigned spins = 1; __atomic_load_n(&control->answered, __ATOMIC_ACQUIRE) != ordinal; spins++) {
        __builtin_ia32_pause();
        if (spins % SPINS_PER_REST == 0)
            conductor_rest();
        if (spins % SPINS_PER_LOOK == 0 && trouble(conductor, conductor->watch.go_on))
            return -1;
    }
    assert(control->magic == PV_CONTROL_MAGIC);
    return control->result;
}

long conductor_hypercall(
    struct conductor *conductor, uint64_t op, uint64_t a1, uint64_t a2, uint64_t a3, uint64_t a4)
{
    struct pv_control *control = conductor->control;

    control->op = op;
    control->arg[0] = a1;
    control->arg[1] = a2;
    control->arg[2] = a3;
    control->arg[3] = a4;
    return (long)ask(conductor, PV_HYPERCALL);
}

char *conductor_area(const struct conductor *conductor, unsigned page)
{
    assert(page < PV_AREA_PAGES);
    return conductor->area + page * PAGE_BYTES;
}

uint64_t conductor_area_va(const struct conductor *conductor, unsigned page)
{
    assert(page < PV_AREA_PAGES);
    return conductor->control->area_va + page * PAGE_BYTES;
}

uint64_t conductor_area_end_va(const struct conductor *conductor)
{
    return conductor->control->area_va + PV_AREA_PAGES * PAGE_BYTES;
}

uint64_t conductor_window_va(const struct conductor *conductor, unsigned page)
{
    assert(page <= PV_WINDOW_OWN);
    return conductor->control->window_va + page * PAGE_BYTES;
}

uint64_t conductor_own_frame(struct conductor *conductor)
{
    conductor->control->arg[0] = conductor->control->own_entry_va;
    return ((uint64_t)ask(conductor, PV_READ) & PTE_MFN_MASK) >> PAGE_SHIFT_BITS;
}

void conductor_page_write(struct conductor *conductor, uint64_t va, uint64_t word)
{
    conductor->control->arg[0] = va;
    conductor->control->arg[1] = word;
    ask(conductor, PV_PAGE_WRITE);
}

uint64_t conductor_page_read(struct conductor *conductor, uint64_t va)
{
    conductor->control->arg[0] = va;
    return (uint64_t)ask(conductor, PV_PAGE_READ);
}

void conductor_m2p(struct conductor *conductor, uint64_t *mfns, size_t count)
{
    const unsigned first_page = PV_AREA_PAGES - M2P_PAGES;
    uint64_t *list = (uint64_t *)(void *)conductor_area(conductor, first_page);

    assert(count <= CONDUCTOR_M2P_MAX);
    for (size_t i = 0; i < count; i++)
        list[i] = conductor->control->m2p_va + mfns[i] * sizeof(uint64_t);
    conductor->control->arg[0] = conductor_area_va(conductor, first_page);
    conductor->control->arg[1] = count;
    if (count != 0 && ask(conductor, PV_READ_MANY) == 0)
        memcpy(mfns, list, count * sizeof *mfns);
}

uint64_t conductor_mfn(struct conductor *conductor, uint64_t pfn)
{
    assert(pfn < conductor->control->pages);
    conductor->control->arg[0] = conductor->control->p2m_va + pfn * sizeof(uint64_t);
    return (uint64_t)ask(conductor, PV_READ);
}

uint64_t conductor_spare_first_pfn(const struct conductor *conductor)
{
    return conductor->control->reserved_first_pfn;
}
