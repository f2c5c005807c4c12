# of: guest/netbsd/balloon.c
# on: tour/shrink
# wants: last-target-wins
# leads: balloon_target_written
# The watch notes that something was written and wakes nobody.
/^	cv_signal(&sc->sc_cv);$/d
