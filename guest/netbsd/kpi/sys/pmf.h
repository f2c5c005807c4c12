/* SPDX-License-Identifier: BSD-2-Clause */
/* pmf(9): declared in <sys/device.h> here. */
#include <sys/device.h>
