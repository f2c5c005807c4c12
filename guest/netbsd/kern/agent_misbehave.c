/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * `misbehave KIND`: what a wrong driver might do, one thing at a time, so that
 * scenarios can show what Ballast makes of it. Most kinds don't return.
 */
#include <sys/param.h>
#include <sys/condvar.h>
#include <sys/kmem.h>
#include <sys/mutex.h>
#include <uvm/uvm.h>
#include <xen/xenpmap.h>

#include "guest/lib/boot_block.h"
#include "guest/lib/output.h"
#include "guest/netbsd/kern/agent.h"
#include "guest/netbsd/kern/thread.h"

static kmutex_t adaptive, spin;
static kcondvar_t cv;
static volatile uintptr_t wild =
    0x10; /* volatile: the compiler must not know it */
static volatile int zero;

static void
free_page_twice(void)
{
	struct vm_page *pg = uvm_pagealloc(NULL, 0, NULL, 0);

	uvm_pagefree(pg);
	uvm_pagefree(pg);
}

static void
free_page_of_no_segment(void)
{
	static struct vm_page pg;

	pg.phys_addr = ptoa(boot_block->p2m_entries + 1);
	uvm_pagefree(&pg);
}

static void
free_memory_twice(void)
{
	void *p = kmem_alloc(64, KM_SLEEP);

	kmem_free(p, 64);
	kmem_free(p, 64);
}

static void
free_memory_as_another_size(void)
{
	kmem_free(kmem_alloc(64, KM_SLEEP), 32);
}

static void
lock_against_myself(void)
{
	mutex_enter(&adaptive);
	mutex_enter(&adaptive);
}

static void
unlock_what_is_free(void)
{
	mutex_exit(&adaptive);
}

static void
wait_without_the_mutex(void)
{
	cv_wait(&cv, &adaptive);
}

/*
 * Such a sleep is told as a misuse, and the guest goes on, as a kernel without
 * DIAGNOSTIC would.
 */
static void
sleep_with_a_spin_mutex(void)
{
	mutex_spin_enter(&spin);
	(void)thread_may_sleep("misbehave");
	mutex_spin_exit(&spin);
}

static void
use_a_destroyed_mutex(void)
{
	mutex_destroy(&adaptive);
	mutex_enter(&adaptive);
}

static void
read_wild(void)
{
	(void)*(volatile int *)wild;
}

static void
write_wild(void)
{
	*(volatile int *)wild = 1;
}

static void
write_m2p(void)
{
	*(volatile uint64_t *)(uintptr_t)boot_block->m2p = 1;
}

static void
write_past_p2m(void)
{
	volatile unsigned long *p2m = xpmap_phys_to_machine_mapping;

	/*
	 * Behind the end of the P2M lies a guard page; where the end is not
	 * that of a page, a pattern fills the rest.
	 */
	for (uint64_t i = 0; i <= PAGE_SIZE / sizeof(*p2m); i++)
		p2m[boot_block->p2m_entries + i] = 0;
}

static void
call_wild(void)
{
	((void (*)(void))wild)();
}

static int
overflow_the_stack(int depth)
{
	volatile char frame[256];

	frame[0] = (char)depth;
	if (zero != 0)
		return 0;
	return overflow_the_stack(depth + 1) + frame[0];
}

static void
recurse(void)
{
	(void)overflow_the_stack(0);
}

static void
divide_by_zero(void)
{
	zero = 100 / zero;
}

static void
loop(void)
{
	for (;;)
		__asm__ __volatile__("" ::: "memory");
}

/* This loop is endless as well, but each of its lines leaves the guest. */
static void
chatter(void)
{
	for (;;)
		printf("%200s\n", "and on");
}

static void
flush_a_foreign_frame(void)
{
	xpq_queue_machphys_update(ptoa(1), 0);
	xpq_flush_queue();
}

/*
 * A loop in one instruction, so that no basic block of it is counted: only the
 * clock of the computer ends it.
 */
static void
hang(void)
{
	__asm__ volatile("1: jmp 1b");
}

static void
just_panic(void)
{
	panic("as the scenario wished");
}

static const struct {
	const char *name;
	void (*run)(void);
} kinds[] = {
    {"page-twice", free_page_twice},
    {"page-of-nobody", free_page_of_no_segment},
    {"kmem-twice", free_memory_twice},
    {"kmem-size", free_memory_as_another_size},
    {"mutex-self", lock_against_myself},
    {"mutex-not-held", unlock_what_is_free},
    {"mutex-destroyed", use_a_destroyed_mutex},
    {"cv-without-mutex", wait_without_the_mutex},
    {"sleep-with-spin", sleep_with_a_spin_mutex},
    {"read", read_wild},
    {"write", write_wild},
    {"write-m2p", write_m2p},
    {"write-p2m-end", write_past_p2m},
    {"call", call_wild},
    {"stack", recurse},
    {"divide", divide_by_zero},
    {"loop", loop},
    {"hang", hang},
    {"chatter", chatter},
    {"flush", flush_a_foreign_frame},
    {"panic", just_panic},
};

int
agent_misbehave(struct output *out, const char *args)
{
	char word[24];

	(void)text_word(args, word, sizeof(word));
	mutex_init(&adaptive, MUTEX_DEFAULT, IPL_NONE);
	mutex_init(&spin, MUTEX_DEFAULT, IPL_VM);
	cv_init(&cv, "misbehv");
	for (size_t i = 0; i < __arraycount(kinds); i++) {
		if (strcmp(word, kinds[i].name) != 0)
			continue;
		kinds[i].run();
		return 0;
	}
	output_printf(out, "misbehave: one of");
	for (size_t i = 0; i < __arraycount(kinds); i++)
		output_printf(out, " %s", kinds[i].name);
	output_printf(out, "\n");
	return 1;
}
