/* SPDX-License-Identifier: BSD-2-Clause */
/* The C library's names for format_text(). */
#include "guest/lib/format.h"

int vsnprintf(char *text, size_t room, const char *format, va_list ap)
{
    return (int)format_text(text, room, format, ap);
}

int snprintf(char *text, size_t room, const char *format, ...)
{
    va_list ap;
    int bytes;

    va_start(ap, format);
    bytes = vsnprintf(text, room, format, ap);
    va_end(ap);
    return bytes;
}
