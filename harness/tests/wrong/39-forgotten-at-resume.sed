# of: guest/netbsd/balloon.c
# on: lifecycle/inflated-when-saved
# wants: floor
# leads: balloon_clip
# The device's resume handler begins a new balloon, and the pages of the old one are lost to the kernel.
s/^static void balloon_attach(device_t, device_t, void \*);$/&\
static bool balloon_resume(device_t, const pmf_qual_t *);/
s/pmf_device_register(self, NULL, NULL)/pmf_device_register(self, NULL, balloon_resume)/
/^balloon_match(device_t parent/,/^}$/s/^}$/}\
\
static bool\
balloon_resume(device_t self, const pmf_qual_t *qual __unused)\
{\
	struct balloon_softc *sc = device_private(self);\
\
	sc->sc_npages = 0;\
	TAILQ_INIT(\&sc->sc_pages);\
	return true;\
}/
