/* SPDX-License-Identifier: BSD-2-Clause */
/* The words of a command line, and the text that answers it. */
#ifndef GUEST_LIB_OUTPUT_H
#define GUEST_LIB_OUTPUT_H

#include <stddef.h>

struct output {
    char *text;
    size_t bytes, room; /* bytes < room: a NUL follows the text */
};

/* Appends to the text; what does not fit is left out. */
void output_printf(struct output *, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Copies the text's next word, shortened to the room; returns what follows it. "": there is none. */
const char *text_word(const char *text, char *word, size_t room);

#endif
