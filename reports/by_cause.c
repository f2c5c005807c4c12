/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Results by their causes, for trying a driver on many scenarios: a paragraph for each cause, the most far-reaching one
 * first, with the scenarios that show it, the shortest run first. All of it is written at the end.
 */
#include "reports/results.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "reports/causes.h"
#include "reports/names.h"
#include "reports/text_clean.h"
#include "reports/text_failures.h"
#include "sim/array.h"

#define NR_VERDICTS 10
#define MARGIN      "     "
#define NOBODY      SIZE_MAX

#define REMARKED_SHOWN 5u /* scenarios of a remark; of a failure all are told */

/* A scenario that shows a cause. */
struct shower {
    size_t result; /* its number */
    int verdict;
    uint64_t event, events; /* of how many; 0: there is no recording */
    uint64_t times;
    char *path;    /* clean */
    char *note;    /* what else is to be said; "" for nothing */
    char *words;   /* what went wrong there */
    char *command; /* what to type to see it; "": there is none */
};

struct row {
    struct cause cause; /* as the first result showed it; what is told are the words of the shortest run */
    struct shower *showers;
    size_t count, room;
    size_t follows; /* the row of what went wrong before, wherever this did; or NOBODY */
};

struct by_cause {
    FILE *out;
    size_t results;
    size_t verdicts[NR_VERDICTS]; /* by exit code */
    char *judged;                 /* NULL: of none so far */
    struct row *rows;
    size_t count, room;
    struct causes kept; /* whose texts the rows have */
};

static void *by_cause_begin(FILE *out, size_t nr_results)
{
    struct by_cause *all = calloc(1, sizeof *all);

    (void)nr_results;
    if (all != NULL)
        all->out = out;
    return all;
}

static void free_shower(struct shower *shower)
{
    free(shower->path);
    free(shower->note);
    free(shower->words);
    free(shower->command);
}

static void free_all(struct by_cause *all)
{
    for (size_t r = 0; r < all->count; r++) {
        for (size_t s = 0; s < all->rows[r].count; s++)
            free_shower(&all->rows[r].showers[s]);
        free(all->rows[r].showers);
    }
    causes_free(&all->kept);
    free(all->rows);
    free(all->judged);
    free(all);
}

/* ---- one more result ---------------------------------------------------------------------------- */

/* The row of a cause, which is the row's from now on if it is new. NULL: no memory. */
static struct row *row_of(struct by_cause *all, struct cause *cause)
{
    for (size_t r = 0; r < all->count; r++)
        if (cause_is(&all->rows[r].cause, cause))
            return &all->rows[r];
    if (!ARRAY_ONE_MORE(all->rows, all->room, all->count) ||
        !ARRAY_ONE_MORE(all->kept.list, all->kept.room, all->kept.count))
        return NULL;
    all->kept.list[all->kept.count++] = *cause;
    all->rows[all->count] = (struct row){.cause = *cause, .follows = NOBODY};
    cause->what = cause->place = cause->words = NULL;
    return &all->rows[all->count++];
}

/* NULL: no memory. */
static char *command_of(const struct result *result, const struct cause *cause)
{
    char *command = NULL;
    size_t bytes;

    if (result->reading == NULL || cause->event == 0)
        return strdup("");
    FILE *out = open_memstream(&command, &bytes);
    if (out == NULL)
        return NULL;
    text_replay_until(out, result->reading, &result->style, cause->event);
    if (fclose(out) == 0)
        return command;
    free(command);
    return NULL;
}

static bool add_shower(struct by_cause *all, const struct result *result, struct cause *cause)
{
    const bool scheduled = result->schedules != NULL && result->schedules[0] != '\0';
    const bool differs = cause->class == CAUSE_FAILURE && cause->event == 0 && result->rows == NULL;
    struct shower shower = {
        .result = all->results,
        .verdict = result->verdict,
        .event = cause->event,
        .events = result->reading != NULL ? reading_events(result->reading) : 0,
        .times = cause->times,
        .path = clean_name(result->path),
        .note = clean_name(scheduled ? result->schedules
                           : differs ? cause->words
                                     : ""),
        .words = strdup(cause->words),
        .command = command_of(result, cause),
    };
    struct row *row = row_of(all, cause);

    if (shower.path == NULL || shower.note == NULL || shower.words == NULL || shower.command == NULL ||
        row == NULL || !ARRAY_ONE_MORE(row->showers, row->room, row->count)) {
        free_shower(&shower);
        if (row != NULL && row->count == 0)
            all->count--; /* it was made for this one */
        return false;
    }
    row->cause.is_hostile = row->cause.is_hostile && cause->is_hostile;
    row->showers[row->count++] = shower;
    return true;
}

/* A line for each set of files that results are about. */
static bool print_judged(struct by_cause *all, const struct result *result)
{
    char *judged = result_judged(result);

    if (judged == NULL)
        return false;
    if (judged[0] == '\0' || (all->judged != NULL && strcmp(judged, all->judged) == 0)) {
        free(judged);
        return true;
    }
    fprintf(all->out, "judged: %s\n", judged);
    free(all->judged);
    all->judged = judged;
    return true;
}

static bool by_cause_add(void *state, const struct result *result)
{
    struct by_cause *all = state;
    struct causes causes = {0};
    bool good = print_judged(all, result) && causes_collect(&causes, result);

    assert(result->verdict >= 0);
    for (size_t c = 0; good && c < causes.count; c++)
        good = add_shower(all, result, &causes.list[c]);
    causes_free(&causes);
    all->results++;
    all->verdicts[result->verdict < NR_VERDICTS ? result->verdict : NR_VERDICTS - 1]++;
    return good;
}

/* ---- the end ------------------------------------------------------------------------------------ */

static int by_reach(const void *one, const void *two)
{
    const struct row *a = one, *b = two;

    if (a->cause.class != b->cause.class)
        return a->cause.class < b->cause.class ? -1 : 1;
    if (a->cause.is_hostile != b->cause.is_hostile)
        return a->cause.is_hostile ? 1 : -1;
    if (a->count != b->count)
        return a->count > b->count ? -1 : 1;
    return a->showers[0].result < b->showers[0].result   ? -1
           : a->showers[0].result > b->showers[0].result ? 1
           : a->showers[0].event < b->showers[0].event   ? -1
                                                         : a->showers[0].event > b->showers[0].event;
}

static int by_length(const void *one, const void *two)
{
    const struct shower *a = one, *b = two;

    if (a->events != b->events)
        return a->events < b->events ? -1 : 1;
    return a->result < b->result ? -1 : a->result > b->result;
}

/* NULL: it does not show it. */
static const struct shower *shower_of(const struct row *row, size_t result)
{
    for (size_t s = 0; s < row->count && row->showers[s].result <= result; s++)
        if (row->showers[s].result == result)
            return &row->showers[s];
    return NULL;
}

/* In how many of its scenarios had `row` gone wrong before. */
static size_t times_first(const struct row *row, const struct row *later)
{
    size_t times = 0;

    if (row == later || row->cause.class != CAUSE_FAILURE || later->cause.event == 0)
        return 0;
    for (size_t l = 0; l < later->count; l++) {
        const struct shower *shower = shower_of(row, later->showers[l].result);
        times += shower != NULL && shower->event != 0 &&
                 (shower->event < later->showers[l].event ||
                     (shower->event == later->showers[l].event && row < later));
    }
    return times;
}

/* Of the scenarios that show it, does each show the other one, too, and on the same line of the driver? */
static bool has_same_place(const struct row *row, const struct row *other)
{
    if (row == other || row->cause.place[0] == '\0' || strcmp(row->cause.place, other->cause.place) != 0 ||
        row->count > other->count || (row->count == other->count && row < other))
        return false;
    for (size_t s = 0; s < row->count; s++)
        if (shower_of(other, row->showers[s].result) == NULL)
            return false;
    return true;
}

/* What goes wrong because something else did: a statement that fails, a guest that dies. */
static bool is_aftermath(const struct cause *cause)
{
    return strncmp(cause->what, "expect", 6) == 0 || strcmp(cause->what, "rest") == 0 ||
           strcmp(cause->what, "death") == 0 || strcmp(cause->what, "guest-contained") == 0;
}

/* The row that stands for it. */
static size_t stands_under(const struct by_cause *all, size_t row)
{
    while (all->rows[row].follows != NOBODY)
        row = all->rows[row].follows;
    return row;
}

/* The row of what explains most of it, if each scenario has something that does; or NOBODY. */
static size_t explained_by(const struct by_cause *all, size_t number)
{
    const struct row *row = &all->rows[number];
    size_t best = NOBODY, most = 0;

    for (size_t s = 0; s < row->count; s++) {
        bool found = false;
        for (size_t r = 0; r < all->count && !found; r++) {
            const struct shower *shower =
                is_aftermath(&all->rows[r].cause) ? NULL : shower_of(&all->rows[r], row->showers[s].result);
            found = all->rows[r].cause.class == CAUSE_FAILURE && shower != NULL && shower->event != 0 &&
                    shower->event <= row->showers[s].event;
        }
        if (!found)
            return NOBODY;
    }
    for (size_t r = 0; r < all->count; r++) {
        const size_t times = is_aftermath(&all->rows[r].cause) ? 0 : times_first(&all->rows[r], row);
        if (times > most && stands_under(all, r) != number) {
            most = times;
            best = r;
        }
    }
    return best;
}

/* What one fault did in other ways, or afterwards, has no row of its own: it may well be the same fault. */
static void find_followers(struct by_cause *all)
{
    for (size_t r = 0; r < all->count; r++)
        for (size_t first = 0; first < all->count && all->rows[r].follows == NOBODY; first++)
            if (all->rows[r].cause.class == CAUSE_FAILURE && all->rows[first].follows == NOBODY &&
                (times_first(&all->rows[first], &all->rows[r]) == all->rows[r].count ||
                    has_same_place(&all->rows[r], &all->rows[first])))
                all->rows[r].follows = first;
    for (size_t r = 0; r < all->count; r++)
        if (all->rows[r].follows == NOBODY && all->rows[r].cause.class == CAUSE_FAILURE &&
            is_aftermath(&all->rows[r].cause))
            all->rows[r].follows = explained_by(all, r);
    for (size_t r = 0; r < all->count; r++)
        if (all->rows[r].follows != NOBODY)
            all->rows[r].follows = stands_under(all, all->rows[r].follows);
}

static void print_what(FILE *out, const struct cause *cause)
{
    fputs(cause->what, out);
    if (cause->place[0] != '\0')
        fprintf(out, cause->is_after ? ", after %s" : " at %s", cause->place);
}

static void print_followers(const struct by_cause *all, size_t row)
{
    const char *before = MARGIN "then also: ";

    for (size_t r = 0; r < all->count; r++) {
        if (all->rows[r].follows != row)
            continue;
        fputs(before, all->out);
        print_what(all->out, &all->rows[r].cause);
        fprintf(all->out, " (%zu)", all->rows[r].count);
        before = "; ";
    }
    if (*before == ';')
        fputc('\n', all->out);
}

static void print_shower(FILE *out, const struct shower *shower)
{
    fprintf(out, MARGIN "%-7s %s", name_of_verdict(shower->verdict), shower->path);
    if (shower->event != 0)
        fprintf(out, "  (event %" PRIu64 " of %" PRIu64 ")", shower->event, shower->events);
    else if (shower->times > 1)
        fprintf(out, "  (%" PRIu64 " times)", shower->times);
    fputc('\n', out);
    if (shower->note[0] != '\0')
        fprintf(out, MARGIN "        %s\n", shower->note);
}

static void print_row(const struct by_cause *all, size_t number, size_t r)
{
    struct row *row = &all->rows[r];

    fprintf(all->out, "\n%zu. ", number);
    print_what(all->out, &row->cause);
    fprintf(all->out, ": %zu scenario%s\n", row->count, row->count == 1 ? "" : "s");
    qsort(row->showers, row->count, sizeof row->showers[0], by_length);
    if (row->showers[0].words[0] != '\0' && row->showers[0].note[0] == '\0')
        fprintf(all->out, MARGIN "%s\n", row->showers[0].words);
    print_followers(all, r);
    if (row->showers[0].command[0] != '\0')
        fprintf(all->out, MARGIN "shortest:  %s\n", row->showers[0].command);
    const size_t shown =
        row->cause.class == CAUSE_REMARK && row->count > REMARKED_SHOWN ? REMARKED_SHOWN : row->count;
    for (size_t s = 0; s < shown; s++)
        print_shower(all->out, &row->showers[s]);
    if (shown < row->count)
        fprintf(all->out, MARGIN "and %zu more\n", row->count - shown);
}

static const char *heading_of(const struct cause *cause)
{
    switch (cause->class) {
    case CAUSE_REMARK:
        return "Remarks, which are no failures:";
    case CAUSE_NOT_RUN:
        return "Not run:";
    default:
        return cause->is_hostile ? "Only behind refusals that no real machine was seen to give (hostile):"
                                 : NULL;
    }
}

static void print_rows(const struct by_cause *all)
{
    const char *heading = NULL;
    size_t number = 0;

    for (size_t r = 0; r < all->count; r++) {
        const char *of_row = heading_of(&all->rows[r].cause);
        if (all->rows[r].follows != NOBODY)
            continue;
        if (of_row != NULL && of_row != heading)
            fprintf(all->out, "\n%s\n", of_row);
        heading = of_row;
        print_row(all, ++number, r);
    }
}

static void print_totals(const struct by_cause *all)
{
    size_t causes = 0;

    for (size_t r = 0; r < all->count; r++)
        causes += all->rows[r].cause.class == CAUSE_FAILURE && all->rows[r].follows == NOBODY;
    fprintf(all->out, "%zu scenario%s", all->results, all->results == 1 ? "" : "s");
    for (int v = 0; v < NR_VERDICTS; v++)
        if (all->verdicts[v] != 0)
            fprintf(all->out, ", %zu %s", all->verdicts[v], name_of_verdict(v));
    if (causes > 0)
        fprintf(all->out, "; %zu cause%s, the most far-reaching first", causes, causes == 1 ? "" : "s");
    fputc('\n', all->out);
}

static bool by_cause_end(void *state)
{
    struct by_cause *all = state;

    if (all->count > 1)
        qsort(all->rows, all->count, sizeof all->rows[0], by_reach);
    find_followers(all);
    print_totals(all);
    print_rows(all);
    free_all(all);
    return true;
}

const struct results_format results_causes = {"causes", by_cause_begin, by_cause_add, by_cause_end, false};
