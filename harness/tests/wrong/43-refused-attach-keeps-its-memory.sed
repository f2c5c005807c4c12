# of: guest/netbsd/balloon.c
# on: faults/watch-refused
# wants: rollback
# leads: balloon_attach
# The list of frames and a pool are taken when the driver attaches, and stay when the watch is refused.
s/^#include <sys\/kthread.h>$/#include <sys\/kmem.h>\
&\
#include <sys\/pool.h>/
s/^	cv_init(&sc->sc_cv, "balloon");$/&\
	sc->sc_list = kmem_zalloc(40960, KM_SLEEP);\
	sc->sc_pool = pool_cache_init(64, 0, 0, 0, "balloon", NULL, IPL_NONE,\
	    NULL, NULL, NULL);/
s/^	device_t sc_dev;$/&\
	void *sc_list;\
	pool_cache_t sc_pool;/
