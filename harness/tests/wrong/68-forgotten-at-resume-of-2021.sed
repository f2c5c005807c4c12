# of: harness/tests/drivers/2021/balloon.c
# on: lifecycle/inflated-when-saved
# wants: accounting
# leads: balloon_plug
# The device's resume handler begins a new balloon, and the pages of the old one are lost to the kernel.
/^static void	balloon_thread(void \*);$/i\
static bool	balloon_resume(device_t, const pmf_qual_t *);
s/pmf_device_register(self, NULL, NULL)/pmf_device_register(self, NULL, balloon_resume)/
/^balloon_detach(device_t self, int flags)$/i\
balloon_resume_all(struct balloon_softc *sc)\
{\
	TAILQ_INIT(\&sc->sc_pages);\
	sc->sc_npages = 0;\
	return 0;\
}\
\
static bool\
balloon_resume(device_t self, const pmf_qual_t *qual)\
{\
	return balloon_resume_all(device_private(self)) == 0;\
}\
\
static int
