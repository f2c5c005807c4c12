# of: guest/netbsd/balloon.c
# on: lifecycle/shutdown-while-it-waits
# wants: progress
# leads: balloon_target_written
# The watch's function returns when the target is reached, and waits for that in the thread that serves all watches.
/^balloon_target_written(/,/^}/s/^	cv_signal(&sc->sc_cv);$/&\
	mutex_exit(\&sc->sc_lock);\
	for (int i = 0; balloon_query(XENMEM_current_reservation) != sc->sc_target || sc->sc_written; i++)\
		(void)kpause("balloon", false, (int)mstohz(i < 20 ? 100 : 60000), NULL);\
	mutex_enter(\&sc->sc_lock);/
