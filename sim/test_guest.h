/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * For tests: a guest that makes one call at a time, as a test says, and otherwise blocks; so a test reads like a table
 * of calls and answers. Included by tests only.
 */
#ifndef SIM_TEST_GUEST_H
#define SIM_TEST_GUEST_H

#include <check.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xen/memory.h>
#include <xen/sched.h>

#include "guest/abi/port.h"
#include "sim/domain/domain.h"
#include "sim/domain/physmap.h"
#include "sim/evtchn.h"
#include "sim/host/frame_table.h"
#include "sim/inspect.h"
#include "sim/machine_state.h"
#include "sim/record/recorder.h"
#include "sim/test_kernel.h"

#define TEST_GUESTS 8u

extern char __executable_start[], etext[], __data_start[], end[];

/* What the test wants called, in the guest's memory as far as the guest can tell. */
struct test_guest {
    struct guest_image image;
    struct domain *domain;
    const struct boot_block *boot;
    unsigned long op, arg[4];
    bool wanted;
    long result;
    void (*act)(struct test_guest *); /* instead of a call: anything a guest may do */
};

struct stage {
    struct recorder *recorder;
    struct machine *machine;
    struct test_guest test_guests[TEST_GUESTS];
    unsigned nr_test_guests;
    bool direct_map; /* guests that are built from now on want one */
};

static struct stage stage; /* a guest's code has no other way to find its strings */

static inline long test_guest_leave(struct test_guest *p, unsigned long op, unsigned long a1,
    unsigned long a2, unsigned long a3, unsigned long a4)
{
    return p->image.gate(p->image.gate_context, op, a1, a2, a3, a4);
}

static inline void test_guest_start(const struct boot_block *boot)
{
    struct test_guest *p = &stage.test_guests[stage.nr_test_guests - 1u];
    while (p->domain == NULL || p->domain->space.boot != boot)
        p--; /* a gone domain's memory may be a younger one's: that comes first */
    p->boot = boot;
    for (;;) {
        if (p->wanted) {
            p->wanted = false;
            if (p->act != NULL)
                p->act(p);
            else
                p->result = test_guest_leave(p, p->op, p->arg[0], p->arg[1], p->arg[2], p->arg[3]);
        }
        memset(boot->shared_info->evtchn_pending, 0, sizeof boot->shared_info->evtchn_pending);
        boot->shared_info->vcpu_info[0].evtchn_upcall_pending = 0;
        test_guest_leave(p, __HYPERVISOR_sched_op, SCHEDOP_block, 0, 0, 0);
    }
}

static inline void stage_open_with(struct machine_config config)
{
    stage = (struct stage){.direct_map = stage.direct_map};
    stage.recorder = recorder_new();
    ck_assert_ptr_nonnull(stage.recorder);
    recorder_begin(stage.recorder, "test", "sim", config.seed);
    stage.machine = machine_new(&config, stage.recorder);
    ck_assert_ptr_nonnull(stage.machine);
}

static inline void stage_open(uint64_t host_pages)
{
    stage_open_with((struct machine_config){.seed = 1, .host_pages = host_pages});
}

static inline void stage_close(void)
{
    machine_free(stage.machine);
    recorder_free(stage.recorder);
}

static inline enum run_end stage_run(void)
{
    return machine_run(stage.machine, &(struct run_request){.until_ns = stage.machine->now_ns + NS_PER_S});
}

static inline enum build_error test_guest_build(const struct domain_config *config, struct test_guest **built)
{
    ck_assert_uint_lt(stage.nr_test_guests, TEST_GUESTS);
    struct test_guest *p = &stage.test_guests[stage.nr_test_guests++];
    memset(p, 0, sizeof *p);
    p->image = (struct guest_image){
        .magic = GUEST_IMAGE_MAGIC,
        .kernel = "guest",
        .start = test_guest_start,
        .text_start = __executable_start,
        .text_end = etext,
        .data_start = __data_start,
        .data_end = end,
        .direct_map = stage.direct_map,
    };
    *built = p;
    return machine_build_domain(stage.machine, config, &p->image, &p->domain);
}

static inline struct test_guest *test_guest_new(
    const char *name, uint64_t memory_pages, uint64_t maxmem_pages)
{
    struct test_guest *p;
    struct domain_config config = {.name = name,
        .memory_pages = memory_pages,
        .maxmem_pages = maxmem_pages,
        .extra_kib = 1024,
        .command_line = "",
        .kernel = test_kernel()};
    ck_assert_int_eq(test_guest_build(&config, &p), BUILD_OK);
    stage_run();
    ck_assert_ptr_nonnull(p->boot);
    return p;
}

/* One call by the guest; its answer, once the guest blocks again. */
static inline long ask(struct test_guest *p, unsigned long op, unsigned long a1, unsigned long a2,
    unsigned long a3, unsigned long a4)
{
    p->op = op;
    p->arg[0] = a1;
    p->arg[1] = a2;
    p->arg[2] = a3;
    p->arg[3] = a4;
    p->act = NULL;
    p->wanted = true;
    p->result = -9999;
    domain_wake(p->domain);
    stage_run();
    return p->result;
}

static inline enum run_end perform(struct test_guest *p, void (*act)(struct test_guest *))
{
    p->act = act;
    p->wanted = true;
    domain_wake(p->domain);
    return stage_run();
}

static inline long test_guest_clock(struct test_guest *p)
{
    return test_guest_leave(p, PORT_GATE_BASE + PORT_CLOCK, 0, 0, 0, 0);
}

static inline long test_guest_poll(
    struct test_guest *p, const evtchn_port_t *ports, unsigned nr, uint64_t timeout_ns)
{
    struct sched_poll poll = {.nr_ports = nr, .timeout = timeout_ns};
    set_xen_guest_handle(poll.ports, (evtchn_port_t *)(uintptr_t)ports);
    return test_guest_leave(p, __HYPERVISOR_sched_op, SCHEDOP_poll, (uintptr_t)&poll, 0, 0);
}

/* A reservation call about a list in the guest's heap. */
static inline long reserve_with(struct test_guest *p, unsigned op, void *list, uint64_t nr, unsigned order,
    unsigned flags, unsigned domid)
{
    struct xen_memory_reservation *r = (void *)(p->boot->heap + 64 * PAGE_BYTES);
    memset(r, 0, sizeof *r);
    set_xen_guest_handle(r->extent_start, list);
    r->nr_extents = nr;
    r->extent_order = order;
    r->mem_flags = flags;
    r->domid = (domid_t)domid;
    return ask(p, __HYPERVISOR_memory_op, op, (uintptr_t)r, 0, 0);
}

static inline long reserve(struct test_guest *p, unsigned op, void *list, uint64_t nr, unsigned order)
{
    return reserve_with(p, op, list, nr, order, 0, DOMID_SELF);
}

static inline uint64_t *test_guest_list(const struct test_guest *p)
{
    return (uint64_t *)(void *)p->boot->heap;
}

static inline uint64_t *test_guest_p2m(const struct test_guest *p)
{
    return (uint64_t *)(uintptr_t)p->boot->start_info->mfn_list;
}

#endif
