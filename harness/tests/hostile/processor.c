/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Deeds that the processor refuses: wild accesses, jumps and instructions, and
 * stacks that overflow.  Others it lets pass, and the harness has to be careful.
 */
#define DIAGNOSTIC
#include "hostile.h"

/* The image's description, which belongs to the loader: a driver should not know it, and can reach it. */
extern struct {
    void *word[16];
} guest_image;
#define GATE         9  /* how every call leaves */
#define GATE_CONTEXT 10 /* which vcpu it leaves */
extern void *boot_block;
extern long debug_port(unsigned long, unsigned long, unsigned long, unsigned long, unsigned long);
#define PORT_PANIC 4

static char some_data[256];
static char long_text[4000];

static void write_at(uintptr_t address)
{
    *(volatile uint64_t *)address = 1;
}

static void null_read(void)
{
    (void)*(volatile int *)nowhere;
}
static void null_write(void)
{
    write_at(nowhere + 16);
}
static void null_call(void)
{
    ((void (*)(void))nowhere)();
}
static void code_write(void)
{
    write_at((uintptr_t)code_write);
}
static void constant_write(void)
{
    write_at((uintptr_t)deeds);
}
static void far_write(void)
{
    write_at(0x00007ffffffff000ull);
}
static void far_read(void)
{
    (void)*(volatile int *)(nowhere + 0x10000000);
}
static void no_address(void)
{
    write_at(0x8000000000000000ull);
}
static void divide(void)
{
    zero = 100 / zero;
}
static void just_panic(void)
{
    panic("as was wished");
}
static void false_assertion(void)
{
    KASSERT(zero == 1);
}

static void m2p_write(void)
{
    write_at((uintptr_t)machine_to_phys_mapping);
}

/* Writes on behind the end of the P2M, where canaries or a guard page lie, depending on its length. */
static void p2m_end_write(void)
{
    for (u_long pfn = xen_start_info.nr_pages;; pfn++)
        xpmap_phys_to_machine_mapping[pfn] = 0;
}

static void illegal(void)
{
    __asm__ __volatile__("ud2");
}
static void breakpoint(void)
{
    __asm__ __volatile__("int3");
}
static void halt(void)
{
    __asm__ __volatile__("hlt");
}

/* Sets flags that the processor keeps, and which the code that runs after the guest expects to be clear. */
#define SET_FLAG(flag) __asm__ __volatile__("pushfq; orq %0, (%%rsp); popfq" : : "i"(flag) : "memory", "cc")

static void trap_flag(void)
{
    SET_FLAG(0x100);
    zero = 0;
}

static void alignment_flag_and_fault(void)
{
    SET_FLAG(0x40000);
    __asm__ __volatile__("ud2");
}

static void alignment_flag_and_calls(void)
{
    SET_FLAG(0x40000);
    for (int i = 0; i < 300; i++)
        (void)HYPERVISOR_xen_version(0, NULL);
    panic("still here");
}

/* With the direction flag set, whoever copies this text upwards copies what lies before it. */
static void direction_flag(void)
{
    memset(long_text, 'x', sizeof(long_text));
    __asm__ __volatile__("std");
    (void)debug_port(PORT_PANIC, (unsigned long)long_text, sizeof(long_text), 0, 0);
}

static void thread_pointer(void)
{
    __asm__ __volatile__("movw %w0, %%fs" : : "r"(zero));
    for (int i = 0; i < 300; i++)
        uvm_pagefree(uvm_pagealloc(NULL, 0, NULL, 0));
    panic("still here");
}

/* Moves the stack pointer elsewhere, and then makes a hypercall. */
static void stack_pointer(void)
{
    __asm__ __volatile__("movq %0, %%rsp" : : "r"(nowhere + 64) : "memory");
    (void)HYPERVISOR_xen_version(0, NULL);
}

static void gate_context(void)
{
    memset(guest_image.word[GATE_CONTEXT], 0x5a, 64);
}

/* The gate by which a guest leaves lies in its own memory: overwriting it makes the next call jump to a wild address. */
static void gate_overwritten(void)
{
    guest_image.word[GATE] = (void *)nowhere;
    (void)HYPERVISOR_xen_version(0, NULL);
}

static void gate_astray(void)
{
    guest_image.word[GATE] = some_data;
    (void)HYPERVISOR_xen_version(0, NULL);
}

static void gate_context_overwritten(void)
{
    guest_image.word[GATE_CONTEXT] = (void *)nowhere;
    (void)HYPERVISOR_xen_version(0, NULL);
}

static void gate_context_elsewhere(void)
{
    guest_image.word[GATE_CONTEXT] = some_data;
    (void)HYPERVISOR_xen_version(0, NULL);
}

static void image_overwritten(void)
{
    memset(&guest_image, 0x5a, sizeof(guest_image));
    (void)HYPERVISOR_xen_version(0, NULL);
}

static void boot_block_overwritten(void)
{
    memset(boot_block, 0x5a, 128);
    uvm_pagefree(uvm_pagealloc(NULL, 0, NULL, 0));
}

static int deeper(int depth)
{
    volatile char frame[200];

    frame[0] = (char)depth;
    if (depth < zero)
        return 0;
    return deeper(depth + 1) + frame[0];
}

static int ping(int);
static int __noinline pong(int n)
{
    return ping(n + 1) + 1;
}
static int __noinline ping(int n)
{
    return pong(n + 1) + 1;
}

static void recursion(void)
{
    zero = deeper(0);
}
static void mutual_recursion(void)
{
    zero = ping(0);
}

/* Has a stack frame that is larger than the guard below a stack. */
static void large_frame(void)
{
    volatile char frame[1 << 20];

    frame[zero] = 1;
    printf("%d", frame[zero]);
}

const struct deed deeds[] = {{"null_read", null_read}, {"null_write", null_write}, {"null_call", null_call},
    {"code_write", code_write}, {"constant_write", constant_write}, {"far_write", far_write},
    {"far_read", far_read}, {"no_address", no_address}, {"divide", divide}, {"panic", just_panic},
    {"assertion", false_assertion}, {"m2p_write", m2p_write}, {"p2m_end_write", p2m_end_write},
    {"illegal", illegal}, {"breakpoint", breakpoint}, {"halt", halt}, {"trap_flag", trap_flag},
    {"alignment_flag_and_fault", alignment_flag_and_fault},
    {"alignment_flag_and_calls", alignment_flag_and_calls}, {"direction_flag", direction_flag},
    {"thread_pointer", thread_pointer}, {"stack_pointer", stack_pointer}, {"gate_context", gate_context},
    {"gate_overwritten", gate_overwritten}, {"gate_astray", gate_astray},
    {"gate_context_overwritten", gate_context_overwritten},
    {"gate_context_elsewhere", gate_context_elsewhere}, {"image_overwritten", image_overwritten},
    {"boot_block_overwritten", boot_block_overwritten}, {"recursion", recursion},
    {"mutual_recursion", mutual_recursion}, {"large_frame", large_frame}, {NULL, NULL}};
