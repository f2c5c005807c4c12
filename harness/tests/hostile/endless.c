/* SPDX-License-Identifier: BSD-2-Clause */
/* Deeds that never end: with calls and without, and with memory running out on the way. */
#include "hostile.h"

static volatile u_long turns;

static void loop(void)
{
    for (;;)
        turns++;
}

static void wait_for_nobody(void)
{
    while (zero == 0)
        continue;
}

/* These calls make no hypercall, so the simulator never runs in between. */
static void loop_with_mutex(void)
{
    for (;;) {
        mutex_enter(&other_lock);
        mutex_exit(&other_lock);
    }
}

static void loop_with_hypercall(void)
{
    for (;;)
        (void)HYPERVISOR_xen_version(XENVER_version, NULL);
}

static void loop_with_reservation(void)
{
    domid_t self = DOMID_SELF;

    for (;;)
        (void)HYPERVISOR_memory_op(XENMEM_current_reservation, &self);
}

static void loop_with_clock(void)
{
    while (getticks() >= 0)
        turns++;
}

static void loop_with_printf(void)
{
    for (;;)
        printf("again\n");
}

static void loop_with_pause(void)
{
    for (;;)
        (void)kpause("again", false, 1, NULL);
}

/* Walks a list whose end leads to its beginning, as happens when a freed element is used again. */
static void circular_list(void)
{
    static struct element {
        struct element *next;
    } a, b;
    struct element *volatile e = &a;

    a.next = &b;
    b.next = &a;
    while (e != NULL)
        e = e->next;
}

static void leak_and_retry(void)
{
    for (;;)
        (void)kmem_alloc(4096, KM_NOSLEEP);
}

static void leak_and_wait(void)
{
    for (;;)
        (void)kmem_alloc(65536, KM_SLEEP);
}

static void leak_pool(void)
{
    static struct pool pool;

    pool_init(&pool, 1024, 0, 0, 0, "leak", NULL, IPL_NONE);
    for (;;)
        (void)pool_get(&pool, PR_NOWAIT);
}

const struct deed deeds[] = {{"loop", loop}, {"wait_for_nobody", wait_for_nobody},
    {"loop_with_mutex", loop_with_mutex}, {"loop_with_hypercall", loop_with_hypercall},
    {"loop_with_reservation", loop_with_reservation}, {"loop_with_clock", loop_with_clock},
    {"loop_with_printf", loop_with_printf}, {"loop_with_pause", loop_with_pause},
    {"circular_list", circular_list}, {"leak_and_retry", leak_and_retry}, {"leak_and_wait", leak_and_wait},
    {"leak_pool", leak_pool}, {NULL, NULL}};
