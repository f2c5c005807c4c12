# of: guest/netbsd/balloon.c
# on: limits/from-an-eighth
# wants: progress
# leads: balloon_work
# After each step that moved pages the thread sleeps for a second, though nothing refused it.
/^		if (outcome == BALLOON_MOVED)$/,/^			\*moved = true;$/{
s/BALLOON_MOVED)$/BALLOON_MOVED) {/
s/^\(			\)\*moved = true;$/&\
\1mutex_enter(\&sc->sc_lock);\
\1(void)cv_timedwait(\&sc->sc_cv, \&sc->sc_lock, (int)mstohz(1000));\
\1mutex_exit(\&sc->sc_lock);\
		}/
}
