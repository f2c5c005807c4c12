/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Interrupt levels: spl(9). A driver that gives back a level which it did not
 * get, or leaves one raised, is told of.
 */
#include "guest/netbsd/kern/spl.h"

#include <sys/param.h>
#include <sys/intr.h>

#include "guest/lib/debug_port.h"
#include "guest/netbsd/kern/driver.h"
#include "guest/netbsd/kern/thread.h"

#define SPL_NESTED_MAX 16 /* at one level; nobody nests so deep */

/* From IPL_VM upwards no events are delivered. */
static int ipl_now;

/* The driver gets the present level, to give it back later. */
static void
level_got(const void *where)
{
	struct spl_got *got = &current_lwp->l_spl_got;

	if (got->count[ipl_now] == SPL_NESTED_MAX) {
		port_misuse("spl: called %d times at level %d, and no splx",
		    SPL_NESTED_MAX, ipl_now);
		return;
	}
	got->count[ipl_now]++;
	got->where = (uintptr_t)where;
}

int
splraiseipl(int ipl)
{
	int before;

	KASSERT(ipl >= IPL_NONE && ipl < NIPL);
	if (BY_DRIVER()) {
		schedule_point_of_seed();
		level_got(__builtin_return_address(0));
	}
	before = ipl_now;
	if (ipl > ipl_now)
		ipl_now = ipl;
	return before;
}

/*
 * The driver gives a level back. Those that it got since go with it, for they
 * are above.
 */
static void
level_given_back(int ipl)
{
	struct spl_got *got = &current_lwp->l_spl_got;

	if (ipl < IPL_NONE || ipl >= NIPL || got->count[ipl] == 0) {
		port_misuse(
		    "splx: nobody got the level %d that it gives back", ipl);
		return;
	}
	if (ipl > ipl_now)
		port_misuse("splx: raises the interrupt level from %d to %d",
		    ipl_now, ipl);
	got->count[ipl]--;
	memset(got->count + ipl + 1, 0, (size_t)(NIPL - ipl - 1));
}

void
splx(int ipl)
{
	if (BY_DRIVER()) {
		level_given_back(ipl);
		ipl = MAX(MIN(ipl, ipl_now), IPL_NONE); /* it never raises */
	}
	KASSERT(ipl >= IPL_NONE && ipl < NIPL);
	ipl_now = ipl;
	if (ipl < IPL_VM)
		schedule_point();
}

int
spl0(void)
{
	int before = ipl_now;

	current_lwp->l_spl_got = (struct spl_got){.where = 0};
	splx(IPL_NONE);
	return before;
}

int
spl_level(void)
{
	return ipl_now;
}

void
spl_restore(int ipl)
{
	KASSERT(ipl >= IPL_NONE && ipl < NIPL);
	ipl_now = ipl;
}

bool
spl_blocks_events(void)
{
	return ipl_now >= IPL_VM;
}

void
context_begin(struct context_before *before)
{
	before->level = ipl_now;
	before->held = current_lwp->l_held;
	before->spin_held = current_lwp->l_spin_held;
	before->got = current_lwp->l_spl_got;
}

void
context_end(const struct context_before *before, const char *what,
    const char *name, uintptr_t function)
{
	struct lwp *l = current_lwp;

	if (l->l_held > before->held || l->l_spin_held > before->spin_held)
		port_misuse_by(
		    function, "%s%s: returned with a mutex held", what, name);
	else if (ipl_now > before->level)
		port_misuse_by(l->l_spl_got.where - 1,
		    "%s%s: returned with the interrupt level raised", what,
		    name);
	else if (ipl_now < before->level)
		port_misuse_by(function,
		    "%s%s: returned with the interrupt level lowered", what,
		    name);
	ipl_now = before->level;
	l->l_spl_got = before->got;
}
