/* SPDX-License-Identifier: BSD-2-Clause */
/* Makes slices, instants and counters of records. Their times are virtual, in microseconds, as the format wants. */
#include "reports/trace.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <xen/xen.h>

#include "guest/abi/port.h"
#include "reports/json_value.h"
#include "reports/names.h"
#include "reports/results.h"
#include "reports/series.h"
#include "reports/text_event.h"
#include "reports/text_place.h"

#define THREADS_MAX       64u /* of all domains; what more there is shares the last one's track */
#define THREAD_NAME_BYTES 64u

/* Tracks of a process; the threads' come behind them. */
enum track {
    TRACK_VCPU = 1,
    TRACK_HYPERCALLS,
    TRACK_PLUGS,
    TRACK_STORE,
    TRACK_CONSOLE,
    TRACK_MARKS,
    TRACK_FIRST_THREAD
};

/* A thread of a guest's kernel is known by the function that its calls come from at last. */
struct thread {
    unsigned domid;
    char name[THREAD_NAME_BYTES];
};

/* What one thread did without another in between. */
struct turn {
    bool begun;
    unsigned domid;
    size_t thread;
    uint64_t from_ns, to_ns;
};

struct trace {
    FILE *out;
    const struct reading *reading;
    const struct text_style *style;
    const char *before;
    struct thread threads[THREADS_MAX];
    size_t nr_threads;
    struct turn turn;
    uint64_t plug_event; /* that began and has not ended; 0: none */
    bool failed;
};

/* ---- writing ---------------------------------------------------------------------------------- */

static void put_bytes(struct trace *trace, const char *name, const char *text, size_t bytes)
{
    char *clean = clean_text(text, bytes);
    json_t *value = clean != NULL ? json_string(clean) : NULL;

    fprintf(trace->out, "\"%s\": ", name);
    if (value == NULL || json_dumpf(value, trace->out, JSON_ENCODE_ANY) != 0) {
        fputs("\"\"", trace->out);
        trace->failed = true;
    }
    json_decref(value);
    free(clean);
}

static void put_text(struct trace *trace, const char *name, const char *text)
{
    put_bytes(trace, name, text, strlen(text));
}

static void put_time(struct trace *trace, const char *name, uint64_t ns)
{
    fprintf(trace->out, ", \"%s\": %" PRIu64 ".%03u", name, ns / 1000, (unsigned)(ns % 1000));
}

/* The members that every event has. */
static void begin_event(struct trace *trace, char phase, unsigned domid, size_t track, const char *name)
{
    fprintf(trace->out, "%s{\"ph\": \"%c\", \"pid\": %u, \"tid\": %zu, ", trace->before, phase, domid, track);
    put_text(trace, "name", name);
    trace->before = ",\n";
}

/* What the event is, in words, with its number, and its place where that is known. */
static void end_event(struct trace *trace, uint64_t event)
{
    const char *place = text_place(trace->reading, event, trace->style);
    const struct record *record = reading_event(trace->reading, event);
    const struct scenario_place at = reading_place(trace->reading, record->line);
    char *text = text_description(trace->reading, event);

    trace->failed = trace->failed || text == NULL;
    fprintf(trace->out, ", \"args\": {\"event\": %" PRIu64 ", \"line\": %" PRIu32 ", ", event, at.line);
    if (at.name != NULL) {
        put_bytes(trace, "file", at.name, at.name_bytes);
        fputs(", ", trace->out);
    }
    put_text(trace, "text", text != NULL ? text : "");
    if (place != NULL) {
        fputs(", ", trace->out);
        put_text(trace, "place", place);
    }
    fputs("}}", trace->out);
    free(text);
}

static void put_slice(
    struct trace *trace, unsigned domid, size_t track, const char *name, uint64_t from_ns, uint64_t event)
{
    const uint64_t to_ns = reading_event(trace->reading, event)->time_ns;

    begin_event(trace, 'X', domid, track, name);
    put_time(trace, "ts", from_ns < to_ns ? from_ns : to_ns);
    put_time(trace, "dur", from_ns < to_ns ? to_ns - from_ns : 0);
    end_event(trace, event);
}

static void put_instant(struct trace *trace, size_t track, const char *name, uint64_t event)
{
    const struct record *record = reading_event(trace->reading, event);

    begin_event(trace, 'i', record->domid, track, name);
    put_time(trace, "ts", record->time_ns);
    fputs(", \"s\": \"t\"", trace->out);
    end_event(trace, event);
}

static void put_name(struct trace *trace, const char *what, unsigned domid, size_t track, const char *name)
{
    begin_event(trace, 'M', domid, track, what);
    fputs(", \"args\": {", trace->out);
    put_text(trace, "name", name);
    fputs("}}", trace->out);
}

/* ---- threads ---------------------------------------------------------------------------------- */

/* "balloon_thread" of "balloon.c:699 (balloon_thread)", the outermost caller. False: it is not known. */
static bool name_thread(struct trace *trace, uint64_t event, char name[static THREAD_NAME_BYTES])
{
    const struct text_style *style = trace->style;
    const char *frames = style->backtrace != NULL ? style->backtrace(style->place_context, event) : NULL;
    const char *tab = frames != NULL ? strrchr(frames, '\t') : NULL;
    const char *outermost = tab != NULL ? tab + 1 : frames;
    const char *open = outermost != NULL ? strrchr(outermost, '(') : NULL;

    if (open == NULL)
        return false;
    snprintf(name, THREAD_NAME_BYTES, "%.*s", (int)strcspn(open + 1, ")"), open + 1);
    return true;
}

/* Its number; a new one has its track named. */
static size_t thread_of(struct trace *trace, unsigned domid, const char *name)
{
    for (size_t t = 0; t < trace->nr_threads; t++)
        if (trace->threads[t].domid == domid && strcmp(trace->threads[t].name, name) == 0)
            return t;
    if (trace->nr_threads == THREADS_MAX)
        return THREADS_MAX - 1;
    struct thread *thread = &trace->threads[trace->nr_threads];
    thread->domid = domid;
    snprintf(thread->name, sizeof thread->name, "%s", name);
    put_name(trace, "thread_name", domid, TRACK_FIRST_THREAD + trace->nr_threads, name);
    return trace->nr_threads++;
}

/* On the vcpu's track it stands under the thread's name. */
static void end_turn(struct trace *trace)
{
    const struct turn *turn = &trace->turn;

    if (!turn->begun)
        return;
    begin_event(trace, 'X', turn->domid, TRACK_VCPU, trace->threads[turn->thread].name);
    put_time(trace, "ts", turn->from_ns);
    put_time(trace, "dur", turn->to_ns - turn->from_ns);
    fputs("}", trace->out);
    trace->turn.begun = false;
}

static void take_turn(struct trace *trace, unsigned domid, size_t thread, uint64_t time_ns)
{
    struct turn *turn = &trace->turn;

    if (turn->begun && turn->domid == domid && turn->thread == thread) {
        turn->to_ns = time_ns > turn->to_ns ? time_ns : turn->to_ns;
        return;
    }
    end_turn(trace);
    *turn =
        (struct turn){.begun = true, .domid = domid, .thread = thread, .from_ns = time_ns, .to_ns = time_ns};
}

/* ---- records ---------------------------------------------------------------------------------- */

/* When a call began is not recorded: if the domain's last event is the one before, it was then, or later. */
static uint64_t begin_of_call(const struct reading *reading, uint64_t event)
{
    const struct record *record = reading_event(reading, event),
                        *last = event > 1 ? reading_event(reading, event - 1) : record;
    const struct record_note *note = record_payload(last);

    if (last->domid != record->domid || (last->type == REC_NOTE && note->note == NOTE_SLEEP))
        return record->time_ns;
    return last->time_ns;
}

static void put_note(struct trace *trace, uint64_t event)
{
    const struct record *record = reading_event(trace->reading, event);
    const struct record_note *note = record_payload(record);

    switch (note->note) {
    case NOTE_PLUG_BEGIN:
    case NOTE_UNPLUG_BEGIN:
        trace->plug_event = event;
        return;
    case NOTE_PLUG_END:
    case NOTE_UNPLUG_END:
        put_slice(trace, record->domid, TRACK_PLUGS, note->note == NOTE_PLUG_END ? "plug" : "unplug",
            trace->plug_event != 0 ? reading_event(trace->reading, trace->plug_event)->time_ns
                                   : record->time_ns,
            event);
        trace->plug_event = 0;
        return;
    case NOTE_SLEEP:
        end_turn(trace);
        return;
    default:
        return;
    }
}

static void put_record(struct trace *trace, uint64_t event)
{
    const struct record *record = reading_event(trace->reading, event);
    const struct record_hypercall *call = record_payload(record);
    char room[NAME_ROOM];

    switch (record->type) {
    case REC_HYPERCALL:
        put_slice(trace, record->domid, TRACK_HYPERCALLS, name_of_hypercall(call->op, call->subop, room),
            begin_of_call(trace->reading, event), event);
        return;
    case REC_NOTE:
        put_note(trace, event);
        return;
    case REC_XENSTORE:
    case REC_EVTCHN:
        put_instant(trace, TRACK_STORE, record->type == REC_EVTCHN ? "event channel" : "xenstore", event);
        return;
    case REC_LOG:
        put_instant(trace, TRACK_CONSOLE, "console", event);
        return;
    case REC_STATEMENT:
    case REC_COMMAND:
    case REC_FAULT:
    case REC_VIOLATION:
    case REC_EXPECT:
    case REC_PANIC:
    case REC_MISUSE:
    case REC_CRASH:
    case REC_REST:
    case REC_NOT_AT_REST:
    case REC_VERDICT:
    case REC_DIFFERENCE:
        put_instant(trace, TRACK_MARKS, name_of_record(record->type), event);
        return;
    default:
        return;
    }
}

static void put_records(struct trace *trace)
{
    char name[THREAD_NAME_BYTES];

    for (uint64_t event = 1; event <= reading_events(trace->reading); event++) {
        const struct record *record = reading_event(trace->reading, event);
        put_record(trace, event);
        if (!name_thread(trace, event, name))
            continue;
        const size_t thread = thread_of(trace, record->domid, name);
        take_turn(trace, record->domid, thread, record->time_ns);
        put_instant(trace, TRACK_FIRST_THREAD + thread, name_of_record(record->type), event);
    }
    end_turn(trace);
}

/* ---- processes and counters ------------------------------------------------------------------- */

static void put_counter(
    struct trace *trace, unsigned domid, const char *name, uint64_t time_ns, uint64_t pages)
{
    begin_event(trace, 'C', domid, 0, name);
    put_time(trace, "ts", time_ns);
    fprintf(trace->out, ", \"args\": {\"pages\": %" PRIu64 "}}", pages);
}

static void put_domain(struct trace *trace, const struct domain_series *domain)
{
    static const char *const names[] = {
        [QUANTITY_RESERVATION] = "reservation", [QUANTITY_TARGET] = "target", [QUANTITY_MAXIMUM] = "maximum"};
    static const char *const tracks[] = {[TRACK_VCPU] = "vcpu 0",
        [TRACK_HYPERCALLS] = "hypercalls",
        [TRACK_PLUGS] = "plug and unplug",
        [TRACK_STORE] = "xenstore and events",
        [TRACK_CONSOLE] = "console",
        [TRACK_MARKS] = "faults and failures"};

    put_name(trace, "process_name", domain->domid, 0, reading_domain_name(trace->reading, domain->domid));
    for (size_t t = TRACK_VCPU; t < TRACK_FIRST_THREAD; t++)
        put_name(trace, "thread_name", domain->domid, t, tracks[t]);
    for (size_t q = 0; q < NR_QUANTITIES; q++)
        for (size_t s = 0; s < domain->of[q].count; s++)
            put_counter(
                trace, domain->domid, names[q], domain->of[q].steps[s].time_ns, domain->of[q].steps[s].pages);
}

static void put_host(struct trace *trace)
{
    uint64_t last = UINT64_MAX;

    put_name(trace, "process_name", DOMID_HOST, 0, "host");
    put_name(trace, "thread_name", DOMID_HOST, TRACK_MARKS, "scenario");
    for (uint64_t event = 1; event <= reading_events(trace->reading); event++) {
        const struct record *record = reading_event(trace->reading, event);
        const struct record_hypercall *call = record_payload(record);
        if (record->type != REC_HYPERCALL || call->host_free_pages == last)
            continue;
        last = call->host_free_pages;
        put_counter(trace, DOMID_HOST, "free", record->time_ns, last);
    }
}

bool trace_print(FILE *out, const struct reading *reading, const struct text_style *style)
{
    struct trace trace = {.out = out, .reading = reading, .style = style, .before = "\n"};
    struct run_series run;

    assert(out != NULL && style != NULL);
    trace.failed = !run_series_read_every(&run, reading);
    fprintf(out,
        "{\"displayTimeUnit\": \"ns\", \"otherData\": {\"format\": \"ballast trace\", \"ballast\": \"%s\"}, "
        "\"traceEvents\": [",
        BALLAST_VERSION);
    put_host(&trace);
    for (size_t d = 0; d < run.nr_domains; d++)
        put_domain(&trace, &run.domains[d]);
    put_records(&trace);
    fputs("\n]}\n", out);
    run_series_free(&run);
    return !trace.failed;
}
