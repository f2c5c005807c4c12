# of: harness/tests/styles/module.c
# on: lifecycle/shutdown-while-it-waits
# wants: progress
# leads: modball_target
# The watch's function comes back when the target is reached: until then nobody else's watch is served.
/^modball_target(/,/^}/s/^		mutex_exit(sc->sc_lock);$/&\
		while (modball_pages(XENMEM_current_reservation) != sc->sc_target)\
			kpause("ballwait", false, 60 * hz, NULL);/
