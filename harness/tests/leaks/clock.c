/* SPDX-License-Identifier: BSD-2-Clause */
/* Our driver with one more line in its log: the processor's clock. check-repeats.sh has to notice that runs differ. */
#include <sys/systm.h>
#include <sys/device.h>

#define device_printf(dev, ...) \
    (device_printf(dev, "at %llx\n", (unsigned long long)__builtin_ia32_rdtsc()), \
        device_printf(dev, __VA_ARGS__))

#include "../../../guest/netbsd/balloon.c"
