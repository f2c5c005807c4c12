/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers as decimal digits, where a run writes many: snprintf takes ten times as long. */
#ifndef SIM_DECIMAL_H
#define SIM_DECIMAL_H

#include <stddef.h>
#include <stdint.h>

#define DECIMAL_ROOM 21u /* the digits of the greatest number, and a NUL */

size_t decimal_write(
    char out[DECIMAL_ROOM], uint64_t number); /* returns how many digits it wrote before the NUL */

#endif
