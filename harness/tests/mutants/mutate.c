/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The mutator: C files with one small error each.
 *     mutate list SEED FILE [DECLARATIONS...]       a line for each mutant of FILE, with tabs between its fields:
 *         CHANCE NUMBER OPERATOR LINE FUNCTION WHAT. CHANCE comes from the seed and the mutant, and whoever sorts by it
 *         shuffles. WHAT is "old => new", and " (2)" behind it when the function has the same change a second time.
 *     mutate make NUMBER FILE [DECLARATIONS...]     the file with that change, whose lines keep their numbers
 * Files of DECLARATIONS are read for the members of structs.
 */
#include "harness/tests/mutants/mutants.h"

#include <assert.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct row {
    const char *operator;
    size_t token;
    char *function, *what;
    unsigned twins; /* rows before it that say the same */
};

struct table {
    const struct source *source;
    struct row *rows;
    size_t nr_rows;
    uint64_t wanted; /* number of the one to make; 0: all are listed */
};

/* splitmix64 over the text. */
static uint64_t chance_of(uint64_t seed, const char *text)
{
    uint64_t x = seed;

    for (; *text != 0; text++) {
        x += 0x9e3779b97f4a7c15u + (unsigned char)*text;
        x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
        x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
        x ^= x >> 31;
    }
    return x;
}

/* The lines behind the change keep their numbers, for reports of the mutant are compared with the original's. */
static void write_made(const struct source *source, const struct mutant *mutant)
{
    unsigned had = 0, has = 0;

    assert(mutant->at + mutant->length <= source->bytes);
    for (size_t i = 0; i < mutant->length; i++)
        had += source->text[mutant->at + i] == '\n';
    for (const char *c = mutant->with; *c != 0; c++)
        has += *c == '\n';
    fwrite(source->text, 1, mutant->at, stdout);
    fputs(mutant->with, stdout);
    for (; has < had; has++)
        putchar('\n');
    fputs(source->text + mutant->at + mutant->length, stdout);
}

static bool same(const struct row *one, const struct row *other)
{
    return one->operator== other->operator&& strcmp(one->function, other->function) == 0 &&
           strcmp(one->what, other->what) == 0;
}

static void found(void *context, const struct mutant *mutant)
{
    struct table *table = context;
    const size_t function = table->source->tokens[mutant->token].function;
    struct row *more = realloc(table->rows, (table->nr_rows + 1) * sizeof *more), *row;

    assert(function != NOT_A_TOKEN);
    if (more == NULL)
        abort();
    table->rows = more;
    row = &more[table->nr_rows];
    *row = (struct row){.operator= mutant->operator,
        .token = mutant->token,
        .function = tokens_text(table->source, function, function + 1),
        .what = strdup(mutant->what)};
    if (row->what == NULL)
        abort();
    for (size_t r = 0; r < table->nr_rows; r++)
        row->twins += same(&more[r], row);
    if (++table->nr_rows == table->wanted)
        write_made(table->source, mutant);
}

static void list(const struct table *table, uint64_t seed)
{
    for (size_t r = 0; r < table->nr_rows; r++) {
        const struct row *row = &table->rows[r];
        uint64_t chance =
            chance_of(chance_of(chance_of(seed, row->operator), row->function), row->what) + row->twins;

        printf("%016" PRIx64 "\t%zu\t%s\t%u\t%s\t%s", chance, r + 1, row->operator,
            table->source->tokens[row->token].line, row->function, row->what);
        if (row->twins > 0)
            printf(" (%u)", row->twins + 1);
        putchar('\n');
    }
}

static int complain(const char *path)
{
    fprintf(stderr, "mutate: %s: %m\n", path);
    return 4;
}

static int run(struct table *table, struct mutants *mutants, bool make, uint64_t argument)
{
    table->wanted = make ? argument : 0;
    mutants_tell(mutants);
    if (make && (argument == 0 || argument > table->nr_rows)) {
        fprintf(stderr, "mutate: there are mutants 1 to %zu\n", table->nr_rows);
        return 4;
    }
    if (!make)
        list(table, argument);
    return fflush(stdout) == 0 ? 0 : 4;
}

int main(int argc, char **argv)
{
    struct source source, declarations;
    struct table table = {.source = &source};
    struct mutants *mutants;

    if (argc < 4 || (strcmp(argv[1], "list") != 0 && strcmp(argv[1], "make") != 0)) {
        fprintf(stderr, "usage: mutate list SEED FILE [DECLARATIONS...]\n"
                        "       mutate make NUMBER FILE [DECLARATIONS...]\n");
        return 4;
    }
    if (!source_read(&source, argv[3]))
        return complain(argv[3]);
    mutants = mutants_new(&source, found, &table);
    if (mutants == NULL)
        return complain(argv[3]);
    for (int a = 4; a < argc; a++) {
        if (!source_read(&declarations, argv[a]) || !mutants_add_declarations(mutants, &declarations))
            return complain(argv[a]);
        source_free(&declarations);
    }
    const int status = run(&table, mutants, strcmp(argv[1], "make") == 0, strtoull(argv[2], NULL, 10));
    for (size_t r = 0; r < table.nr_rows; r++) {
        free(table.rows[r].function);
        free(table.rows[r].what);
    }
    free(table.rows);
    mutants_free(mutants);
    source_free(&source);
    return status;
}
