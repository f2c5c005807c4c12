/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The probe's description of itself (guest/abi/kernel.h): the least that a kernel has to say. It has no fault sites of its
 * own, no functions and no driver. What is in its P2M means nothing, since scenarios write there what they like.
 */
#include "guest/abi/kernel.h"

static const char rows[] KERNEL_DESCRIPTION =
    "family probe\n"
    "version 1\n"
    "about no driver: issues the raw hypercalls that a scenario asks for\n"
    "image 320 128\n"
    "p2m nobody\n"
    "feature pvh\n"
    "feature hypercalls\n";
