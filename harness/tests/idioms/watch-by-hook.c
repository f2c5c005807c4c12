/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * xenbus offers the device; the watch is registered by a function that the bus
 * calls later, and that needs the softc.
 *     wanted: balloon0 at xenbus0: attached
 *     wanted: hook: 42
 *     wanted: watch: 42
 */
#include <sys/param.h>
#include <sys/device.h>
#include <sys/systm.h>

#include <xen/balloon.h>
#include <xen/xenbus.h>

struct balloon_softc {
    int sc_number;
    struct xenbus_watch sc_watch;
};
static struct balloon_softc *balloon_sc;

static int balloon_match(device_t parent, cfdata_t cf, void *aux)
{
    struct xenbusdev_attach_args *xa = aux;

    return strcmp(xa->xa_type, "balloon") == 0 && xa->xa_id == 0;
}

static void balloon_attach(device_t parent, device_t self, void *aux)
{
    balloon_sc = device_private(self);
    balloon_sc->sc_number = 42;
    aprint_normal(": attached\n");
}

CFATTACH_DECL_NEW(balloon, sizeof(struct balloon_softc), balloon_match, balloon_attach, NULL, NULL);

static void balloon_watched(struct xenbus_watch *watch, const char **vec, unsigned int len)
{
    printf("watch: %d\n", balloon_sc->sc_number);
}

void balloon_xenbus_setup(void)
{
    printf("hook: %d\n", balloon_sc->sc_number);
    balloon_sc->sc_watch.node = __UNCONST("memory/target");
    balloon_sc->sc_watch.xbw_callback = balloon_watched;
    if (register_xenbus_watch(&balloon_sc->sc_watch) != 0)
        panic("no watch");
}
