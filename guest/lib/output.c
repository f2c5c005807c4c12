/* SPDX-License-Identifier: BSD-2-Clause */
/* Takes command lines apart and puts answers together. It knows no command. */
#include "guest/lib/output.h"
#include "guest/lib/assert.h"
#include "guest/lib/format.h"

#include <stdarg.h>

void output_printf(struct output *out, const char *format, ...)
{
    va_list ap;
    size_t bytes;

    ASSERT(out->bytes < out->room);
    va_start(ap, format);
    bytes = format_text(out->text + out->bytes, out->room - out->bytes, format, ap);
    va_end(ap);
    out->bytes = bytes < out->room - out->bytes ? out->bytes + bytes : out->room - 1;
    ASSERT(out->text[out->bytes] == '\0');
}

const char *text_word(const char *text, char *word, size_t room)
{
    size_t bytes = 0;

    ASSERT(room != 0);
    while (*text == ' ' || *text == '\t')
        text++;
    for (; *text != '\0' && *text != ' ' && *text != '\t'; text++) {
        if (bytes + 1 < room)
            word[bytes++] = *text;
    }
    word[bytes] = '\0';
    return text;
}
