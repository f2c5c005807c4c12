/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Recordings of version 1 of the format, made into the present one: what stood in texts only then is put into the
 * fields that hold it now. Events keep their numbers.
 */
#ifndef REPORTS_VERSION_1_H
#define REPORTS_VERSION_1_H

#include <stddef.h>

/*
 * The bytes are those of a whole recording of version 1 that was checked. The copy, to be freed, begins with the
 * same head and ends with the same checksum, which is that of the original. NULL: no memory.
 */
void *version_1_convert(const void *bytes, size_t count, size_t *converted_count);

#endif
