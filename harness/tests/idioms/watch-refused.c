/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * xenbus offers the device, attach registers the watch itself: then the bus does
 * not call the other function, whatever became of the watch.
 *     wanted: watch: 28
 *     never:  hook
 */
#include <sys/param.h>
#include <sys/device.h>
#include <sys/systm.h>

#include <xen/balloon.h>
#include <xen/xenbus.h>

static void balloon_watched(struct xenbus_watch *watch, const char **vec, unsigned int len) {}

static int balloon_match(device_t parent, cfdata_t cf, void *aux)
{
    const struct xenbusdev_attach_args *xa = aux;

    return strcmp(xa->xa_type, "balloon") == 0;
}

/* A machine has room for some watches, and not for any number. */
static void balloon_attach(device_t parent, device_t self, void *aux)
{
    static struct xenbus_watch watches[100];
    int i, error = 0;

    aprint_normal("\n");
    for (i = 0; i < 100 && error == 0; i++) {
        watches[i].node = __UNCONST("memory/target");
        watches[i].xbw_callback = balloon_watched;
        error = register_xenbus_watch(&watches[i]);
    }
    aprint_normal_dev(self, "watch: %d\n", error);
}

CFATTACH_DECL_NEW(balloon, 0, balloon_match, balloon_attach, NULL, NULL);

void balloon_xenbus_setup(void)
{
    printf("hook\n");
}
