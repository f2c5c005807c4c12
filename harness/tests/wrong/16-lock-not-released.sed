# of: guest/netbsd/balloon.c
# on: tour/shrink
# wants: guest-contained
# leads: balloon_target_written
# One way out of a function keeps the lock.
/^	cv_signal(&sc->sc_cv);$/{
n
d
}
