/* SPDX-License-Identifier: BSD-2-Clause */
/* The same as <sys/inttypes.h>, by its other name. */
#include <sys/inttypes.h>
