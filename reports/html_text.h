/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Texts in the pages: as JSON inside of a script element, and as HTML. Whatever bytes a guest or a user wrote, nothing of them
 * is markup, ends the element, or is no UTF-8.
 */
#ifndef REPORTS_HTML_TEXT_H
#define REPORTS_HTML_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* A JSON string with its quotes; *failed becomes true when there was no memory for it. NULL is "". */
void html_json_text(FILE *, const char *text, size_t bytes, bool *failed);
void html_json_word(FILE *, const char *text, bool *failed);
/* Between tags, or in an attribute with double quotes. */
void html_plain(FILE *, const char *text, bool *failed);
/* A page's script, and its SHA-256 in base64, by which the page's policy lets it run. */
struct html_script {
    const char *text, *hash;
    size_t bytes, hash_bytes;
};
/* The head of a page up to its body's content, with the style; and its end, with the script. */
void html_begin(FILE *, const char *title, const struct html_script *, bool *failed);
void html_end(FILE *, const struct html_script *);
/* An element with data, that the page's script finds by its name. */
void html_data_begin(FILE *, const char *id);
void html_data_end(FILE *);

#endif
