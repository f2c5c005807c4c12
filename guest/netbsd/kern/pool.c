/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pool(9) and pool_cache(9). A cache keeps constructed objects, last put first
 * out, until it is drained, invalidated or destroyed. The pages that a
 * constructor took from UVM are counted with the object, since they can't be
 * used for anything else while it is idle in the cache.
 */
#include "guest/netbsd/kern/pool.h"

#include <sys/param.h>
#include <sys/kernel.h>
#include <sys/pool.h>
#include <sys/kmem.h>
#include <uvm/uvm.h>

#include "guest/lib/debug_port.h"
#include "guest/lib/heap.h"
#include "guest/lib/poison.h"
#include "guest/netbsd/kern/description.h"
#include "guest/netbsd/kern/driver.h"
#include "guest/netbsd/kern/kernel_memory.h"
#include "guest/netbsd/kern/thread.h"
#include "guest/netbsd/kern/uvm_page.h"

#define POOL_ALIVE  0x706f6f6cu
#define CACHE_ALIVE 0x63616368u

struct pool_allocator pool_allocator_kmem;
struct pool_allocator pool_allocator_nointr;

/* The header in front of each object. */
struct item {
	struct item *next; /* the next free or idle one */
	struct pool *pool;
	uint64_t sum;	/* of the object, when it became idle */
	uint32_t pages; /* that its constructor took from UVM */
	uint32_t state;
};
#define ITEM_OUT  0x6f757421u
#define ITEM_FREE 0x66726565u
#define ITEM_IDLE 0x69646c65u

static struct pool *pools;    /* all there are */
static struct pool *drained;  /* had its turn last; NULL: a round is over */
static struct pool *draining; /* a destructor of its may run */

/* How often something was put back: now, when this round began, and when the last
 * round began that went through all pools. */
static u_int puts, puts_at_start, puts_drained;

static void *
object_of(struct item *it)
{
	return it + 1;
}

static struct item *
item_of(void *object)
{
	return (struct item *)object - 1;
}

static void
pool_check(const struct pool *pp)
{
	if (__predict_false(pp->pr_state != POOL_ALIVE))
		panic("pool: used before pool_init or after pool_destroy");
}

/* Takes a pool off the list, if it is there. */
static void
pool_forget(struct pool *pp)
{
	struct pool **link;

	while (draining == pp)
		(void)thread_sleep(&draining, "pooldrain", 0);
	for (link = &pools; *link != NULL; link = &(*link)->pr_next) {
		if (*link == pp) {
			*link = pp->pr_next;
			break;
		}
	}
	if (drained == pp)
		drained = NULL;
}

void
pool_init(struct pool *pp, size_t size, u_int align, u_int offset __unused,
    int flags, const char *wchan, struct pool_allocator *palloc __unused,
    int ipl)
{
	KASSERT(size != 0);
	pool_forget(pp);
	memset(pp, 0, sizeof(*pp));
	pp->pr_wchan = wchan;
	pp->pr_size = size;
	pp->pr_align = align;
	pp->pr_flags = flags;
	pp->pr_ipl = ipl;
	pp->pr_hardlimit = ~0u;
	pp->pr_state = POOL_ALIVE;
	pp->pr_next = pools;
	pools = pp;
}

u_int
pool_count(void)
{
	u_int n = 0;

	for (const struct pool *pp = pools; pp != NULL; pp = pp->pr_next)
		n++;
	return n;
}

/* Reports, once, that an object was written to after it was put back. */
static void
check_free(struct item *it)
{
	size_t bytes = it->pool->pr_size;

	if (poison_intact(object_of(it), bytes, PORT_POISON_FREED))
		return;
	port_misuse("pool %s: an object was written to after it was put back",
	    it->pool->pr_wchan);
	poison_fill(object_of(it), bytes, PORT_POISON_FREED);
}

static void
check_idle(struct item *it)
{
	uint64_t sum = poison_sum(object_of(it), it->pool->pr_size);

	if (sum == it->sum)
		return;
	port_misuse("pool %s: an object was written to after it was put back",
	    it->pool->pr_wchan);
	it->sum = sum;
}

/* How many pages so many items take: what a page has room for shares it. */
static size_t
pages_for(const struct pool *pp, size_t items)
{
	if (pp->pr_size >= PAGE_SIZE)
		return items * howmany(pp->pr_size, (size_t)PAGE_SIZE);
	return howmany(
	    items, PAGE_SIZE / roundup2(pp->pr_size, sizeof(void *)));
}

/* Pays for one item more. */
static bool
pool_grow(struct pool *pp)
{
	const size_t pages =
	    pages_for(pp, (size_t)pp->pr_nout + pp->pr_nfree + 1);
	const u_int before = pp->pr_npages;

	if (!uvm.page_init_done || pages <= before)
		return true;
	if (!kernel_pages_take(pages - before, false))
		return false;
	pp->pr_npages += (u_int)(pages - before);
	return true;
}

/* Gives back the pages that its items don't need. */
static void
pool_shrink(struct pool *pp)
{
	const size_t pages = pages_for(pp, (size_t)pp->pr_nout + pp->pr_nfree);

	while (pp->pr_npages > pages) {
		pp->pr_npages--;
		kernel_pages_give(1);
	}
}

/* An item that the pool did not have. NULL: there is no memory for it. */
static struct item *
item_new(struct pool *pp)
{
	struct item *it;
	bool zeroed;

	it = heap_get(sizeof(*it) + pp->pr_size, &zeroed);
	if (it == NULL || pool_grow(pp))
		return it;
	heap_put(it, sizeof(*it) + pp->pr_size);
	return NULL;
}

static struct item *
pool_take(struct pool *pp, int flags)
{
	struct item *it = pp->pr_free;

	while (it == NULL) {
		const bool may_grow = pp->pr_nout < pp->pr_hardlimit;

		if (may_grow && (it = item_new(pp)) != NULL)
			goto taken;
		if ((flags & PR_WAITOK) == 0 || (flags & PR_LIMITFAIL) != 0)
			return NULL;
		if (may_grow)
			page_wait(pp->pr_wchan);
		else
			(void)thread_sleep(pp, pp->pr_wchan, 0);
		it = pp->pr_free;
	}
	KASSERT(it->state == ITEM_FREE);
	pp->pr_free = it->next;
	pp->pr_nfree--;
	check_free(it);
taken:
	it->pool = pp;
	poison_fill(object_of(it), pp->pr_size, PORT_POISON_NEW);
	it->pages = 0;
	it->state = ITEM_OUT;
	pp->pr_nout++;
	return it;
}

static void
pool_give(struct pool *pp, struct item *it)
{
	KASSERT(pp->pr_nout > 0);
	it->state = ITEM_FREE;
	poison_fill(object_of(it), pp->pr_size, PORT_POISON_FREED);
	it->next = pp->pr_free;
	pp->pr_free = it;
	pp->pr_nfree++;
	pp->pr_nout--;
	puts++;
	thread_wake_all(pp);
	page_wake();
}

void *
pool_get(struct pool *pp, int flags)
{
	struct item *it;

	pool_check(pp);
	if (flags & PR_WAITOK && BY_DRIVER() && !cold)
		(void)thread_may_sleep("pool_get(PR_WAITOK)");
	it = pool_take(pp, flags);
	if (it == NULL) {
		kernel_memory_failed();
		return NULL;
	}
	if (flags & PR_ZERO)
		memset(object_of(it), 0, pp->pr_size);
	return object_of(it);
}

static struct item *
checked_item(const struct pool *pp, void *object)
{
	struct item *it;

	if (object == NULL)
		panic("pool %s: NULL is put back", pp->pr_wchan);
	it = item_of(object);
	if (it->state == ITEM_FREE || it->state == ITEM_IDLE)
		panic("pool %s: an object is put back twice", pp->pr_wchan);
	if (it->state != ITEM_OUT)
		panic("pool %s: not an object of a pool is put back",
		    pp->pr_wchan);
	if (it->pool != pp)
		panic("pool %s: an object of %s is put back", pp->pr_wchan,
		    it->pool->pr_wchan);
	return it;
}

void
pool_put(struct pool *pp, void *object)
{
	pool_check(pp);
	pool_give(pp, checked_item(pp, object));
}

int
pool_reclaim(struct pool *pp)
{
	int any = 0;

	pool_check(pp);
	while (pp->pr_nfree > pp->pr_minitems) {
		struct item *it = pp->pr_free;

		pp->pr_free = it->next;
		pp->pr_nfree--;
		heap_put(it, sizeof(*it) + pp->pr_size);
		any = 1;
	}
	pool_shrink(pp);
	return any;
}

void
pool_destroy(struct pool *pp)
{
	pool_check(pp);
	if (pp->pr_nout != 0)
		panic("pool_destroy: %s: %u objects are still out",
		    pp->pr_wchan, pp->pr_nout);
	pp->pr_minitems = 0;
	(void)pool_reclaim(pp);
	pool_forget(pp);
	pp->pr_state = 0;
}

void
pool_prime(struct pool *pp, int n)
{
	struct item *first = NULL, *it;

	pool_check(pp);
	for (; n > 0 && (it = pool_take(pp, PR_NOWAIT)) != NULL; n--) {
		it->next = first;
		first = it;
	}
	while ((it = first) != NULL) {
		first = it->next;
		pool_give(pp, it);
	}
}

void
pool_setlowat(struct pool *pp, int n)
{
	pp->pr_minitems = (u_int)MAX(n, 0);
}

void
pool_sethiwat(struct pool *pp __unused, int n __unused)
{
}

void
pool_sethardlimit(
    struct pool *pp, int n, const char *warning __unused, int ratecap __unused)
{
	pp->pr_hardlimit = (u_int)MAX(n, 0);
}

/* pool_cache(9) */

static void
cache_check(const struct pool_cache *pc)
{
	if (__predict_false(pc->pc_state != CACHE_ALIVE))
		panic("pool_cache: used before its init or after its end");
}

void
pool_cache_bootstrap(pool_cache_t pc, size_t size, u_int align, u_int offset,
    u_int flags, const char *wchan, struct pool_allocator *palloc, int ipl,
    int (*ctor)(void *, void *, int), void (*dtor)(void *, void *), void *arg)
{
	pool_forget(&pc->pc_pool);
	memset(pc, 0, sizeof(*pc));
	pool_init(
	    &pc->pc_pool, size, align, offset, (int)flags, wchan, palloc, ipl);
	pc->pc_ctor = ctor;
	pc->pc_dtor = dtor;
	pc->pc_arg = arg;
	pc->pc_pool.pr_cache = pc;
	pc->pc_state = CACHE_ALIVE;
}

pool_cache_t
pool_cache_init(size_t size, u_int align, u_int offset, u_int flags,
    const char *wchan, struct pool_allocator *palloc, int ipl,
    int (*ctor)(void *, void *, int), void (*dtor)(void *, void *), void *arg)
{
	bool zeroed;
	pool_cache_t pc = heap_get(sizeof(*pc), &zeroed);

	if (pc == NULL)
		return NULL;
	pool_cache_bootstrap(pc, size, align, offset, flags, wchan, palloc, ipl,
	    ctor, dtor, arg);
	return pc;
}

/* Runs the constructor, and counts the pages that it took. */
static int
construct(pool_cache_t pc, struct item *it, int flags)
{
	int free_before = uvmexp.free, error;
	struct context_before before;

	if (pc->pc_ctor == NULL)
		return 0;
	context_begin(&before);
	error = pc->pc_ctor(pc->pc_arg, object_of(it), flags);
	context_end(&before, "a constructor of pool ", pc->pc_pool.pr_wchan,
	    (uintptr_t)pc->pc_ctor);
	it->pages = (uint32_t)MAX(free_before - uvmexp.free, 0);
	return error;
}

static void
destruct(pool_cache_t pc, struct item *it)
{
	if (pc->pc_dtor != NULL) {
		struct context_before before;

		context_begin(&before);
		pc->pc_dtor(pc->pc_arg, object_of(it));
		context_end(&before, "a destructor of pool ",
		    pc->pc_pool.pr_wchan, (uintptr_t)pc->pc_dtor);
	}
	it->pages = 0;
	pool_give(&pc->pc_pool, it);
}

static struct item *
idle_take(pool_cache_t pc)
{
	struct item *it = pc->pc_idle;

	if (it == NULL)
		return NULL;
	KASSERT(it->state == ITEM_IDLE);
	check_idle(it);
	pc->pc_idle = it->next;
	pc->pc_nidle--;
	it->state = ITEM_OUT;
	counters.idle_objects--;
	counters.idle_pages -= it->pages;
	return it;
}

void *
pool_cache_get_paddr(pool_cache_t pc, int flags, paddr_t *pap)
{
	struct item *it;

	cache_check(pc);
	if (pap != NULL)
		*pap = (paddr_t)-1;
	if (flags & PR_WAITOK) {
		if (BY_DRIVER() && !cold)
			(void)thread_may_sleep("pool_cache_get(PR_WAITOK)");
	} else if (BY_DRIVER() && port_fault(FAULT_SITE_POOL_CACHE_GET, 0,
				      pc->pc_pool.pr_size) != 0)
		return NULL;
	schedule_point();
	it = idle_take(pc);
	if (it != NULL)
		return object_of(it);
	it = pool_take(&pc->pc_pool, flags);
	if (it == NULL) {
		kernel_memory_failed();
		return NULL;
	}
	if (construct(pc, it, flags) != 0) {
		it->pages = 0;
		pool_give(&pc->pc_pool, it);
		return NULL;
	}
	return object_of(it);
}

void
pool_cache_put_paddr(pool_cache_t pc, void *object, paddr_t pa __unused)
{
	struct item *it;

	cache_check(pc);
	it = checked_item(&pc->pc_pool, object);
	it->sum = poison_sum(object, pc->pc_pool.pr_size);
	it->state = ITEM_IDLE;
	it->next = pc->pc_idle;
	pc->pc_idle = it;
	pc->pc_nidle++;
	puts++;
	counters.idle_objects++;
	counters.idle_pages += it->pages;
	schedule_point();
}

/* Destroys an object instead of keeping it in the cache. */
void
pool_cache_destruct_object(pool_cache_t pc, void *object)
{
	cache_check(pc);
	destruct(pc, checked_item(&pc->pc_pool, object));
}

void
pool_cache_invalidate(pool_cache_t pc)
{
	struct item *it;

	cache_check(pc);
	pc->pc_generation++;
	while ((it = idle_take(pc)) != NULL)
		destruct(pc, it);
}

bool
pool_cache_reclaim(pool_cache_t pc)
{
	pool_cache_invalidate(pc);
	return pool_reclaim(&pc->pc_pool) != 0;
}

void
pool_cache_bootstrap_destroy(pool_cache_t pc)
{
	pool_cache_invalidate(pc);
	pool_destroy(&pc->pc_pool);
	pc->pc_state = 0;
}

void
pool_cache_destroy(pool_cache_t pc)
{
	pool_cache_bootstrap_destroy(pc);
	heap_put(pc, sizeof(*pc));
}

void
pool_cache_prime(pool_cache_t pc, int n)
{
	pool_prime(&pc->pc_pool, n);
}

void
pool_cache_setlowat(pool_cache_t pc, int n)
{
	pool_setlowat(&pc->pc_pool, n);
}

void
pool_cache_sethiwat(pool_cache_t pc __unused, int n __unused)
{
}

void
pool_cache_sethardlimit(
    pool_cache_t pc, int n, const char *warning, int ratecap)
{
	pool_sethardlimit(&pc->pc_pool, n, warning, ratecap);
}

bool
pool_any_idle(void)
{
	return puts != puts_drained;
}

bool
pool_drain_next(void)
{
	struct pool *pp = drained != NULL ? drained->pr_next : pools;

	if (drained == NULL)
		puts_at_start = puts;
	drained = pp;
	if (pp == NULL) {
		puts_drained = puts_at_start;
		return false;
	}
	draining = pp;
	if (pp->pr_cache != NULL)
		pool_cache_invalidate(pp->pr_cache);
	(void)pool_reclaim(pp);
	draining = NULL;
	thread_wake_all(&draining);
	return true;
}

#define LOOKED_AT 1024 /* objects of each pool, at most */

/* Looks for writes to free and idle objects. */
void
pool_check_all(void)
{
	for (struct pool *pp = pools; pp != NULL; pp = pp->pr_next) {
		struct item *it;
		u_int n;

		it = pp->pr_cache != NULL ? pp->pr_cache->pc_idle : NULL;
		for (n = 0; it != NULL && n < LOOKED_AT; it = it->next, n++)
			check_idle(it);
		for (it = pp->pr_free, n = 0; it != NULL && n < LOOKED_AT;
		     it = it->next, n++)
			check_free(it);
	}
}
