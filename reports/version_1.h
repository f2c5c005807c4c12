/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Converts recordings of version 1 to version 2: what version 1 had only in texts is put into the fields that
 * hold it now. Events keep their numbers.
 */
#ifndef REPORTS_VERSION_1_H
#define REPORTS_VERSION_1_H

#include <stddef.h>

/*
 * bytes: a whole recording of version 1 that was checked. The result, to be freed, begins with the same head and ends with
 * the original's checksum. NULL: no memory.
 */
void *version_1_convert(const void *bytes, size_t count, size_t *converted_count);

#endif
