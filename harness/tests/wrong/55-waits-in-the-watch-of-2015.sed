# of: harness/tests/drivers/2015/balloon.c
# on: lifecycle/shutdown-while-it-waits
# wants: progress
# leads: bln_new_target
# The watch's function returns when the target is reached, and waits for that in the thread that serves all watches.
/^bln_new_target(/,/^}/s/^	cv_signal(&sc->sc_wake);$/&\
	mutex_exit(\&sc->sc_mtx);\
	while (bln_pages(XENMEM_current_reservation) != target)\
		(void)kpause("bln", false, (int)mstohz(60000), NULL);\
	mutex_enter(\&sc->sc_mtx);/
