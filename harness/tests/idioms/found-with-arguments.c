/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The same with the config_found() of four arguments, and a first device that no
 * driver matches.
 *     wanted: balloon at mainbus0 not configured
 *     wanted: balloon0 at mainbus0: 7
 */
#include <sys/param.h>
#include <sys/device.h>
#include <sys/systm.h>

#include <xen/balloon.h>

static int balloon_match(device_t parent, cfdata_t cf, void *aux)
{
    return *(int *)aux == 7;
}

static void balloon_attach(device_t parent, device_t self, void *aux)
{
    aprint_normal(": %d\n", *(int *)aux);
}

CFATTACH_DECL_NEW(balloon, 0, balloon_match, balloon_attach, NULL, NULL);

static int balloon_print(void *aux, const char *pnp)
{
    if (pnp != NULL)
        aprint_normal("balloon at %s", pnp);
    return UNCONF;
}

void balloon_xenbus_setup(void)
{
    device_t mainbus = device_find_by_xname("mainbus0");
    int number = 6;

    if (config_found(mainbus, &number, balloon_print, CFARGS_NONE) != NULL)
        panic("a device that no driver matches");
    number = 7;
    if (config_found(mainbus, &number, balloon_print, CFARGS(.iattr = "balloonbus")) == NULL)
        panic("no device");
}
