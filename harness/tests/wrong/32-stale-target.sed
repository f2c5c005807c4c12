# of: guest/netbsd/balloon.c
# on: tour/target-changes-on-the-way
# wants: no-overshoot
# leads: balloon_step
# A new target is read, and looked at only when the one before is reached.
/^balloon_step(/,/^}/s/^	target = sc->sc_target;$/	static size_t old;\
	if (old == 0 || old == sc->sc_current)\
		old = sc->sc_target;\
	target = old;/
