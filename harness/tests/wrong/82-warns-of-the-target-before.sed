# of: guest/netbsd/balloon.c
# on: contention/second-target-too-high
# wants: floor
# leads: balloon_work
# The warning names the target that could not be reached first, also when dom0 has asked for another one since.
/^balloon_work(struct balloon_softc/,/^}$/{
s/^	int error;$/&\
	static size_t named;/
/^	if (outcome == BALLOON_REFUSED && !error)$/s/$/ {\
		if (named == 0)\
			named = sc->sc_target;/
s/^		    sc->sc_target, sc->sc_current);$/		    named, sc->sc_current);\
	}/
}
