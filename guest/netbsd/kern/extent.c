/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * extent(9). A map keeps its allocated regions in order and joins neighbours. A
 * free may need a descriptor as well, when it cuts one region in two.
 */
#include <sys/param.h>
#include <sys/extent.h>
#include <sys/kmem.h>

#include "guest/lib/debug_port.h"
#include "guest/netbsd/kern/description.h"
#include "guest/netbsd/kern/driver.h"
#include "guest/netbsd/kern/physseg_calls.h"
#include "guest/netbsd/kern/thread.h"

static struct extent_fixed *
fixed_of(struct extent *ex)
{
	KASSERT(ex->ex_flags & EXF_FIXED);
	return (struct extent_fixed *)ex;
}

void
extent_init(void)
{
}

static void
carve_storage(struct extent_fixed *fex, char *storage, size_t bytes)
{
	char *p = storage + ALIGN(sizeof(struct extent_fixed));
	char *end = storage + bytes;

	LIST_INIT(&fex->fex_freelist);
	fex->fex_storage = storage;
	fex->fex_storagesize = bytes;
	while (p + ALIGN(sizeof(struct extent_region)) <= end) {
		struct extent_region *rp = (struct extent_region *)p;

		memset(rp, 0, sizeof(*rp));
		LIST_INSERT_HEAD(&fex->fex_freelist, rp, er_link);
		p += ALIGN(sizeof(struct extent_region));
	}
}

struct extent *
extent_create(const char *name, u_long start, u_long end, void *storage,
    size_t bytes, int flags)
{
	struct extent *ex;
	bool fixed = storage != NULL;

	if (name == NULL)
		panic("extent_create: no name");
	if (end < start)
		panic("extent_create: %s: end before start", name);
	if (fixed && bytes < sizeof(struct extent_fixed))
		panic("extent_create: %s: fixed storage is too small", name);
	if (fixed) {
		memset(storage, 0, sizeof(struct extent_fixed));
		ex = &((struct extent_fixed *)storage)->fex_extent;
		carve_storage((struct extent_fixed *)storage, storage, bytes);
	} else {
		ex = kmem_zalloc(
		    sizeof(*ex), flags & EX_WAITOK ? KM_SLEEP : KM_NOSLEEP);
		if (ex == NULL)
			return NULL;
	}
	if ((flags & EX_EARLY) == 0) {
		mutex_init(&ex->ex_lock, MUTEX_DEFAULT, IPL_VM);
		cv_init(&ex->ex_cv, "extent");
	}
	LIST_INIT(&ex->ex_regions);
	ex->ex_name = name;
	ex->ex_start = start;
	ex->ex_end = end;
	ex->ex_flags = (fixed ? EXF_FIXED : 0) |
		       (flags & EX_NOCOALESCE ? EXF_NOCOALESCE : 0) |
		       (flags & EX_EARLY ? EXF_EARLY : 0);
	return ex;
}

static void
region_put(struct extent *ex, struct extent_region *rp)
{
	if (ex->ex_flags & EXF_FIXED && (rp->er_flags & ER_ALLOC) == 0)
		LIST_INSERT_HEAD(&fixed_of(ex)->fex_freelist, rp, er_link);
	else
		kmem_free(rp, sizeof(*rp));
	if (ex->ex_flwanted) {
		ex->ex_flwanted = false;
		thread_wake_all(ex);
	}
}

/*
 * Gets a descriptor from fixed storage or from kmem. NULL: there is none, and
 * the caller can't wait. Inside physseg code a scenario may refuse it.
 */
static struct extent_region *
region_get(struct extent *ex, int flags, bool by_driver)
{
	struct extent_region *rp;

	if ((flags & EX_WAITOK) == 0 && by_driver && in_physseg() &&
	    port_fault(FAULT_SITE_EXTENT_UVM_PHYSSEG, 0, 1) != 0)
		return NULL;
	for (;;) {
		if (ex->ex_flags & EXF_FIXED) {
			rp = LIST_FIRST(&fixed_of(ex)->fex_freelist);
			if (rp != NULL) {
				LIST_REMOVE(rp, er_link);
				rp->er_flags = 0;
				return rp;
			}
			if ((flags & EX_MALLOCOK) == 0) {
				if ((flags & EX_WAITOK) == 0)
					return NULL;
				ex->ex_flwanted = true;
				(void)thread_sleep(ex, "extnt", 0);
				continue;
			}
		}
		rp = kmem_alloc(
		    sizeof(*rp), flags & EX_WAITOK ? KM_SLEEP : KM_NOSLEEP);
		if (rp != NULL)
			rp->er_flags = ER_ALLOC;
		return rp;
	}
}

void
extent_destroy(struct extent *ex)
{
	struct extent_region *rp;

	KASSERT(ex != NULL);
	while ((rp = LIST_FIRST(&ex->ex_regions)) != NULL) {
		LIST_REMOVE(rp, er_link);
		region_put(ex, rp);
	}
	if ((ex->ex_flags & EXF_EARLY) == 0) {
		cv_destroy(&ex->ex_cv);
		mutex_destroy(&ex->ex_lock);
	}
	if ((ex->ex_flags & EXF_FIXED) == 0)
		kmem_free(ex, sizeof(*ex));
}

/*
 * Marks [start, start + size) as allocated, behind the region `after` (NULL: at
 * the front). It is joined with its neighbours; the spare descriptor goes back
 * when it is not needed.
 */
static void
region_insert(struct extent *ex, struct extent_region *after, u_long start,
    u_long size, int flags, struct extent_region *spare)
{
	struct extent_region *next = after != NULL
					 ? LIST_NEXT(after, er_link)
					 : LIST_FIRST(&ex->ex_regions);
	u_long end = start + (size - 1);
	bool join = ((ex->ex_flags & EXF_NOCOALESCE) | (flags & EX_FAST)) == 0;

	KASSERT(after == NULL || after->er_end < start);
	KASSERT(next == NULL || next->er_start > end);
	if (join && after != NULL && after->er_end + 1 == start) {
		after->er_end = end;
		region_put(ex, spare);
		if (next != NULL && end + 1 == next->er_start) {
			after->er_end = next->er_end;
			LIST_REMOVE(next, er_link);
			region_put(ex, next);
		}
		return;
	}
	if (join && next != NULL && end + 1 == next->er_start) {
		next->er_start = start;
		region_put(ex, spare);
		return;
	}
	spare->er_start = start;
	spare->er_end = end;
	if (after == NULL)
		LIST_INSERT_HEAD(&ex->ex_regions, spare, er_link);
	else
		LIST_INSERT_AFTER(after, spare, er_link);
}

/*
 * Finds the lowest start, at or above `from`, of a region that ends at `limit`
 * or before. False: there is none.
 */
static bool
fits(u_long from, u_long limit, u_long size, u_long alignment, u_long skew,
    u_long boundary, u_long base, u_long *start)
{
	u_long at = from, last;

	for (;;) {
		if (alignment > 1) {
			u_long up = (at - skew + alignment - 1) / alignment *
					alignment +
				    skew;

			if (up < at)
				return false;
			at = up;
		}
		if (__builtin_add_overflow(at, size - 1, &last) || last > limit)
			return false;
		if (boundary == 0 ||
		    (at - base) / boundary == (last - base) / boundary)
			break;
		at = base + ((last - base) / boundary) * boundary;
	}
	*start = at;
	return true;
}

static bool
find_space(struct extent *ex, u_long substart, u_long subend, u_long size,
    u_long alignment, u_long skew, u_long boundary, int flags,
    struct extent_region **after, u_long *start)
{
	struct extent_region *rp;
	u_long from = substart, base = flags & EX_BOUNDZERO ? 0 : ex->ex_start;

	*after = NULL;
	LIST_FOREACH (rp, &ex->ex_regions, er_link) {
		if (rp->er_end < from) {
			*after = rp;
			continue;
		}
		if (rp->er_start > from) {
			u_long limit = MIN(rp->er_start - 1, subend);

			if (fits(from, limit, size, alignment, skew, boundary,
				base, start))
				return true;
		}
		if (rp->er_end >= subend)
			return false;
		from = rp->er_end + 1;
		*after = rp;
	}
	return fits(from, subend, size, alignment, skew, boundary, base, start);
}

int
extent_alloc_subregion1(struct extent *ex, u_long substart, u_long subend,
    u_long size, u_long alignment, u_long skew, u_long boundary, int flags,
    u_long *result)
{
	struct extent_region *spare, *after;
	u_long start;

	if (ex == NULL || result == NULL)
		panic("extent_alloc_subregion: no map or no result");
	if (substart < ex->ex_start || subend > ex->ex_end || subend < substart)
		panic(
		    "extent_alloc_subregion: %s: a bad subregion", ex->ex_name);
	if (size < 1 || (boundary != 0 && size > boundary))
		panic("extent_alloc_subregion: %s: a bad size", ex->ex_name);
	if (alignment == 0)
		alignment = 1;
	spare = region_get(ex, flags, BY_DRIVER());
	if (spare == NULL)
		return ENOMEM;
	while (!find_space(ex, substart, subend, size, alignment, skew,
	    boundary, flags, &after, &start)) {
		if ((flags & EX_WAITSPACE) == 0) {
			region_put(ex, spare);
			return EAGAIN;
		}
		ex->ex_flags |= EXF_WANTED;
		(void)thread_sleep(&ex->ex_regions, "extnt", 0);
	}
	region_insert(ex, after, start, size, flags, spare);
	*result = start;
	return 0;
}

int
extent_alloc_region(struct extent *ex, u_long start, u_long size, int flags)
{
	struct extent_region *spare, *rp, *after;
	u_long end;

	if (size < 1 || __builtin_add_overflow(start, size - 1, &end) ||
	    start < ex->ex_start || end > ex->ex_end)
		panic("extent_alloc_region: %s: a bad region", ex->ex_name);
	spare = region_get(ex, flags, BY_DRIVER());
	if (spare == NULL)
		return ENOMEM;
again:
	after = NULL;
	LIST_FOREACH (rp, &ex->ex_regions, er_link) {
		if (rp->er_start > end)
			break;
		if (rp->er_end >= start) {
			if (flags & EX_WAITSPACE) {
				ex->ex_flags |= EXF_WANTED;
				(void)thread_sleep(&ex->ex_regions, "extnt", 0);
				goto again;
			}
			region_put(ex, spare);
			return EAGAIN;
		}
		after = rp;
	}
	region_insert(ex, after, start, size, flags, spare);
	return 0;
}

int
extent_free(struct extent *ex, u_long start, u_long size, int flags)
{
	struct extent_region *rp, *tail;
	u_long end = start + (size - 1);

	if (size < 1 || start < ex->ex_start || end > ex->ex_end || end < start)
		panic("extent_free: %s: a bad region", ex->ex_name);
	LIST_FOREACH (rp, &ex->ex_regions, er_link) {
		if (rp->er_start <= start && rp->er_end >= end)
			break;
	}
	if (rp == NULL)
		panic("extent_free: %s: region %#lx - %#lx isn't allocated",
		    ex->ex_name, start, end);
	if (rp->er_start == start && rp->er_end == end) {
		LIST_REMOVE(rp, er_link);
		region_put(ex, rp);
	} else if (rp->er_start == start)
		rp->er_start = end + 1;
	else if (rp->er_end == end)
		rp->er_end = start - 1;
	else {
		tail = region_get(ex, flags, BY_DRIVER());
		if (tail == NULL)
			return ENOMEM;
		tail->er_start = end + 1;
		tail->er_end = rp->er_end;
		rp->er_end = start - 1;
		LIST_INSERT_AFTER(rp, tail, er_link);
	}
	if (ex->ex_flags & EXF_WANTED) {
		ex->ex_flags &= ~EXF_WANTED;
		thread_wake_all(&ex->ex_regions);
	}
	return 0;
}

void
extent_print(struct extent *ex)
{
	struct extent_region *rp;

	printf("extent `%s' (0x%lx - 0x%lx), flags = 0x%x\n", ex->ex_name,
	    ex->ex_start, ex->ex_end, (u_int)ex->ex_flags);
	LIST_FOREACH (rp, &ex->ex_regions, er_link)
		printf("     0x%lx - 0x%lx\n", rp->er_start, rp->er_end);
}
