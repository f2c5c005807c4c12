/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Converts recordings of version 2 to the present format: a kernel's fault sites have other numbers, and a fault says more.
 * Events keep their numbers.
 */
#ifndef REPORTS_VERSION_2_H
#define REPORTS_VERSION_2_H

#include <stddef.h>

#define RECORD_FAULT_BYTES_2 48u /* of struct record_fault in versions 1 and 2 */

/*
 * bytes: a whole recording of version 2 that was checked, or of version 1 that was converted to version 2. The result, to be
 * freed, begins with the same head and ends with the same checksum. NULL: no memory.
 */
void *version_2_convert(const void *bytes, size_t count, size_t *converted_count);

#endif
