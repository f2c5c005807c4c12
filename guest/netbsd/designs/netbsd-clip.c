/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * netbsd-clip: a balloon within boot memory. A target above what the domain
 * booted with is clipped, and a message of balloon(4) says so.
 *
 * It is our driver, compiled without options UVM_HOTPLUG.
 */
#include "guest/abi/design.h"

DESIGN("netbsd-clip", "2012",
    "no hot-plug: a target above boot memory is clipped, with a message");

#include "guest/netbsd/balloon.c"
