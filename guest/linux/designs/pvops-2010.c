/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pvops-2010: "ballooning up", as Jeremy Fitzhardinge proposed it for Linux and Xen in 2010: memory=X maxmem=Y.
 *
 * The tools' memory map is as large as maxmem (e820=xl), page structures are made for all of it at boot, and what is above X
 * is ballooned from the first moment on. The driver is Linux's own, without hot-plug; only EXTRA_MEM_RATIO is taken out of
 * arch/x86/xen/setup.c, which came later and holds Y to eleven times X: without it, boot memory may be too small for the
 * structures of Y.
 */
#include "guest/abi/design.h"

DESIGN("pvops-2010", "2010-01",
       "page structures for all of maxmem at boot, ballooned; no hot-plug, no EXTRA_MEM_RATIO");
