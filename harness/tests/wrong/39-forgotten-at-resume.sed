# of: guest/netbsd/balloon.c
# on: lifecycle/inflated-when-saved
# wants: floor
# leads: balloon_clip
# The device's resume handler begins a new balloon, and the pages of the old one are lost to the kernel.
/^balloon_resume(device_t dev/,/^}$/s/^	sc->sc_suspended = false;$/&\
	sc->sc_npages = 0;\
	TAILQ_INIT(\&sc->sc_pages);/
