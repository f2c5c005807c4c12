# of: guest/netbsd/balloon.c
# on: tour/grow-past-boot
# wants: no-alias
# leads: balloon_plug
# Off by one: the second page gets the first one's frame.
s/^		balloon_bind(ptoa(pfn + i), sc->sc_mfns\[i\]);$/		balloon_bind(ptoa(pfn + i), sc->sc_mfns[i == 1 ? 0 : i]);/
