/* SPDX-License-Identifier: BSD-2-Clause */
/* Says what is wrong: the one place through which names of files and options reach standard error. */
#include "harness/ballast/stderr_line.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reports/text_clean.h"

void stderr_line(const char *format, ...)
{
    va_list arguments;
    char *text = NULL;

    va_start(arguments, format);
    const int bytes = vasprintf(&text, format, arguments);
    va_end(arguments);
    fputs("ballast: ", stderr);
    if (bytes >= 0)
        text_clean_bytes(stderr, text, (size_t)bytes);
    else
        fputs("no memory to say what is wrong", stderr);
    fputc('\n', stderr);
    if (bytes >= 0)
        free(text);
}
