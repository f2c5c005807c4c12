/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The watch changes the condition with the lock held, lets it go, and wakes the
 * thread then. Nothing can be missed so.
 *     wanted: balloon0: woken
 *     never:  misuse
 */
#include <sys/param.h>
#include <sys/condvar.h>
#include <sys/device.h>
#include <sys/kthread.h>
#include <sys/mutex.h>
#include <sys/systm.h>

#include <xen/balloon.h>
#include <xen/xenbus.h>

struct balloon_softc {
    kmutex_t sc_lock;
    kcondvar_t sc_cv;
    bool sc_written;
    struct xenbus_watch sc_watch;
};
static struct balloon_softc *balloon_sc;

static int balloon_match(device_t parent, cfdata_t cf, void *aux)
{
    struct xenbusdev_attach_args *xa = aux;

    return strcmp(xa->xa_type, "balloon") == 0;
}

static void balloon_watched(struct xenbus_watch *watch, const char **vec, unsigned int len)
{
    mutex_enter(&balloon_sc->sc_lock);
    balloon_sc->sc_written = true;
    mutex_exit(&balloon_sc->sc_lock);
    cv_signal(&balloon_sc->sc_cv);
}

static void balloon_thread(void *cookie)
{
    struct balloon_softc *sc = cookie;

    for (;;) {
        mutex_enter(&sc->sc_lock);
        while (!sc->sc_written)
            cv_wait(&sc->sc_cv, &sc->sc_lock);
        sc->sc_written = false;
        mutex_exit(&sc->sc_lock);
        printf("balloon0: woken\n");
    }
}

static void balloon_attach(device_t parent, device_t self, void *aux)
{
    struct balloon_softc *sc = balloon_sc = device_private(self);

    aprint_normal("\n");
    mutex_init(&sc->sc_lock, MUTEX_DEFAULT, IPL_NONE);
    cv_init(&sc->sc_cv, "written");
    sc->sc_watch.node = __UNCONST("memory/target");
    sc->sc_watch.xbw_callback = balloon_watched;
    if (register_xenbus_watch(&sc->sc_watch) != 0)
        panic("no watch");
    if (kthread_create(PRI_NONE, KTHREAD_MPSAFE, NULL, balloon_thread, sc, NULL, "balloon") != 0)
        panic("no thread");
}

CFATTACH_DECL_NEW(balloon, sizeof(struct balloon_softc), balloon_match, balloon_attach, NULL, NULL);
