/* SPDX-License-Identifier: BSD-2-Clause */
/* Our driver, but that its log tells an address, as a number (as a pointer, the kernel shows one that is always the
 * same): check-repeats.sh has to notice. */
#include <sys/systm.h>
#include <sys/device.h>

#define device_printf(dev, ...) \
    (device_printf(dev, "at %lx\n", (unsigned long)(dev)), device_printf(dev, __VA_ARGS__))

#include "../../../guest/netbsd/balloon.c"
