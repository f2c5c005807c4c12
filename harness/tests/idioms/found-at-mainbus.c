/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The bus calls the driver, which finds its device itself, on mainbus: the
 * config_found() of three arguments. It refuses another parent, and xenbus must
 * not offer it a device.
 *     wanted: balloon0 at mainbus0 by hook: unit 0
 *     never:  xenbus0
 */
#include <sys/param.h>
#include <sys/device.h>
#include <sys/systm.h>

#include <xen/balloon.h>

static int balloon_match(device_t parent, cfdata_t cf, void *aux)
{
    return device_is_a(parent, "mainbus");
}

static void balloon_attach(device_t parent, device_t self, void *aux)
{
    aprint_normal(": unit %d\n", device_unit(self));
}

CFATTACH_DECL_NEW(balloon, 0, balloon_match, balloon_attach, NULL, NULL);

static int balloon_print(void *aux, const char *pnp)
{
    aprint_normal(" by hook");
    return UNCONF;
}

void balloon_xenbus_setup(void)
{
    device_t mainbus = device_find_by_driver_unit("mainbus", 0);

    if (config_found(mainbus, NULL, balloon_print) == NULL || device_find_by_xname("balloon0") == NULL)
        panic("no device");
}
