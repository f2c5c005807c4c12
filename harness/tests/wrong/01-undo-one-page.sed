# of: guest/netbsd/balloon.c
# on: tour/fail-mid-plug-100
# wants: no-leak
# leads: balloon_plug
# The first hot-plug patch: a failed plug gives nothing of the rest of the batch back.
/^	if (!balloon_release_spares(sc)) {$/s/.*/	sc->sc_nspares = 0;\
	if (false) {/
