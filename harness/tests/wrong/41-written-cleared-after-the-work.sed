# of: guest/netbsd/balloon.c
# on: tour/target-changes-on-the-way lifecycle/turn-after-decrease
# wants: last-target-wins
# leads: balloon_target_written
# schedules: 8
# The target is read when work begins, and what the watch said is forgotten when the work is done: a target that
# comes meanwhile is lost, if the watch's thread has its turn before the balloon's waits.
/^	sc->sc_written = false;$/d
s/^		error = balloon_read_target(sc);$/		error = *moved ? 0 : balloon_read_target(sc);/
/^	balloon_tell_plugged(sc, end);$/i\
	mutex_enter(\&sc->sc_lock);\
	sc->sc_written = false;\
	mutex_exit(\&sc->sc_lock);
