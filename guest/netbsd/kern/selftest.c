/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The runtime's own tests, run inside a guest by the agent's `selftest NAME`: a
 * hosted program would have the same names in its C library.
 */
#include "guest/netbsd/kern/selftest.h"

#include <sys/extent.h>
#include <sys/kmem.h>
#include <sys/pool.h>
#include <sys/rbtree.h>
#include <uvm/uvm.h>

#include "guest/lib/boot_block.h"
#include "guest/lib/debug_port.h"
#include "guest/lib/output.h"
#include "guest/netbsd/kern/agent.h"

static struct output *report;
static int failures;

void
selftest_check(bool ok, const char *what, const char *file, int place)
{
	const char *base = strrchr(file, '/');

	if (ok)
		return;
	failures++;
	output_printf(
	    report, "%s:%d: %s\n", base != NULL ? base + 1 : file, place, what);
}

/* rbtree(3) */
struct number {
	struct rb_node node;
	u_int value;
};

static int
compare_numbers(void *context __unused, const void *a, const void *b)
{
	u_int x = ((const struct number *)a)->value;
	u_int y = ((const struct number *)b)->value;

	return x < y ? -1 : x > y;
}

static int
compare_key(void *context __unused, const void *a, const void *key)
{
	u_int x = ((const struct number *)a)->value, y = *(const u_int *)key;

	return x < y ? -1 : x > y;
}

static const rb_tree_ops_t number_ops = {
    .rbto_compare_nodes = compare_numbers,
    .rbto_compare_key = compare_key,
    .rbto_node_offset = offsetof(struct number, node),
};

#define NUMBERS 257u /* a prime: steps of any size reach each number */

static u_int
tree_height(const struct rb_node *n)
{
	u_int l, r;

	if (n == NULL)
		return 0;
	l = tree_height(n->rb_left);
	r = tree_height(n->rb_right);
	CHECK(l <= r + 1 && r <= l + 1);
	CHECK(n->rb_height == (int)(1 + MAX(l, r)));
	CHECK(n->rb_left == NULL || n->rb_left->rb_parent == n);
	CHECK(n->rb_right == NULL || n->rb_right->rb_parent == n);
	return 1 + MAX(l, r);
}

static void
check_order(rb_tree_t *t, u_int wanted)
{
	struct number *n, *before = NULL;
	u_int seen = 0;

	RB_TREE_FOREACH (n, t) {
		CHECK(before == NULL || before->value < n->value);
		before = n;
		seen++;
	}
	CHECK(seen == wanted && rb_tree_count(t) == wanted);
	CHECK(RB_TREE_MAX(t) == before);
	CHECK(tree_height(t->rbt_root) <= 12);
}

static void
test_rbtree(void)
{
	struct number *numbers, twin;
	rb_tree_t t;
	u_int key;

	numbers = kmem_zalloc(NUMBERS * sizeof(*numbers), KM_SLEEP);
	rb_tree_init(&t, &number_ops);
	CHECK(RB_TREE_MIN(&t) == NULL && RB_TREE_MAX(&t) == NULL);
	for (u_int i = 0; i < NUMBERS; i++) {
		struct number *n = &numbers[i * 71 % NUMBERS];

		n->value = (i * 71 % NUMBERS) * 2;
		CHECK(rb_tree_insert_node(&t, n) == n);
		check_order(&t, i + 1);
	}
	twin.value = 20;
	CHECK(rb_tree_insert_node(&t, &twin) == &numbers[10]);
	key = 21;
	CHECK(rb_tree_find_node(&t, &key) == NULL);
	CHECK(rb_tree_find_node_geq(&t, &key) == &numbers[11]);
	CHECK(rb_tree_find_node_leq(&t, &key) == &numbers[10]);
	key = 22;
	CHECK(rb_tree_find_node(&t, &key) == &numbers[11]);
	CHECK(rb_tree_find_node_geq(&t, &key) == &numbers[11]);
	CHECK(rb_tree_find_node_leq(&t, &key) == &numbers[11]);
	key = 2 * NUMBERS;
	CHECK(rb_tree_find_node_geq(&t, &key) == NULL);
	CHECK(rb_tree_find_node_leq(&t, &key) == &numbers[NUMBERS - 1]);
	for (u_int i = 0; i < NUMBERS; i++) {
		rb_tree_remove_node(&t, &numbers[i * 13 % NUMBERS]);
		check_order(&t, NUMBERS - i - 1);
	}
	kmem_free(numbers, NUMBERS * sizeof(*numbers));
}

/* extent(9) */
static void
test_extent(void)
{
	_Alignas(16) char storage[EXTENT_FIXED_STORAGE_SIZE(2)];
	struct extent *ex;
	u_long at;

	ex = extent_create(
	    "selftest", 100, 199, storage, sizeof(storage), EX_NOWAIT);
	CHECK(ex != NULL);
	if (ex == NULL)
		return;
	CHECK(extent_alloc(ex, 10, EX_NOALIGN, EX_NOBOUNDARY, EX_NOWAIT, &at) ==
		  0 &&
	      at == 100);
	CHECK(extent_alloc(ex, 10, 16, EX_NOBOUNDARY, EX_NOWAIT, &at) == 0 &&
	      at == 112);
	CHECK(extent_alloc_region(ex, 105, 1, EX_NOWAIT) == ENOMEM);
	CHECK(extent_alloc_region(ex, 105, 1, EX_MALLOCOK) == EAGAIN);
	CHECK(extent_alloc_region(ex, 110, 2, EX_MALLOCOK) == 0);
	CHECK(extent_free(ex, 100, 22, EX_NOWAIT) == 0);
	CHECK(extent_alloc(
		  ex, 100, EX_NOALIGN, EX_NOBOUNDARY, EX_NOWAIT, &at) == 0 &&
	      at == 100);
	CHECK(extent_alloc(ex, 1, EX_NOALIGN, EX_NOBOUNDARY, EX_NOWAIT, &at) ==
	      EAGAIN);
	CHECK(extent_free(ex, 150, 10, EX_NOWAIT) == 0);
	CHECK(extent_free(ex, 120, 10, EX_NOWAIT) == ENOMEM);
	CHECK(extent_free(ex, 120, 10, EX_MALLOCOK) == 0);
	CHECK(extent_alloc(
		  ex, 8, EX_NOALIGN, 8, EX_BOUNDZERO | EX_MALLOCOK, &at) == 0 &&
	      at == 120);
	extent_destroy(ex);
}

/* kmem(9) */
static void
test_kmem(void)
{
	static const size_t sizes[] = {1, 31, 32, 33, 95, 96, 97, 4096, 70000};
	uint64_t live = counters.heap_live, bytes = counters.heap_live_bytes;
	char *p[__arraycount(sizes)];

	for (size_t i = 0; i < __arraycount(sizes); i++) {
		p[i] = kmem_alloc(sizes[i], KM_SLEEP);
		memset(p[i], (int)i + 1, sizes[i]);
		bytes += sizes[i];
	}
	CHECK(counters.heap_live == live + __arraycount(sizes));
	CHECK(counters.heap_live_bytes == bytes);
	for (size_t i = 0; i < __arraycount(sizes); i++) {
		CHECK(p[i][0] == (char)(i + 1));
		CHECK(p[i][sizes[i] - 1] == (char)(i + 1));
		kmem_free(p[i], sizes[i]);
		p[i] = kmem_zalloc(sizes[i], KM_NOSLEEP);
		CHECK(p[i] != NULL && p[i][0] == 0 && p[i][sizes[i] - 1] == 0);
	}
	for (size_t i = 0; i < __arraycount(sizes); i++)
		kmem_free(p[i], sizes[i]);
	CHECK(counters.heap_live == live);
	CHECK(kmem_alloc((size_t)1 << 50, KM_NOSLEEP) == NULL);
	counters.allocation_failures--;
}

/* pool_cache(9) */
static int constructed, refuse;

static int
construct(void *arg __unused, void *object, int flags __unused)
{
	if (refuse)
		return ENOMEM;
	*(int *)object = ++constructed;
	return 0;
}

static void
destruct(void *arg __unused, void *object __unused)
{
	constructed--;
}

static void
test_pool(void)
{
	uint64_t idle = counters.idle_objects;
	pool_cache_t pc;
	void *a, *b;

	constructed = refuse = 0;
	pc = pool_cache_init(
	    40, 0, 0, 0, "selftest", NULL, IPL_NONE, construct, destruct, NULL);
	a = pool_cache_get(pc, PR_WAITOK);
	b = pool_cache_get(pc, PR_NOWAIT);
	CHECK(a != NULL && b != NULL && a != b && constructed == 2);
	pool_cache_put(pc, a);
	CHECK(counters.idle_objects == idle + 1);
	CHECK(pool_cache_get(pc, PR_WAITOK) == a && constructed == 2);
	refuse = 1;
	CHECK(pool_cache_get(pc, PR_WAITOK) == NULL);
	pool_cache_put(pc, a);
	pool_cache_put(pc, b);
	CHECK(constructed == 2);
	pool_cache_invalidate(pc);
	CHECK(constructed == 0 && counters.idle_objects == idle);
	pool_cache_destroy(pc);
}

/* Pages that the kernel's own memory takes */
static void
test_memory(void)
{
	const size_t large = 10 * PAGE_SIZE + 1;
	const int free_before = uvmexp.free;
	struct pool pool;
	void *p, *items[3];

	p = kmem_alloc(large, KM_NOSLEEP);
	CHECK(p != NULL && uvmexp.free == free_before - 11);
	kmem_free(p, large);
	CHECK(uvmexp.free == free_before);
	CHECK(kmem_alloc(ptoa((size_t)free_before), KM_NOSLEEP) == NULL);
	CHECK(uvmexp.free == free_before);
	counters.allocation_failures--;

	/* Two items share a page, and the pool keeps pages until it is drained. */
	pool_init(&pool, PAGE_SIZE / 2, 0, 0, 0, "selftest", NULL, IPL_NONE);
	for (size_t i = 0; i < __arraycount(items); i++)
		items[i] = pool_get(&pool, PR_NOWAIT);
	CHECK(uvmexp.free == free_before - 2);
	for (size_t i = 0; i < __arraycount(items); i++)
		pool_put(&pool, items[i]);
	CHECK(uvmexp.free == free_before - 2);
	CHECK(pool_reclaim(&pool) != 0 && uvmexp.free == free_before);
	pool_destroy(&pool);
}

/* snprintf */
static bool
formats(const char *wanted, const char *fmt, ...)
{
	char text[64];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return strcmp(text, wanted) == 0;
}

static void
test_format(void)
{
	char small[4];

	CHECK(formats("-1 4294967295 ff FF 017", "%d %u %x %X %#o", -1, -1u,
	    0xffu, 0xffu, 15u));
	CHECK(formats("18446744073709551615", "%zu", (size_t)-1));
	CHECK(formats(
	    "-9223372036854775808", "%jd", (intmax_t)-0x7fffffffffffffffl - 1));
	CHECK(formats(
	    "0x1f   |   1f|001f", "%#-6x |%5x|%04x", 0x1fu, 0x1fu, 0x1fu));
	CHECK(formats(
	    "ab|  ab|ab  |a", "%s|%4s|%-4s|%.1s", "ab", "ab", "ab", "ab"));
	CHECK(formats("+5 005 100%", "%+d %.3d %d%%", 5, 5, 100));
	CHECK(formats("x (null)", "%c %s", 'x', (char *)NULL));
	CHECK(formats("0 0x10", "%p %p", NULL, (void *)0x10));
	CHECK(formats("0xffffa00000000123", "%p", boot_block->heap + 0x123));
	CHECK(snprintf(small, sizeof(small), "%s", "abcdef") == 6);
	CHECK(strcmp(small, "abc") == 0);
}

int
agent_selftest(struct output *out, const char *args)
{
	static const struct {
		const char *name;
		void (*run)(void);
		bool
		    on_request; /* tests the two files of the user's, only when it is named */
	} tests[] = {
	    {"rbtree", test_rbtree, false},
	    {"extent", test_extent, false},
	    {"kmem", test_kmem, false},
	    {"pool", test_pool, false},
	    {"memory", test_memory, false},
	    {"format", test_format, false},
	    {"sync", selftest_sync, false},
	    {"callout", selftest_callout, false},
	    {"sysctl", selftest_sysctl, false},
	    {"xenbus", selftest_xenbus, false},
	    {"pages", selftest_pages, false},
	    {"pressure", selftest_pressure, false},
	    {"physseg", selftest_physseg, true},
	    {"driver", selftest_driver, true},
	    {"nodes", selftest_nodes, true},
	};
	char word[16];
	bool any = false;

	report = out;
	failures = 0;
	(void)text_word(args, word, sizeof(word));
	for (size_t i = 0; i < __arraycount(tests); i++) {
		if (word[0] == '\0' ? tests[i].on_request
				    : strcmp(word, tests[i].name) != 0)
			continue;
		any = true;
		tests[i].run();
	}
	if (!any)
		output_printf(out, "selftest: no test %s\n", word);
	else if (failures == 0)
		output_printf(out, "selftest: passed\n");
	return any && failures == 0 ? 0 : 1;
}
