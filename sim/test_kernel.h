/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A kernel that no room knows, for tests: with sites, functions and sentences of its own. A test reads it once;
 * it is freed with the process.
 */
#ifndef SIM_TEST_KERNEL_H
#define SIM_TEST_KERNEL_H

#include <check.h>
#include <string.h>

#include "sim/kernel/kernel.h"

/* Its sites, in the order of their rows. */
enum test_site {
    TEST_SITE_ADD = FAULT_SITE_OF_KERNEL,
    TEST_SITE_REMOVE,
    TEST_SITE_ADD_HEAP,
    TEST_SITE_PAGE_ALLOC,
    TEST_SITE_THREAD,
    TEST_SITE_ODD,
    TEST_SITES_END
};

#define TEST_KERNEL_ROWS \
    "family testix\n" \
    "version 1.0\n" \
    "about a kernel for tests\n" \
    "site section_add interface pages ends=plug | -ENOSPC, before the call | section(9): may fail\n" \
    "site section_remove interface pages ends=unplug | -EBUSY | section(9): may fail\n" \
    "site heap.section interface | NULL | heap(9): may return NULL\n" \
    "site page_alloc interface | NULL | page(9): returns NULL when no page is free\n" \
    "site thread_create interface errno bars=nothing | errno= (ENOMEM) | thread(9): may fail\n" \
    "site odd hostile | anything | none does\n" \
    "call section_add first pages\n" \
    "call section_count\n" \
    "command balloonctl\n" \
    "command hold\n" \
    "node min testix.balloon.min kib\n" \
    "node target /sys/balloon/target pages\n" \
    "function plug section_add\n" \
    "function unplug section_remove\n" \
    "counter managed the sum of all sections\n" \
    "counter free testix.free\n" \
    "counter total testix.total\n" \
    "counter present testix.present\n" \
    "counter memory-end testix_end\n" \
    "counter heap heap_live\n" \
    "counter heap-bytes heap_live_bytes\n" \
    "counter segment-heap section_live\n" \
    "counter segment-heap-bytes section_live_bytes\n" \
    "counter idle-objects idle objects\n" \
    "counter idle idle pages\n" \
    "counter failures failures\n" \
    "counter heap-touched-bytes touched\n" \
    "counter ballooned ballooned\n" \
    "segments 1 section_next\n" \
    "image 320 128\n" \
    "p2m builder\n" \
    "feature hotplug\n" \
    "choice heat on cmdline heat=1\n" \
    "choice heat off\n" \
    "choice sections off kernel -flat\n" \
    "says moving current reservation: {current:pages} pages => target: {target:pages} pages\n" \
    "says short could not reach target {target} (current {current})\n" \
    "says clipped clipping reservation {from:pages} => {to:pages} pages\n" \
    "says below-min new target {target:kib} is below min {limit:kib}\n" \
    "says above-max new target {target:kib} is above max {limit:kib}\n" \
    "says incomplete reservation incomplete: was {asked}, returned {got}\n" \
    "says plugged memory 'hot-plug': frames \n" \
    "says plugged memory 'hot-plug': frames {first} - {last} plugged\n"

static inline const struct kernel *test_kernel(void)
{
    static const struct kernel *kernel;
    char error[400];

    if (kernel == NULL) {
        kernel = kernel_parse(TEST_KERNEL_ROWS, strlen(TEST_KERNEL_ROWS), error, sizeof error);
        ck_assert_msg(kernel != NULL, "%s", error);
        ck_assert_uint_eq(kernel_sites_end(kernel), TEST_SITES_END);
    }
    return kernel;
}

#endif
