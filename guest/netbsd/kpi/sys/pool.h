/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pool(9) and pool_cache(9). A cache keeps constructed objects that were put
 * back: the destructor runs when the cache is drained, invalidated or
 * destroyed, and the constructor only when no such object is left.
 */
#ifndef _SYS_POOL_H_
#define _SYS_POOL_H_

#include <sys/types.h>
#include <sys/mutex.h>

#define PR_WAITOK     0x01
#define PR_NOWAIT     0x02
#define PR_LIMITFAIL  0x04
#define PR_ZERO	      0x08
#define PR_RECURSIVE  0x10
#define PR_LARGECACHE 0x20
#define PR_NOALIGN    0x800
#define PR_NOTOUCH    0x1000

struct pool;
struct pool_allocator {
	void *(*pa_alloc)(struct pool *, int);
	void (*pa_free)(struct pool *, void *);
	unsigned int pa_pagesz;
};
extern struct pool_allocator pool_allocator_kmem;
extern struct pool_allocator pool_allocator_nointr;

/* The members are the runtime's own, but for the two names. */
struct pool {
	const char *pr_wchan;
	size_t pr_size;
	size_t pr_align;
	void *pr_free;
	unsigned int pr_nfree;
	unsigned int pr_nout;
	unsigned int pr_hardlimit;
	unsigned int pr_minitems;
	unsigned int pr_npages; /* that its items take */
	int pr_flags;
	int pr_ipl;
	uint32_t pr_state;
	struct pool *pr_next; /* of all pools */
	struct pool_cache *pr_cache;
};

typedef struct pool_cache *pool_cache_t;
struct pool_cache {
	struct pool pc_pool;
	int (*pc_ctor)(void *, void *, int);
	void (*pc_dtor)(void *, void *);
	void *pc_arg;
	void *pc_idle;
	unsigned int pc_nidle;
	unsigned int pc_generation;
	uint32_t pc_state;
};

void pool_init(struct pool *, size_t, u_int, u_int, int, const char *,
    struct pool_allocator *, int);
void pool_destroy(struct pool *);
void *pool_get(struct pool *, int);
void pool_put(struct pool *, void *);
int pool_reclaim(struct pool *);
void pool_prime(struct pool *, int);
void pool_setlowat(struct pool *, int);
void pool_sethiwat(struct pool *, int);
void pool_sethardlimit(struct pool *, int, const char *, int);

pool_cache_t pool_cache_init(size_t, u_int, u_int, u_int, const char *,
    struct pool_allocator *, int, int (*)(void *, void *, int),
    void (*)(void *, void *), void *);
void pool_cache_bootstrap(pool_cache_t, size_t, u_int, u_int, u_int,
    const char *, struct pool_allocator *, int, int (*)(void *, void *, int),
    void (*)(void *, void *), void *);
void pool_cache_destroy(pool_cache_t);
void pool_cache_bootstrap_destroy(pool_cache_t);
void *pool_cache_get_paddr(pool_cache_t, int, paddr_t *);
void pool_cache_put_paddr(pool_cache_t, void *, paddr_t);
void pool_cache_destruct_object(pool_cache_t, void *);
void pool_cache_invalidate(pool_cache_t);
bool pool_cache_reclaim(pool_cache_t);
void pool_cache_prime(pool_cache_t, int);
void pool_cache_setlowat(pool_cache_t, int);
void pool_cache_sethiwat(pool_cache_t, int);
void pool_cache_sethardlimit(pool_cache_t, int, const char *, int);
#define pool_cache_get(pc, f) pool_cache_get_paddr((pc), (f), NULL)
#define pool_cache_put(pc, o) pool_cache_put_paddr((pc), (o), (paddr_t)-1)

#endif /* !_SYS_POOL_H_ */
