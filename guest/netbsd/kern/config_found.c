/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * config_found(9) by the names of all years. It is linked from an archive, and
 * thus only with a driver that looks for its device itself: the bus does not
 * offer such a driver one (autoconf.c).
 */
#include <sys/param.h>
#include <sys/device.h>

#include "guest/netbsd/kern/autoconf.h"

extern const bool __autoconf_driver_finds;
const bool __autoconf_driver_finds = true;

#undef config_found
device_t
config_found(device_t parent, void *aux, cfprint_t print,
    const struct cfargs *args __unused)
{
	return __autoconf_found(parent, aux, print);
}

device_t
config_found_ia(
    device_t parent, const char *attribute __unused, void *aux, cfprint_t print)
{
	return __autoconf_found(parent, aux, print);
}
