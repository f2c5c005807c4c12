/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reservation, target and maximum of each domain over virtual time, as lines of characters. Only
 * characters of one column are used, so that columns are counted in characters.
 */
#include "reports/text_picture.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "reports/axis.h"
#include "reports/marks.h"
#include "reports/series.h"
#include "reports/text_clean.h"

#define PLOT_COLUMNS_MIN 16u
#define PLOT_ROWS_MIN    4u
#define AROUND_ROWS      3u /* rows beside each plot: title, axis, times; marks come on top of them */
#define LABEL_BYTES      32u
#define STEPS_MAX        128u /* a row is at least this part of the whole size, so that a few pages look like few */

enum glyph {
    GLYPH_BLANK,
    GLYPH_MAXIMUM,
    GLYPH_TARGET,
    GLYPH_FLAT,
    GLYPH_UPRIGHT,
    GLYPH_RISES,
    GLYPH_RISEN,
    GLYPH_FALLS,
    GLYPH_FALLEN,
    GLYPH_BAND,
    GLYPH_WALL,
    GLYPH_TICK,
    GLYPH_CORNER,
    GLYPH_BEGINS,
    NR_GLYPHS
};
static const char *const glyphs_utf8[NR_GLYPHS] = {
    " ", "╌", "·", "─", "│", "╯", "╭", "╮", "╰", "┃", "│", "┤", "└", "┬"};
static const char *const glyphs_ascii[NR_GLYPHS] = {
    " ", "~", ".", "-", "|", "/", "/", "\\", "\\", "#", "|", "+", "+", "+"};

/* One domain's plot: rows from the bottom, `step` pages apart. */
struct plot {
    const struct domain_series *domain;
    const struct axis *axis;
    uint64_t low_pages, step_pages;
    unsigned rows, columns;
    bool banded; /* some column holds values that its line does not go through */
    const char *const *glyphs;
    struct marks marks;
    unsigned char *cells; /* enum glyph, by row and column */
};

#define OUTSIDE UINT32_MAX

static unsigned char *cell(struct plot *plot, unsigned row, unsigned column)
{
    assert(row < plot->rows && column < plot->columns);
    return &plot->cells[(size_t)row * plot->columns + column];
}

/* ---- the scale -------------------------------------------------------------------------------- */

static void widen(const struct series *series, uint64_t *low, uint64_t *high)
{
    size_t i;

    for (i = 0; i < series->count; i++) {
        if (series->steps[i].pages < *low)
            *low = series->steps[i].pages;
        if (series->steps[i].pages > *high)
            *high = series->steps[i].pages;
    }
}

/*
 * The range of pages that is shown. A maximum far above all else, as xm leaves it, would press the rest flat, and one
 * just above the rest, as xl leaves it, would take a row for itself: both are left out.
 */
static void range_of(const struct domain_series *domain, uint64_t *low, uint64_t *high)
{
    uint64_t lowest_maximum = UINT64_MAX, highest_maximum = 0;

    *low = UINT64_MAX;
    *high = 0;
    widen(&domain->of[QUANTITY_RESERVATION], low, high);
    widen(&domain->of[QUANTITY_TARGET], low, high);
    widen(&domain->of[QUANTITY_MAXIMUM], &lowest_maximum, &highest_maximum);
    if (highest_maximum > *high + *high / 32 && highest_maximum <= *high + *high / 8)
        *high = highest_maximum;
    if (*low > *high)
        *low = *high = 0;
}

/* Rows lie a power of two of pages apart, so that whole sizes fall on rows. */
static void choose_scale(struct plot *plot, unsigned rows_max)
{
    uint64_t low, high, top;

    assert(rows_max >= PLOT_ROWS_MIN);
    range_of(plot->domain, &low, &high);
    for (plot->step_pages = 1;; plot->step_pages *= 2) {
        if (plot->step_pages < high / STEPS_MAX)
            continue;
        plot->low_pages = low / plot->step_pages * plot->step_pages;
        top = (high + plot->step_pages - 1) / plot->step_pages * plot->step_pages;
        if ((top - plot->low_pages) / plot->step_pages < rows_max)
            break;
    }
    plot->rows = (unsigned)((top - plot->low_pages) / plot->step_pages) + 1;
    while (plot->rows < PLOT_ROWS_MIN) {
        if (plot->low_pages >= plot->step_pages && plot->rows % 2 == 0)
            plot->low_pages -= plot->step_pages;
        plot->rows++;
    }
}

static uint32_t row_of(const struct plot *plot, uint64_t pages)
{
    uint64_t row;

    if (pages < plot->low_pages)
        return OUTSIDE;
    row = (pages - plot->low_pages + plot->step_pages / 2) / plot->step_pages;
    return row < plot->rows ? (uint32_t)row : OUTSIDE;
}

/* A row's size in MiB, with the decimals that the distance of rows needs. */
static void row_label(const struct plot *plot, unsigned row, char label[LABEL_BYTES])
{
    uint64_t pages = plot->low_pages + row * plot->step_pages;
    unsigned decimals = 0;
    uint64_t step = plot->step_pages;

    while (step % PAGES_PER_MIB != 0 && decimals < 4) {
        step *= 10;
        decimals++;
    }
    snprintf(label, LABEL_BYTES, "%.*f", (int)decimals, (double)pages / PAGES_PER_MIB);
}

/* ---- the lines -------------------------------------------------------------------------------- */

static uint32_t row_at(const struct plot *plot, enum quantity quantity, unsigned column)
{
    uint64_t time_ns = axis_time(plot->axis, column), pages;

    if ((time_ns >= plot->domain->end_ns && quantity != QUANTITY_RESERVATION) ||
        !series_at(&plot->domain->of[quantity], time_ns, &pages))
        return OUTSIDE;
    return row_of(plot, pages);
}

static void draw_dotted(struct plot *plot, enum quantity quantity, enum glyph glyph)
{
    unsigned column;
    uint32_t row;

    for (column = 0; column < plot->columns; column++) {
        row = row_at(plot, quantity, column);
        if (row != OUTSIDE)
            *cell(plot, row, column) = (unsigned char)glyph;
    }
}

/* Draws a line from one row to another within one column, with rounded corners. */
static void draw_turn(struct plot *plot, unsigned column, uint32_t from, uint32_t to)
{
    bool rises = to > from;
    uint32_t low = rises ? from : to, high = rises ? to : from, row;

    assert(low < high);
    *cell(plot, from, column) = rises ? GLYPH_RISES : GLYPH_FALLS;
    *cell(plot, to, column) = rises ? GLYPH_RISEN : GLYPH_FALLEN;
    for (row = low + 1; row < high; row++)
        *cell(plot, row, column) = GLYPH_UPRIGHT;
}

/*
 * Within a column the reservation may turn: then the line from the column's beginning to its end would not tell, and the whole
 * band is drawn, from the least value to the largest.
 */
static void draw_band(struct plot *plot, unsigned column)
{
    const struct series *series = &plot->domain->of[QUANTITY_RESERVATION];
    struct span span;

    if (column == 0 ||
        !series_between(series, axis_time(plot->axis, column - 1), axis_time(plot->axis, column), &span))
        return;
    const uint32_t low = row_of(plot, span.low), high = row_of(plot, span.high);
    if (!span.turns || low == OUTSIDE || high == OUTSIDE || low == high)
        return;
    for (uint32_t row = low; row <= high; row++)
        *cell(plot, row, column) = GLYPH_BAND;
    plot->banded = true;
}

static void draw_reservation(struct plot *plot)
{
    uint32_t previous = OUTSIDE, row;
    unsigned column;

    for (column = 0; column < plot->columns; column++) {
        row = row_at(plot, QUANTITY_RESERVATION, column);
        if (row != OUTSIDE && previous != OUTSIDE && row != previous)
            draw_turn(plot, column, previous, row);
        else if (row != OUTSIDE)
            *cell(plot, row, column) = GLYPH_FLAT;
        draw_band(plot, column);
        previous = row;
    }
}

/* ---- the paper -------------------------------------------------------------------------------- */

static void blanks(FILE *out, unsigned count)
{
    while (count-- > 0)
        fputc(' ', out);
}

static void print_title(FILE *out, const struct reading *reading, const struct plot *plot)
{
    const char *const *glyphs = plot->glyphs;

    text_clean(out, reading_domain_name(reading, plot->domain->domid), TEXT_SHORT_BYTES);
    fprintf(out, ", MiB   %s%s reservation", glyphs[GLYPH_FLAT], glyphs[GLYPH_FLAT]);
    if (plot->banded)
        fprintf(out, "   %s to and fro", glyphs[GLYPH_BAND]);
    if (plot->domain->of[QUANTITY_TARGET].count != 0)
        fprintf(out, "   %s%s target", glyphs[GLYPH_TARGET], glyphs[GLYPH_TARGET]);
    if (plot->domain->of[QUANTITY_MAXIMUM].count != 0)
        fprintf(out, "   %s%s maximum", glyphs[GLYPH_MAXIMUM], glyphs[GLYPH_MAXIMUM]);
    fputc('\n', out);
}

static void print_rows(FILE *out, struct plot *plot, unsigned label_columns)
{
    char label[LABEL_BYTES];
    unsigned row, column, end;
    bool labelled;

    for (row = plot->rows; row-- > 0;) {
        labelled = row % 2 == 0 || plot->rows <= 6;
        row_label(plot, row, label);
        fprintf(out, "%*s %s", (int)label_columns, labelled ? label : "",
            plot->glyphs[labelled ? GLYPH_TICK : GLYPH_WALL]);
        for (end = plot->columns; end > 0 && *cell(plot, row, end - 1) == GLYPH_BLANK; end--)
            ;
        for (column = 0; column < end; column++)
            fputs(plot->glyphs[*cell(plot, row, column)], out);
        fputc('\n', out);
    }
}

/* Under the plot: where busy stretches begin, and where time was left out. */
static void print_axis(FILE *out, const struct plot *plot, unsigned label_columns)
{
    const struct axis *axis = plot->axis;
    const struct axis_piece *piece;
    unsigned i, column;

    blanks(out, label_columns + 1);
    fputs(plot->glyphs[GLYPH_CORNER], out);
    for (i = 0; i < axis->nr_pieces; i++) {
        piece = &axis->pieces[i];
        for (column = 0; column < piece->columns; column++)
            fputs(piece->gap ? "/" : plot->glyphs[column == 0 ? GLYPH_BEGINS : GLYPH_FLAT], out);
    }
    fputc('\n', out);
}

/* A time with as many digits as fit into a label, in the unit that a person would choose. */
static void time_label(uint64_t time_ns, char label[LABEL_BYTES])
{
    double s = (double)time_ns / 1e9;

    if (s < 10)
        snprintf(label, LABEL_BYTES, "%.3fs", s);
    else if (s < 1000)
        snprintf(label, LABEL_BYTES, "%.1fs", s);
    else if (s < 3600)
        snprintf(label, LABEL_BYTES, "%umin%02us", (unsigned)s / 60, (unsigned)s % 60);
    else if (s < 100 * 3600.0)
        snprintf(label, LABEL_BYTES, "%uh%02umin", (unsigned)(s / 3600), (unsigned)(s / 60) % 60);
    else
        snprintf(label, LABEL_BYTES, "%.1fd", s / 86400);
}

static void print_times(FILE *out, const struct axis *axis, unsigned label_columns)
{
    const struct axis_piece *last = &axis->pieces[axis->nr_pieces - 1];
    char label[LABEL_BYTES], end[LABEL_BYTES];
    unsigned i, at = 0, start;

    blanks(out, label_columns + 2);
    for (i = 0; i < axis->nr_pieces; i += 2) {
        time_label(axis->pieces[i].start_ns, label);
        start = axis->pieces[i].column;
        if (start + strlen(label) > axis->columns)
            start = axis->columns - (unsigned)strlen(label);
        if (at != 0 && start < at + 1)
            continue;
        blanks(out, start - at);
        fputs(label, out);
        at = start + (unsigned)strlen(label);
    }
    time_label(last->end_ns, end);
    time_label(last->start_ns, label);
    if (strcmp(end, label) != 0 && at + 2 + strlen(end) <= axis->columns) {
        blanks(out, axis->columns - at - (unsigned)strlen(end));
        fputs(end, out);
    }
    fputc('\n', out);
}

/* Under the times: what was done, refused or broken in each column; and what the characters mean. */
/* *there becomes true for each kind that can be seen. False: no memory. */
static bool print_marks(FILE *out, const struct plot *plot, unsigned label_columns, bool there[NR_MARK_KINDS])
{
    unsigned char *kinds = calloc(plot->columns, 1);
    unsigned end = 0;

    if (plot->marks.count == 0 || kinds == NULL) {
        free(kinds);
        return kinds != NULL;
    }
    for (size_t m = 0; m < plot->marks.count; m++) {
        const unsigned column = axis_column(plot->axis, plot->marks.list[m].time_ns);
        if (plot->marks.list[m].kind > kinds[column])
            kinds[column] = (unsigned char)plot->marks.list[m].kind;
        end = column + 1 > end ? column + 1 : end;
    }
    blanks(out, label_columns + 2);
    for (unsigned column = 0; column < end; column++) {
        there[kinds[column]] = true;
        fputc(mark_glyph(kinds[column]), out);
    }
    fputc('\n', out);
    free(kinds);
    return true;
}

static unsigned label_columns_of(const struct plot *plot)
{
    char label[LABEL_BYTES];

    row_label(plot, plot->rows - 1, label);
    return (unsigned)strlen(label) > 5 ? (unsigned)strlen(label) : 5;
}

/* ---- the picture ------------------------------------------------------------------------------ */

static int by_time(const void *a, const void *b)
{
    uint64_t one = *(const uint64_t *)a, two = *(const uint64_t *)b;

    return one < two ? -1 : one > two;
}

/* The moments at which anything changes in the domains that are shown, and the run's end. The caller frees them. */
static uint64_t *times_of(const struct run_series *run, size_t domains, size_t *count)
{
    size_t room = 1, domain, i;
    uint64_t *times;
    int quantity;

    for (domain = 0; domain < domains; domain++)
        for (quantity = 0; quantity < NR_QUANTITIES; quantity++)
            room += run->domains[domain].of[quantity].count;
    times = calloc(room, sizeof *times);
    if (times == NULL)
        return NULL;
    *count = 0;
    for (domain = 0; domain < domains; domain++)
        for (quantity = 0; quantity < NR_QUANTITIES; quantity++)
            for (i = 0; i < run->domains[domain].of[quantity].count; i++)
                times[(*count)++] = run->domains[domain].of[quantity].steps[i].time_ns;
    times[(*count)++] = run->end_ns;
    assert(*count == room);
    qsort(times, room, sizeof *times, by_time);
    return times;
}

/* What the characters of all plots' marks mean, once for the picture. */
static void print_legend(FILE *out, const bool there[NR_MARK_KINDS], unsigned label_columns)
{
    const char *before = "";

    for (int kind = MARK_COMMAND; kind < NR_MARK_KINDS; kind++)
        if (there[kind]) {
            if (*before == '\0')
                blanks(out, label_columns + 2);
            fprintf(
                out, "%s%c %s", before, mark_glyph((enum mark_kind)kind), mark_word((enum mark_kind)kind));
            before = "   ";
        }
    if (*before != '\0')
        fputc('\n', out);
}

static bool draw(FILE *out, const struct reading *reading, struct plot *plot, unsigned label_columns,
    bool there[NR_MARK_KINDS])
{
    plot->cells = calloc((size_t)plot->rows * plot->columns, 1);
    const bool whole = plot->cells != NULL && marks_read(&plot->marks, reading, plot->domain->domid);

    if (whole) {
        draw_dotted(plot, QUANTITY_MAXIMUM, GLYPH_MAXIMUM);
        draw_dotted(plot, QUANTITY_TARGET, GLYPH_TARGET);
        draw_reservation(plot);
        print_title(out, reading, plot);
        print_rows(out, plot, label_columns);
        print_axis(out, plot, label_columns);
        print_times(out, plot->axis, label_columns);
    }
    free(plot->cells);
    return whole && print_marks(out, plot, label_columns, there);
}

/* False: no memory; a part may have been drawn. */
static bool draw_all(
    FILE *out, const struct reading *reading, const struct run_series *run, const struct picture_paper *paper)
{
    const unsigned each_least = PLOT_ROWS_MIN + AROUND_ROWS;
    size_t shown, domain, count;
    unsigned label_columns = 0, each_rows, plot_columns;
    uint64_t *times;
    struct axis axis;
    struct plot plot;
    bool whole, there[NR_MARK_KINDS] = {false};
    const unsigned columns = paper->columns;
    unsigned rows = paper->rows;

    if (run->nr_domains > rows / each_least && rows > 0)
        rows--; /* for the line that says how many are left out */
    shown = rows < each_least ? 1 : rows / each_least;
    shown = shown < run->nr_domains ? shown : run->nr_domains;
    each_rows = rows / (unsigned)shown;
    each_rows = each_rows < each_least ? PLOT_ROWS_MIN : each_rows - AROUND_ROWS;
    for (domain = 0; domain < shown; domain++) {
        plot = (struct plot){.domain = &run->domains[domain]};
        choose_scale(&plot, each_rows);
        if (label_columns_of(&plot) > label_columns)
            label_columns = label_columns_of(&plot);
    }
    plot_columns =
        columns > label_columns + 2 + PLOT_COLUMNS_MIN ? columns - label_columns - 2 : PLOT_COLUMNS_MIN;
    times = times_of(run, shown, &count);
    whole = times != NULL && axis_make(&axis, times, count, plot_columns);
    for (domain = 0; domain < shown && whole; domain++) {
        plot = (struct plot){.domain = &run->domains[domain], .axis = &axis, .columns = plot_columns};
        choose_scale(&plot, each_rows);
        plot.glyphs = paper->ascii ? glyphs_ascii : glyphs_utf8;
        whole = draw(out, reading, &plot, label_columns, there);
        marks_free(&plot.marks);
    }
    free(times);
    print_legend(out, there, label_columns);
    if (shown < run->nr_domains)
        fprintf(out, "and %zu domains more\n", run->nr_domains - shown);
    return whole;
}

void text_picture(FILE *out, const struct reading *reading, const struct picture_paper *paper)
{
    struct run_series run;

    if (!run_series_read(&run, reading) || (run.nr_domains != 0 && !draw_all(out, reading, &run, paper)))
        fputs("no memory for the picture\n", out);
    run_series_free(&run);
}
