/* SPDX-License-Identifier: BSD-2-Clause */
/* The boot block, for all files of the guest. */
#include "guest/lib/boot_block.h"

const struct boot_block *boot_block;
