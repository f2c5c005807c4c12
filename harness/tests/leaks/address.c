/* SPDX-License-Identifier: BSD-2-Clause */
/* Our driver with one more line in its log: an address, printed as a number, since a pointer is always printed as the
 * same one. check-repeats.sh has to notice that two runs differ. */
#include <sys/systm.h>
#include <sys/device.h>

#define device_printf(dev, ...) \
    (device_printf(dev, "at %lx\n", (unsigned long)(dev)), device_printf(dev, __VA_ARGS__))

#include "../../../guest/netbsd/balloon.c"
