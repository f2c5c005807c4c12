# of: harness/tests/drivers/2021/balloon.c
# on: limits/from-an-eighth
# wants: progress
# leads: balloon_thread
# After each step that moved pages the thread sleeps for a second, though nothing refused it.
/^balloon_thread(/,/^}/s/^		mutex_enter(&sc->sc_lock);$/		if (moved > 0)\
			kpause("ballrest", false, hz, NULL);\
&/
