/* SPDX-License-Identifier: BSD-2-Clause */
/* Sleeping on an identifier, and time. hz is 100. */
#include "guest/netbsd/kern/sleep.h"

#include <sys/param.h>
#include <sys/intr.h>
#include <sys/kernel.h>
#include <sys/mutex.h>

#include "guest/lib/debug_port.h"
#include "guest/netbsd/kern/driver.h"
#include "guest/netbsd/kern/mutex.h"
#include "guest/netbsd/kern/spl.h"
#include "guest/netbsd/kern/thread.h"

int hz = 100;
int tick = 10000;
int cold = 1;
int doing_shutdown;

/* The time when so many ticks from now are over. 0 ticks are no timeout: 0. */
uint64_t
ticks_due_ns(int timo)
{
	if (timo <= 0)
		return 0;
	return port_clock_ns() + (uint64_t)timo * NS_PER_TICK;
}

static int
sleep_common(const volatile void *ident, const char *wmesg, int timo,
    kmutex_t *mtx, bool relock, const void *caller)
{
	bool by_driver = mtx != NULL && mtx->mtx_by_driver != 0;
	int error, level = spl_level();
	uint64_t due_ns = ticks_due_ns(timo);

	if (current_lwp->l_intr ||
	    current_lwp->l_spin_held > (mtx != NULL && mtx->mtx_spin ? 1u : 0u))
		(void)thread_may_sleep(wmesg);
	else if (current_lwp->l_held >
		 (mtx != NULL && mtx->mtx_by_driver ? 1u : 0u))
		port_misuse("%s: a mutex is held over the sleep", wmesg);
	thread_note_sleep(caller);
	if (mtx != NULL) {
		current_lwp->l_intr =
		    true; /* no other thread runs before the sleep */
		mutex_exit(mtx);
		current_lwp->l_intr = false;
	}
	spl_restore(IPL_NONE); /* a real sleep gives the level up, too */
	error = thread_sleep(ident, wmesg, due_ns);
	spl_restore(level);
	if (mtx != NULL && relock)
		mutex_enter_for(mtx, by_driver);
	return error;
}

int
tsleep(
    const volatile void *ident, pri_t pri __unused, const char *wmesg, int timo)
{
	KASSERT(ident != NULL);
	return sleep_common(
	    ident, wmesg, timo, NULL, false, __builtin_return_address(0));
}

int
mtsleep(const volatile void *ident, pri_t pri, const char *wmesg, int timo,
    kmutex_t *mtx)
{
	KASSERT(ident != NULL);
	return sleep_common(ident, wmesg, timo, mtx, (pri & PNORELOCK) == 0,
	    __builtin_return_address(0));
}

int
kpause(const char *wmesg, bool intr __unused, int timo, kmutex_t *mtx)
{
	static char nobody_wakes_this;

	const bool spin = mtx != NULL && mtx->mtx_spin;

	if (timo <= 0)
		panic("kpause: %s: without a timeout it never ends", wmesg);
	/* Another spin mutex raises it, too, and is told of by itself. */
	if (current_lwp->l_spin_held == (spin ? 1u : 0u) &&
	    spl_level() > (spin ? mtx->mtx_ipl : IPL_NONE))
		port_misuse(
		    "%s: the interrupt level is raised over the sleep", wmesg);
	return sleep_common(&nobody_wakes_this, wmesg, timo, mtx, true,
	    __builtin_return_address(0));
}

/*
 * A real kernel spins here. Virtual time passes only while the thread sleeps.
 */
void
delay(unsigned int us)
{
	uint64_t until_ns = port_clock_ns() + us * 1000ull;

	if (current_lwp->l_intr || cold)
		return;
	while (port_clock_ns() < until_ns)
		(void)thread_sleep(&until_ns, "delay", until_ns);
}

time_t
__uptime_seconds(void)
{
	return (time_t)(port_clock_ns() / 1000000000ull);
}

int
getticks(void)
{
	return (int)(port_clock_ns() / NS_PER_TICK);
}

void
microuptime(struct timeval *tv)
{
	uint64_t now_ns = port_clock_ns();

	tv->tv_sec = (time_t)(now_ns / 1000000000ull);
	tv->tv_usec = (suseconds_t)(now_ns / 1000 % 1000000);
}

void
nanouptime(struct timespec *ts)
{
	uint64_t now_ns = port_clock_ns();

	ts->tv_sec = (time_t)(now_ns / 1000000000ull);
	ts->tv_nsec = (long)(now_ns % 1000000000ull);
}

void
getmicrouptime(struct timeval *tv)
{
	microuptime(tv);
}

void
getnanouptime(struct timespec *ts)
{
	nanouptime(ts);
}

/* There is no date: time begins when the machine is switched on. */
void
microtime(struct timeval *tv)
{
	microuptime(tv);
}

void
getmicrotime(struct timeval *tv)
{
	microuptime(tv);
}

int
tvtohz(const struct timeval *tv)
{
	uint64_t us = (uint64_t)tv->tv_sec * 1000000u + (uint64_t)tv->tv_usec;

	return (int)MIN(howmany(us, (uint64_t)tick) + 1, 0x7fffffffull);
}

int
ratecheck(struct timeval *last, const struct timeval *interval)
{
	struct timeval now;
	int64_t since_us;

	microuptime(&now);
	since_us = (now.tv_sec - last->tv_sec) * 1000000 +
		   (now.tv_usec - last->tv_usec);
	if ((last->tv_sec != 0 || last->tv_usec != 0) &&
	    since_us < interval->tv_sec * 1000000 + interval->tv_usec)
		return 0;
	*last = now;
	return 1;
}
