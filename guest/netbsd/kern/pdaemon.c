/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The page daemon: a thread that runs when pages are short. Pages of a file are
 * freed, and then what idle objects of pools hold, one pool after the other,
 * until enough is free. When pages are not short it does not run.
 */
#include "guest/netbsd/kern/pdaemon.h"

#include <sys/param.h>
#include <sys/kthread.h>
#include <uvm/uvm.h>

#include "guest/netbsd/kern/file_pages.h"
#include "guest/netbsd/kern/pool.h"
#include "guest/netbsd/kern/thread.h"
#include "guest/netbsd/kern/uvm_page.h"

static bool wanted;  /* it is to run */
static bool at_work; /* it drains */

static bool
anything_idle(void)
{
	return file_pages_any() || pool_any_idle();
}

static void
pdaemon(void *arg __unused)
{
	for (;;) {
		while (!wanted)
			(void)thread_sleep(&wanted, "pgdaemon", 0);
		wanted = false;
		KASSERT(!at_work);
		at_work = true;
		while (uvmexp.free < uvmexp.freetarg &&
		       (file_page_reclaim() || pool_drain_next()))
			continue;
		at_work = false;
		if (uvmexp.free > uvmexp.reserve_kernel)
			page_wake();
	}
}

void
pdaemon_init(void)
{
	KASSERT(uvm.page_init_done);
	if (kthread_create(PRI_NONE, KTHREAD_MPSAFE, NULL, pdaemon, NULL, NULL,
		"pgdaemon") != 0)
		panic("start: no thread for the page daemon");
}

void
pdaemon_wake(void)
{
	if (wanted || at_work || !anything_idle())
		return;
	wanted = true;
	thread_wake_all(&wanted);
}

bool
pdaemon_wanted(void)
{
	return wanted || at_work || uvmexp.free < uvmexp.freemin;
}

void
uvm_kick_pdaemon(void)
{
	if (uvmexp.free < uvmexp.freemin)
		pdaemon_wake();
}
