# of: harness/tests/styles/workqueue.c
# on: lifecycle/inflated-when-saved
# wants: accounting
# leads: wqb_plug
# The device's resume handler begins a new balloon, and the pages of the old one are lost to the kernel.
/^static size_t$/{
x
s/^/x/
/^x$/{
x
i\
static bool\
wqb_resume(device_t self, const pmf_qual_t *qual)\
{\
	struct wqb_softc *sc = device_private(self);\
\
	TAILQ_INIT(\&sc->sc_pages);\
	sc->sc_npages = 0;\
	return true;\
}\

x
}
x
}
s/pmf_device_register(self, NULL, NULL)/pmf_device_register(self, NULL, wqb_resume)/
