/* SPDX-License-Identifier: BSD-2-Clause */
/* Escapes texts for the pages, and writes what all pages begin and end with. */
#include "reports/html_text.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "reports/html.h"
#include "reports/html_assets.h"
#include "reports/markup.h"
#include "reports/results.h"

/* The text is clean: UTF-8, and no control character but what ends lines. '<' could begin markup, the two separators lines. */
void html_json_text(FILE *out, const char *text, size_t bytes, bool *failed)
{
    char *clean = text != NULL ? clean_text(text, bytes) : NULL;

    *failed = *failed || (text != NULL && clean == NULL);
    fputc('"', out);
    for (const char *c = clean; c != NULL && *c != '\0'; c++) {
        if (*c == '"' || *c == '\\')
            fprintf(out, "\\%c", *c);
        else if (*c == '\n')
            fputs("\\n", out);
        else if (*c == '\t')
            fputs("\\t", out);
        else if (*c == '<')
            fputs("\\u003c", out);
        else
            fputc(*c, out);
    }
    fputc('"', out);
    free(clean);
}

void html_json_word(FILE *out, const char *text, bool *failed)
{
    html_json_text(out, text, text != NULL ? strlen(text) : 0, failed);
}

void html_plain(FILE *out, const char *text, bool *failed)
{
    char *clean = clean_name(text);

    *failed = *failed || clean == NULL;
    if (clean != NULL)
        markup_text(out, clean, strlen(clean));
    free(clean);
}

/* Nothing is fetched and no script but ours runs, not even if a mistake of ours let one into the page. */
void html_begin(FILE *out, const char *title, const struct html_script *script, bool *failed)
{
    fputs(HTML_FIRST_BYTES
        "<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
        "'unsafe-inline'; script-src 'sha256-",
        out);
    fwrite(script->hash, 1, script->hash_bytes, out);
    fputs("'\">\n"
          "<meta name=\"viewport\" content=\"width=device-width\">\n<title>",
        out);
    html_plain(out, title, failed);
    fputs("</title>\n<style>\n", out);
    fwrite(html_style, 1, (size_t)(html_style_end - html_style), out);
    fputs("</style>\n</head>\n<body>\n<noscript>This page draws itself with JavaScript, which is "
          "off.</noscript>\n",
        out);
}

void html_data_begin(FILE *out, const char *id)
{
    fprintf(out, "<script type=\"application/json\" id=\"%s\">\n", id);
}

void html_data_end(FILE *out)
{
    fputs("\n</script>\n", out);
}

void html_end(FILE *out, const struct html_script *script)
{
    assert(script->bytes > 0);
    fputs("<script type=\"module\">", out);
    fwrite(script->text, 1, script->bytes, out);
    fputs("</script>\n</body>\n</html>\n", out);
}
