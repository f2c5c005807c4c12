# of: guest/netbsd/balloon.c
# on: limits/below-a-raised-minimum
# wants: floor
# leads: balloon_set_target
# A target below the minimum is obeyed.
s/^	if (target >= floor)$/	if (target >= floor || true)/
s/^	KASSERT(target >= sc->sc_min || target >= sc->sc_current);$//
