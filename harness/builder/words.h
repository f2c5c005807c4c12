/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lists of words: a command's arguments, file names, options. One that had no memory for a word says so
 * (`failed`) and stays usable; whoever built a list asks once, at its end.
 */
#ifndef HARNESS_BUILDER_WORDS_H
#define HARNESS_BUILDER_WORDS_H

#include <stdbool.h>
#include <stddef.h>

struct words {
    char **list; /* NULL behind the last; NULL itself when there never was one */
    size_t count;
    bool failed;
};

void words_add(struct words *, const char *word);
void words_add_all(struct words *, const struct words *);
__attribute__((format(printf, 2, 3))) void words_addf(struct words *, const char *format, ...);
bool words_have(const struct words *, const char *word);
void words_free(struct words *);

/*
 * Takes a text apart at its blanks, as a person would type it in a shell: a backslash, '…' and "…" keep what is special,
 * and nothing else is. False when a quotation mark or a backslash has nothing behind it; error has a sentence then.
 */
bool words_take_text(struct words *, const char *text, char *error, size_t error_bytes);

#endif
