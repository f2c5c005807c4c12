/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kmalloc() and its kin out of pages of the real allocator: powers of two up to half a page, whole pages beyond. What
 * Linux's slab does to keep objects of one cache together is not modelled.
 */
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/radix-tree.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include <linux/xarray.h>

#include "bridge.h"
#include "runtime.h"

#define MIN_SHIFT  5
#define NR_CLASSES (PAGE_SHIFT - MIN_SHIFT)
#define NR_ORDERS  20
#define SMALL	   0x51ab0000ul /* and the class: in the page of small objects */

struct free_object {
	struct free_object *next;
};

/* Newer versions call functions that allocate by names with `_noprof` behind them, and have macros of the old names. */
#ifdef LINUX_NOPROF
#define ALLOCATES(name) name##_noprof
#else
#define ALLOCATES(name)			  name
#define DECL_BUCKET_PARAMS(bytes, bucket) size_t bytes
#define __kmalloc_cache			  kmalloc_trace
#define __kmalloc_cache_node		  kmalloc_node_trace
#endif

static struct free_object *free_objects[NR_CLASSES];
static unsigned long live;
static bool available;
struct kmem_cache *radix_tree_node_cachep;
struct kmem_cache *kmalloc_caches[NR_KMALLOC_TYPES][KMALLOC_SHIFT_HIGH + 1];

bool slab_is_available(void)
{
	return available;
}

void slab_init(void)
{
	available = true;
}

unsigned long linux_live_allocations(void)
{
	return live;
}

/* A page of small objects says in `private` which class they are of; a large block's says NR_CLASSES and its order. */
static bool refill(unsigned int class, gfp_t flags)
{
	struct page *page = pages_take_to_use(flags & ~__GFP_ZERO, 0);

	if (!page)
		return false;
	page->private = SMALL + class;
	for (size_t at = 0; at < PAGE_SIZE; at += 1ul << (class + MIN_SHIFT)) {
		struct free_object *object = page_address(page) + at;

		object->next = free_objects[class];
		free_objects[class] = object;
	}
	return true;
}

static void *large(size_t bytes, gfp_t flags)
{
	const unsigned int order = get_order(bytes);
	struct page *page =
		pages_take_to_use((flags & ~__GFP_ZERO) | (order ? __GFP_COMP : 0), order);

	if (!page)
		return NULL;
	page->private = NR_CLASSES + order;
	if (flags & __GFP_ZERO)
		memset(page_address(page), 0, bytes);
	live++;
	return page_address(page);
}

static void *take(size_t bytes, gfp_t flags)
{
	unsigned int class = 0;
	struct free_object *object;

	if (bytes == 0)
		return ZERO_SIZE_PTR;
	if (bridge_fault(BRIDGE_KMALLOC, 0, bytes) != 0)
		return NULL;
	if (bytes > PAGE_SIZE / 2)
		return large(bytes, flags);
	while ((1ul << (class + MIN_SHIFT)) < bytes)
		class ++;
	if (!free_objects[class] && !refill(class, flags))
		return NULL;
	object = free_objects[class];
	free_objects[class] = object->next;
	if (flags & __GFP_ZERO)
		memset(object, 0, 1ul << (class + MIN_SHIFT));
	live++;
	return object;
}

void *ALLOCATES(__kmalloc)(size_t bytes, gfp_t flags)
{
	return take(bytes, flags);
}

void *ALLOCATES(__kmalloc_node)(DECL_BUCKET_PARAMS(bytes, bucket), gfp_t flags, int node)
{
	return take(bytes, flags);
}

void *ALLOCATES(__kmalloc_cache)(struct kmem_cache *cache, gfp_t flags, size_t bytes)
{
	return take(bytes, flags);
}

void *ALLOCATES(__kmalloc_cache_node)(struct kmem_cache *cache, gfp_t flags, int node, size_t bytes)
{
	return take(bytes, flags);
}

/* The xarray's nodes, the only cache that is used here. */
void *ALLOCATES(kmem_cache_alloc_lru)(struct kmem_cache *cache, struct list_lru *lru, gfp_t flags)
{
	void *node = take(sizeof(struct xa_node), flags | __GFP_ZERO);

	BUG_ON(cache != radix_tree_node_cachep);
	if (node)
		INIT_LIST_HEAD(&((struct xa_node *)node)->private_list);
	return node;
}

void radix_tree_node_rcu_free(struct rcu_head *head)
{
	kfree(container_of(head, struct xa_node, rcu_head));
}

void kfree(const void *pointer)
{
	struct page *page;
	struct free_object *object = (void *)pointer;
	unsigned long class;

	if (ZERO_OR_NULL_PTR(pointer))
		return;
	page = virt_to_page(pointer);
	BUG_ON(live == 0);
	live--;
	class = page->private - SMALL;
	if (class >= NR_CLASSES) {
		const unsigned long order = page->private - NR_CLASSES;

		BUG_ON(order > NR_ORDERS);
		page->private = 0;
		pages_give(page, order);
		return;
	}
	object->next = free_objects[class];
	free_objects[class] = object;
}

void kvfree(const void *pointer)
{
	kfree(pointer);
}

void *ALLOCATES(kmemdup)(const void *from, size_t bytes, gfp_t flags)
{
	void *to = kmalloc(bytes, flags);

	if (to)
		memcpy(to, from, bytes);
	return to;
}

/* With one CPU an object of each CPU's is one object. */
#ifdef LINUX_NOPROF
void __percpu *pcpu_alloc_noprof(size_t bytes, size_t align, bool reserved, gfp_t flags)
#else
void __percpu *__alloc_percpu(size_t bytes, size_t align)
#endif
{
	return (void __percpu *)kzalloc(bytes, GFP_KERNEL);
}

void free_percpu(void __percpu *pointer)
{
	kfree((void __force *)pointer);
}
