# of: guest/netbsd/balloon.c
# on: written-in-the-last-step
# wants: last-target-wins
# leads: balloon_target_written
# schedules: 40
# The thread looks at what the watch said before it takes the lock: a target that is written between the thread's look and its wait wakes
# nobody, and is lost until the next one.
s/^		error = balloon_read_target(sc);$/		error = *moved ? 0 : balloon_read_target(sc);/
/^balloon_wait(/,/^}/{
s/^	mutex_enter(&sc->sc_lock);$/	written = sc->sc_written;\
	mutex_enter(\&sc->sc_lock);/
s/^	while (!sc->sc_written) {$/	if (!written) {/
s/^			break;$/			written = false;/
}
