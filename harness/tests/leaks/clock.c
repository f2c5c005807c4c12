/* SPDX-License-Identifier: BSD-2-Clause */
/* Our driver, but that its log tells the processor's clock: check-repeats.sh has to notice. */
#include <sys/systm.h>
#include <sys/device.h>

#define device_printf(dev, ...) \
    (device_printf(dev, "at %llx\n", (unsigned long long)__builtin_ia32_rdtsc()), \
        device_printf(dev, __VA_ARGS__))

#include "../../../guest/netbsd/balloon.c"
