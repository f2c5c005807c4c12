/* SPDX-License-Identifier: BSD-2-Clause */
/* The few characters that mean something in markup. */
#include "reports/markup.h"

void markup_text(FILE *out, const char *text, size_t bytes)
{
    for (size_t b = 0; b < bytes; b++)
        switch (text[b]) {
        case '&':
            fputs("&amp;", out);
            break;
        case '<':
            fputs("&lt;", out);
            break;
        case '>':
            fputs("&gt;", out);
            break;
        case '"':
            fputs("&quot;", out);
            break;
        case '\t':
            fputs("&#9;", out);
            break;
        default:
            fputc(text[b], out);
        }
}
