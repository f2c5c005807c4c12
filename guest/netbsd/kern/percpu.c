/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * percpu(9), and the CPUs as a set and as the goal of calls: percpu(9),
 * kcpuset(9), xcall(9) for the one CPU that there is.
 */
#include <sys/param.h>
#include <sys/kcpuset.h>
#include <sys/kmem.h>
#include <sys/percpu.h>
#include <sys/xcall.h>

#include "guest/netbsd/kern/thread.h"

struct percpu {
	size_t pc_size;
	percpu_callback_t pc_dtor;
	void *pc_cookie;
	uint64_t pc_data[]; /* zeroed */
};

percpu_t *
percpu_create(
    size_t size, percpu_callback_t ctor, percpu_callback_t dtor, void *cookie)
{
	struct percpu *pc;

	(void)thread_may_sleep("percpu_create");
	pc = kmem_zalloc(sizeof(*pc) + roundup2(size, 8), KM_SLEEP);
	pc->pc_size = size;
	pc->pc_dtor = dtor;
	pc->pc_cookie = cookie;
	if (ctor != NULL)
		ctor(pc->pc_data, cookie, curcpu());
	return pc;
}

percpu_t *
percpu_alloc(size_t size)
{
	return percpu_create(size, NULL, NULL, NULL);
}

void
percpu_free(percpu_t *pc, size_t size)
{
	KASSERT(pc->pc_size == size);
	if (pc->pc_dtor != NULL)
		pc->pc_dtor(pc->pc_data, pc->pc_cookie, curcpu());
	kmem_free(pc, sizeof(*pc) + roundup2(size, 8));
}

void *
percpu_getref(percpu_t *pc)
{
	return pc->pc_data;
}

void
percpu_putref(percpu_t *pc __unused)
{
}

void
percpu_foreach(percpu_t *pc, percpu_callback_t callback, void *arg)
{
	callback(pc->pc_data, arg, curcpu());
}

void
percpu_foreach_xcall(
    percpu_t *pc, u_int xcflags __unused, percpu_callback_t callback, void *arg)
{
	percpu_foreach(pc, callback, arg);
}

void
percpu_traverse_enter(void)
{
}

void
percpu_traverse_exit(void)
{
}

void *
percpu_getptr_remote(percpu_t *pc, struct cpu_info *ci)
{
	KASSERT(ci->ci_index == 0);
	return pc->pc_data;
}

/* kcpuset(9) */
struct kcpuset {
	uint64_t kc_bits;
};
static struct kcpuset one_cpu = {1};
kcpuset_t *kcpuset_attached = &one_cpu;
kcpuset_t *kcpuset_running = &one_cpu;

void
kcpuset_create(kcpuset_t **set, bool zero __unused)
{
	*set = kmem_zalloc(sizeof(**set), KM_SLEEP);
}

void
kcpuset_clone(kcpuset_t **set, const kcpuset_t *from)
{
	kcpuset_create(set, true);
	kcpuset_copy(*set, from);
}

void
kcpuset_destroy(kcpuset_t *set)
{
	KASSERT(set != &one_cpu);
	kmem_free(set, sizeof(*set));
}

void
kcpuset_copy(kcpuset_t *set, const kcpuset_t *from)
{
	*set = *from;
}

void
kcpuset_zero(kcpuset_t *set)
{
	set->kc_bits = 0;
}

void
kcpuset_fill(kcpuset_t *set)
{
	set->kc_bits = ~0ull;
}

void
kcpuset_set(kcpuset_t *set, cpuid_t cpu)
{
	KASSERT(cpu < 64);
	set->kc_bits |= 1ull << cpu;
}

void
kcpuset_clear(kcpuset_t *set, cpuid_t cpu)
{
	KASSERT(cpu < 64);
	set->kc_bits &= ~(1ull << cpu);
}

bool
kcpuset_isset(const kcpuset_t *set, cpuid_t cpu)
{
	KASSERT(cpu < 64);
	return (set->kc_bits >> cpu & 1) != 0;
}

bool
kcpuset_iszero(const kcpuset_t *set)
{
	return set->kc_bits == 0;
}

bool
kcpuset_match(const kcpuset_t *a, const kcpuset_t *b)
{
	return a->kc_bits == b->kc_bits;
}

void
kcpuset_merge(kcpuset_t *set, const kcpuset_t *other)
{
	set->kc_bits |= other->kc_bits;
}

int
kcpuset_countset(const kcpuset_t *set)
{
	int n = 0;

	for (uint64_t bits = set->kc_bits; bits != 0; bits &= bits - 1)
		n++;
	return n;
}

cpuid_t
kcpuset_ffs(const kcpuset_t *set)
{
	return (cpuid_t)__builtin_ffsll((long long)set->kc_bits);
}

/* xcall(9): the function is called at once. */
uint64_t
xc_broadcast(u_int flags __unused, xcfunc_t func, void *a, void *b)
{
	(void)thread_may_sleep("xc_broadcast");
	func(a, b);
	return 1;
}

uint64_t
xc_unicast(u_int flags __unused, xcfunc_t func, void *a, void *b,
    struct cpu_info *ci __unused)
{
	(void)thread_may_sleep("xc_unicast");
	func(a, b);
	return 1;
}

void
xc_wait(uint64_t where __unused)
{
}

void
xc_barrier(u_int flags __unused)
{
}
