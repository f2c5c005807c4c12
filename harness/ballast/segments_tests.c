/* SPDX-License-Identifier: BSD-2-Clause */
/* Writes the tests, and says in each what the file was compiled with. */
#include "harness/ballast/segments_tests.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "harness/ballast/file.h"

#define HEADER_BYTES_MAX (1u << 20)
#define NAME_BYTES       64

bool segments_tests_begin(const struct recipe *recipe, const char *folder, char *error, size_t error_bytes)
{
    const char *from = recipe_value(recipe, "world-replay");
    char path[4096];
    size_t bytes;

    if (from == NULL) {
        snprintf(error, error_bytes, "this build has no header for tests");
        return false;
    }
    if (mkdir(folder, 0777) != 0 && errno != EEXIST) {
        snprintf(error, error_bytes, "%.300s: %s", folder, strerror(errno));
        return false;
    }
    snprintf(path, sizeof path, "%s/replay.h", folder);
    char *text = file_read(from, HEADER_BYTES_MAX, &bytes, error, error_bytes);
    const bool good = text != NULL && file_write(path, text, bytes, error, error_bytes);
    free(text);
    return good;
}

/* Text from a guest, within a comment. */
static void put_comment(FILE *out, const char *text)
{
    for (; *text != 0; text++)
        fputc(text[0] == '*' && text[1] == '/' ? '+' : *text, out);
}

static bool is_defining(const char *word)
{
    return strncmp(word, "-D", 2) == 0 || strncmp(word, "-U", 2) == 0;
}

/* -DNAME=VALUE, -DNAME or -UNAME as the preprocessor's lines; undone: as -U, whichever it is. */
static void put_option(FILE *out, const char *word, bool undone)
{
    const char *equals = strchr(word, '=');
    const int bytes = equals != NULL ? (int)(equals - word) - 2 : (int)strlen(word) - 2;

    if (!is_defining(word))
        return;
    fprintf(out, "#undef %.*s\n", bytes, word + 2);
    if (word[1] == 'D' && !undone)
        fprintf(out, "#define %.*s %s\n", bytes, word + 2, equals != NULL ? equals + 1 : "1");
}

/* What tells this variant of the kernel from the others, and then what the world was compiled with. */
static void put_options(FILE *out, const struct recipe *recipe, const struct segments_test *test)
{
    struct words rows = {0}, words = {0};
    char why[64];

    recipe_list(recipe, "world", NULL, &rows);
    for (int own = 0; own <= 1; own++)
        for (size_t r = 0; r < rows.count; r++) {
            char variant[32] = "", last[32] = "";
            struct words flags = {0};
            sscanf(rows.list[r], "%31s", variant);
            if (r > 0)
                sscanf(rows.list[r - 1], "%31s", last);
            if (strcmp(variant, last) == 0)
                continue;
            if ((strcmp(variant, test->variant) == 0) == (own == 1))
                recipe_list(recipe, "flags.*", variant, &flags);
            for (size_t f = 0; f < flags.count; f++)
                put_option(out, flags.list[f], own == 0);
            words_free(&flags);
        }
    if (words_take_text(&words, test->options, why, sizeof why))
        for (size_t w = 0; w < words.count; w++)
            put_option(out, words.list[w], false);
    words_free(&words);
    words_free(&rows);
}

static void put_test(FILE *out, const struct recipe *recipe, const struct segments_test *test)
{
    char name[NAME_BYTES];

    snprintf(name, sizeof name, "%s", test->rule);
    for (char *at = name; *at != 0; at++)
        *at = *at == '-' ? '_' : *at;
    fputs("/*\n * ", out);
    put_comment(out, test->promise);
    fputs(".\n * Seen: ", out);
    put_comment(out, test->seen);
    fputs("\n * After: ", out);
    put_comment(out, test->path);
    fputs("\n * `ballast check-segments --atf` wrote this; `make atf TESTS=FOLDER PHYSSEG=FILE` runs it.\n "
          "*/\n",
        out);
    put_options(out, recipe, test);
    fprintf(out, "#include \"replay.h\"\n\nREPLAY_TEST(%s)\n{\n", name);
    for (const char *line = test->statements; *line != 0; line += strcspn(line, "\n"), line += *line == '\n')
        if (*line != '\n')
            fprintf(out, "\t%.*s\n", (int)strcspn(line, "\n"), line);
    fputs("}\n", out);
}

bool segments_tests_write(const struct recipe *recipe, const char *folder, const struct segments_test *test,
    char *error, size_t error_bytes)
{
    char path[4096], *text = NULL;
    size_t bytes;
    FILE *out = open_memstream(&text, &bytes);

    assert(test->statements != NULL && test->path != NULL);
    if (out != NULL)
        put_test(out, recipe, test);
    if (out == NULL || fclose(out) != 0) {
        snprintf(error, error_bytes, "no memory");
        free(text);
        return false;
    }
    snprintf(path, sizeof path, "%s/t_%s_%s.c", folder, test->rule, test->variant);
    const bool good = file_write(path, text, bytes, error, error_bytes);
    free(text);
    return good;
}
