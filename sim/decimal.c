/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers as decimal digits. */
#include "sim/decimal.h"

#include <assert.h>

size_t decimal_write(char out[DECIMAL_ROOM], uint64_t number)
{
    char digits[DECIMAL_ROOM];
    size_t count = 0, bytes = 0;

    assert(out != NULL);
    do {
        assert(count < DECIMAL_ROOM - 1);
        digits[count++] = (char)('0' + number % 10);
        number /= 10;
    } while (number != 0);
    while (count > 0)
        out[bytes++] = digits[--count];
    out[bytes] = '\0';
    return bytes;
}
