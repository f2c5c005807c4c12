/* SPDX-License-Identifier: BSD-2-Clause */
/* Rows for kinds of calls, and for kinds of differences; those that were seen first come first. */
#include "harness/ballast/pair_table.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "harness/xen/fuzz_kinds.h"
#include "reports/names.h"

#define ROWS_MAX        256u
#define STATEMENT_BYTES 160u
#define ERROR_LAST      4095 /* results from -4095 to -1 are error numbers */

/* A kind of call; or, with `what`, the differences of one sort among its answers. */
struct row {
    uint32_t op, subop;
    const char *what; /* NULL: the call itself */
    uint64_t count;
    int64_t a, b; /* of the first difference that was seen, */
    struct fuzz_part part;
    char statement[STATEMENT_BYTES]; /* and where */
};

struct pair_table {
    struct row rows[ROWS_MAX];
    size_t nr_rows;
    uint64_t answered, differences;
};

struct pair_table *pair_table_new(void)
{
    return calloc(1, sizeof(struct pair_table));
}

void pair_table_free(struct pair_table *table)
{
    free(table);
}

/* NULL: there are more kinds than the table has room for. */
static struct row *find(struct pair_table *table, const struct xen_answer *answer, const char *what)
{
    struct row *row = table->rows;

    for (; row < table->rows + table->nr_rows; row++)
        if (row->op == answer->op && row->subop == answer->subop &&
            (what == NULL || row->what == NULL ? what == row->what : strcmp(row->what, what) == 0))
            return row;
    if (table->nr_rows == ROWS_MAX)
        return NULL;
    table->nr_rows++;
    *row = (struct row){.op = answer->op, .subop = answer->subop, .what = what};
    return row;
}

void pair_table_answered(struct pair_table *table, const struct xen_answer *answer)
{
    struct row *row = find(table, answer, NULL);

    table->answered++;
    if (row != NULL)
        row->count++;
}

void pair_table_differ(struct pair_table *table, const struct xen_answer *answer,
    const struct xen_answer_value *a, const struct xen_answer_value *b, const struct pair_place *place)
{
    struct row *row = find(table, answer, a->what);

    assert(strcmp(a->what, b->what) == 0);
    pair_table_answered(table, answer);
    table->differences++;
    if (row == NULL || row->count++ > 0)
        return;
    row->a = a->xen;
    row->b = b->xen;
    row->part = *place->part;
    snprintf(row->statement, sizeof row->statement, "%s", place->statement);
}

static const char *plural(uint64_t count)
{
    return count == 1 ? "" : "s";
}

/* An error by its name, and any other value as a number. */
static const char *value_text(const char *what, int64_t value, char *text, size_t bytes)
{
    char room[NAME_ROOM];

    if (strcmp(what, "result") == 0 && value < 0 && value >= -ERROR_LAST)
        snprintf(text, bytes, "-%s", name_of_errno(-value, room));
    else
        snprintf(text, bytes, "%" PRId64, value);
    return text;
}

static void print_difference(const struct row *row, const char *const named[2], FILE *out)
{
    const struct fuzz_part *part = &row->part;
    char a[NAME_ROOM + 2], b[NAME_ROOM + 2];

    fprintf(out, "    %" PRIu64 " time%s in %s, as A %s and B %s to:  %s\n", row->count, plural(row->count),
        row->what, value_text(row->what, row->a, a, sizeof a), value_text(row->what, row->b, b, sizeof b),
        row->statement);
    fprintf(out,
        "      the same again:  ballast xen-fuzz --seed %" PRIu64
        " --ops %u --domains %u --part --kind %s --xen %s --xen %s\n",
        part->seed, part->statements, part->domains, part->kind->name, named[0], named[1]);
}

static uint64_t differences_of(const struct pair_table *table, const struct row *call)
{
    uint64_t count = 0;

    for (const struct row *row = table->rows; row < table->rows + table->nr_rows; row++)
        if (row->op == call->op && row->subop == call->subop && row->what != NULL)
            count += row->count;
    return count;
}

static void print_call(
    const struct pair_table *table, const struct row *call, const char *const named[2], FILE *out)
{
    char room[NAME_ROOM];

    fprintf(out, "  %s, in %" PRIu64 " of %" PRIu64 " answers\n",
        name_of_hypercall(call->op, call->subop, room), differences_of(table, call), call->count);
    for (const struct row *row = table->rows; row < table->rows + table->nr_rows; row++)
        if (row->op == call->op && row->subop == call->subop && row->what != NULL)
            print_difference(row, named, out);
}

void pair_table_print(
    const struct pair_table *table, const char *const named[2], uint64_t statements, FILE *out)
{
    const struct row *end = table->rows + table->nr_rows;
    char room[NAME_ROOM];

    fputs(table->differences != 0 ? "they differ in:\n" : "", out);
    for (const struct row *row = table->rows; row < end; row++)
        if (row->what == NULL && differences_of(table, row) != 0)
            print_call(table, row, named, out);
    fputs("they say the same of:\n", out);
    for (const struct row *row = table->rows; row < end; row++)
        if (row->what == NULL && differences_of(table, row) == 0)
            fprintf(out, "  %-34s %9" PRIu64 "\n", name_of_hypercall(row->op, row->subop, room), row->count);
    fprintf(out,
        "%" PRIu64 " statements, %" PRIu64 " hypercalls answered by both: %" PRIu64 " difference%s\n",
        statements, table->answered, table->differences, plural(table->differences));
}
