/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Opens a recording. All of it is checked against sim/record/record.h before anything is used, so that the writers need
 * no checks of their own. The checks are about a record's form, not about what it means.
 */
#include "reports/reading.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "reports/version_1.h"
#include "reports/version_2.h"
#include "sim/array.h"

#define DOMID_FIRST_RESERVED 0x7ff0u /* Xen's: domids of domains are below it */
#define DOMID_ROOM           16      /* for "dom3" */
#define DESCRIBED_MAX        16u     /* so many kernels are described; nothing is known of later ones */

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "recordings are read where they lie");

/* A kernel as the recording describes it. */
struct described {
    const char *name;
    struct kernel *kernel;
};

struct reading {
    const unsigned char *bytes;
    void *converted; /* those bytes, if the recording is of an older version; else NULL */
    const struct recording_head *head;
    uint64_t events;
    size_t *offsets; /* of event n at [n - 1] */
    const char *scenario;
    size_t scenario_bytes;
    size_t *line_ends; /* where each line of it ends, the first at [0] */
    size_t nr_lines;
    bool includes; /* the text has more files than the scenario's own */
    int verdict;
    unsigned nr_domids;          /* one more than the largest that is mentioned */
    const char **names;          /* by domid; NULL: no REC_DOMAIN names it */
    char (*numbers)[DOMID_ROOM]; /* "dom3", for domids without a name */
    const char **kernels;        /* by domid: the name of its kernel; NULL: no REC_DOMAIN names it */
    uint64_t *delays;            /* the faults that make something come later, as event numbers */
    size_t nr_delays, delays_room;
    struct described described[DESCRIBED_MAX];
    size_t nr_described;
};

/* For each type of record, what follows its head. */
struct shape {
    uint32_t since;         /* the version with which it came; 0: there is no such type */
    uint32_t payload_bytes; /* fixed part */
    uint32_t entry_bytes;   /* of the list behind it; 0: no list */
    uint32_t texts;         /* texts behind it, each with its NUL */
};

static const struct shape shapes[NR_RECORD_TYPES] = {
    [REC_SCENARIO] = {1, 0, 0, 1},
    [REC_DOMAIN] = {1, sizeof(struct record_domain), 0, 2},
    [REC_DOMAIN_END] = {1, sizeof(struct record_value), 0, 0},
    [REC_STATEMENT] = {1, sizeof(struct record_statement), 0, 1},
    [REC_HYPERCALL] = {1, sizeof(struct record_hypercall), sizeof(uint32_t), 0},
    [REC_PAGE_TOUCH] = {1, 0, sizeof(struct record_touch), 0},
    [REC_PAGE_FREE] = {1, 0, sizeof(struct record_run), 0},
    [REC_PAGE_ALLOC] = {1, 0, sizeof(struct record_run), 0},
    [REC_NOTE] = {1, sizeof(struct record_note), 0, 0},
    [REC_LOG] = {1, 0, 0, 1},
    [REC_PANIC] = {1, 0, 0, 1},
    [REC_MISUSE] = {1, 0, 0, 1},
    [REC_CRASH] = {1, 0, 0, 1},
    [REC_XENSTORE] = {1, sizeof(struct record_xenstore), 0, 2},
    [REC_EVTCHN] = {1, sizeof(struct record_value), 0, 0},
    [REC_COMMAND] = {1, sizeof(struct record_command), 0, 2},
    [REC_FAULT] = {1, sizeof(struct record_fault), 0, 0},
    [REC_SCHEDULE] = {1, sizeof(struct record_value), 0, 0},
    [REC_REST] = {1, 0, 0, 0},
    [REC_NOT_AT_REST] = {1, 0, 0, 1},
    [REC_CHECKED] = {1, sizeof(struct record_checked), 0, 0},
    [REC_VIOLATION] = {1, sizeof(struct record_violation), 0, 1},
    [REC_EXPECT] = {1, sizeof(struct record_expect), 0, 2},
    [REC_VERDICT] = {1, sizeof(struct record_value), 0, 0},
    [REC_DIFFERENCE] = {1, 0, 0, 1},
    [REC_END] = {1, sizeof(struct record_value), 0, 0},
    [REC_REMARK] = {2, sizeof(struct record_remark), 0, 1},
};

/* The types that had another shape in versions 1 and 2. */
static const struct shape shape_1_of_domain = {1, sizeof(struct record_domain), 0, 1};
static const struct shape shape_1_of_statement = {1, 0, 0, 1};
static const struct shape shape_1_of_command = {1, sizeof(struct record_value), 0, 2};
static const struct shape shape_2_of_fault = {1, RECORD_FAULT_BYTES_2, 0, 0};

static const struct shape *shape_of(uint32_t version, uint16_t type)
{
    assert(type < NR_RECORD_TYPES);
    if (version <= 2 && type == REC_FAULT)
        return &shape_2_of_fault;
    if (version == 1 && type == REC_DOMAIN)
        return &shape_1_of_domain;
    if (version == 1 && type == REC_STATEMENT)
        return &shape_1_of_statement;
    return version == 1 && type == REC_COMMAND ? &shape_1_of_command : &shapes[type];
}

/* A recording that is being opened, and where to put the error message. */
struct opening {
    const unsigned char *bytes;
    size_t count;
    uint32_t version; /* of the format, once the head was read */
    char *error;
    size_t error_bytes;
};

__attribute__((format(printf, 2, 3))) static bool complain(
    const struct opening *opening, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(opening->error, opening->error_bytes, format, arguments);
    va_end(arguments);
    return false;
}

static bool complain_of_event(const struct opening *opening, uint64_t event, const char *what)
{
    return complain(opening, "damaged recording: event %" PRIu64 " %s", event, what);
}

/* ---- one record ------------------------------------------------------------------------------- */

static const char *behind_payload(const struct record *record, const struct shape *shape)
{
    return (const char *)(record + 1) + shape->payload_bytes;
}

const char *record_text(const struct record *record)
{
    assert(shapes[record->type].texts != 0);
    return behind_payload(record, &shapes[record->type]);
}

const char *record_second_text(const struct record *record)
{
    const char *first = record_text(record);

    assert(shapes[record->type].texts >= 2);
    return first + strlen(first) + 1;
}

const void *record_list(const struct record *record)
{
    assert(shapes[record->type].entry_bytes != 0);
    return behind_payload(record, &shapes[record->type]);
}

static bool texts_end(const struct record *record, const struct shape *shape, const char *end)
{
    const char *at = behind_payload(record, shape), *nul;
    uint32_t i;

    for (i = 0; i < shape->texts; i++) {
        nul = memchr(at, '\0', (size_t)(end - at));
        if (nul == NULL)
            return false;
        at = nul + 1;
    }
    for (nul = at; nul < end; nul++)
        if (*nul != '\0')
            return false;
    return end - at < 8;
}

/* Do payload, list or texts, and padding fill the record's bytes exactly? */
static bool check_filling(const struct opening *opening, const struct record *record, uint64_t event)
{
    const struct shape *shape = shape_of(opening->version, record->type);
    const char *start = (const char *)record, *end = start + record->bytes, *at;
    uint64_t filled_bytes = sizeof *record + shape->payload_bytes;

    if (record->bytes < filled_bytes)
        return complain_of_event(opening, event, "is too short for its type");
    if (record->count != 0 && shape->entry_bytes == 0)
        return complain_of_event(opening, event, "counts a list that its type does not have");
    if (shape->texts != 0)
        return texts_end(record, shape, end) ||
               complain_of_event(opening, event, "holds a text that does not end well");
    filled_bytes += (uint64_t)record->count * shape->entry_bytes;
    if (filled_bytes > record->bytes || record->bytes - filled_bytes >= 8)
        return complain_of_event(opening, event, "has not the size of its list");
    for (at = start + filled_bytes; at < end; at++)
        if (*at != '\0')
            return complain_of_event(opening, event, "is not padded with zeros");
    return true;
}

static bool check_fields(const struct opening *opening, const struct record *record, uint64_t event)
{
    const struct record_violation *violation = record_payload(record);
    const struct record_domain *domain = record_payload(record);

    if (record->domid >= DOMID_FIRST_RESERVED && record->domid != DOMID_HOST)
        return complain_of_event(opening, event, "names a domid that no domain can have");
    if (record->type == REC_DOMAIN) {
        if (record->domid == DOMID_HOST)
            return complain_of_event(opening, event, "builds a domain without a domid");
        if (memchr(domain->kernel, '\0', sizeof domain->kernel) == NULL)
            return complain_of_event(opening, event, "names a kernel without an end");
    }
    if (record->type == REC_VIOLATION && violation->cause_event > event)
        return complain_of_event(opening, event, "blames an event of its future");
    return true;
}

/* Checks the record at an offset, and returns it. The last record, and no other, must be REC_END. */
static const struct record *check_record(const struct opening *opening, size_t offset, uint64_t event)
{
    size_t left_bytes = opening->count - offset;
    const struct record *record = (const struct record *)(const void *)(opening->bytes + offset);
    bool last;

    assert(offset % 8 == 0 && offset <= opening->count);
    if (left_bytes < sizeof *record || record->bytes > left_bytes) {
        complain(opening, "cut short: the recording ends in the middle of event %" PRIu64, event);
        return NULL;
    }
    if (record->bytes < sizeof *record || record->bytes % 8 != 0) {
        complain_of_event(opening, event, "has an impossible size");
        return NULL;
    }
    if (record->type >= NR_RECORD_TYPES || shapes[record->type].since == 0 ||
        shapes[record->type].since > opening->version) {
        complain(opening,
            "damaged recording: event %" PRIu64 " is of type %u, which version %u does not have", event,
            record->type, opening->version);
        return NULL;
    }
    last = record->bytes == left_bytes;
    if (record->type == REC_END && !last) {
        complain(opening, "damaged recording: %zu bytes behind its end", left_bytes - record->bytes);
        return NULL;
    }
    if (record->type != REC_END && last) {
        complain(opening, "cut short: the recording stops behind event %" PRIu64 ", without its end", event);
        return NULL;
    }
    return check_filling(opening, record, event) && check_fields(opening, record, event) ? record : NULL;
}

/* ---- the whole -------------------------------------------------------------------------------- */

static bool check_head(struct opening *opening)
{
    const struct recording_head *head = (const struct recording_head *)(const void *)opening->bytes;

    if (opening->count < sizeof head->magic || memcmp(head->magic, RECORDING_MAGIC, sizeof head->magic) != 0)
        return complain(opening, "not a recording: it does not begin with %s", RECORDING_MAGIC);
    if ((uintptr_t)opening->bytes % _Alignof(struct recording_head) != 0)
        return complain(opening, "the recording was loaded to an address that is not a multiple of 8");
    if (opening->count < sizeof *head)
        return complain(opening, "cut short: the recording ends within its head");
    if (head->version < 1 || head->version > RECORDING_VERSION)
        return complain(opening, "written by version %" PRIu32 " of the format; this ballast reads 1 to %u",
            head->version, RECORDING_VERSION);
    opening->version = head->version;
    if (head->head_bytes != sizeof *head)
        return complain(opening,
            "damaged recording: its head says that it is %" PRIu32 " bytes long, not %zu", head->head_bytes,
            sizeof *head);
    if (memchr(head->name, '\0', sizeof head->name) == NULL)
        return complain(opening, "damaged recording: its name has no end");
    if (memchr(head->backend, '\0', sizeof head->backend) == NULL || head->backend[0] == '\0' ||
        head->backend[strspn(head->backend, "abcdefghijklmnopqrstuvwxyz")] != '\0')
        return complain(opening, "damaged recording: no backend has the name in its head");
    return true;
}

/* The checksum covers all that is before REC_END. REC_END itself is compared with the only one that is right. */
static bool check_end(const struct opening *opening, const struct record *end, uint64_t last_time_ns)
{
    size_t summed_bytes = opening->count - end->bytes;
    const struct record_value *sum = record_payload(end);

    assert(end->type == REC_END);
    if (end->domid != DOMID_HOST || end->line != 0 || end->time_ns != last_time_ns)
        return complain(opening, "damaged recording: its end is not as it was written");
    if (sum->value != XXH64(opening->bytes, summed_bytes, 0))
        return complain(opening, "damaged recording: its checksum does not fit its bytes");
    return true;
}

/* Counts the events and finds the largest domid; false when anything is wrong. */
static bool check_all(const struct opening *opening, uint64_t *events, unsigned *nr_domids)
{
    const struct record *record = NULL;
    unsigned scenarios = 0;
    uint64_t last_time_ns = 0;
    size_t offset;

    *events = 0;
    *nr_domids = 0;
    for (offset = sizeof(struct recording_head); offset < opening->count; offset += record->bytes) {
        record = check_record(opening, offset, *events + 1);
        if (record == NULL)
            return false;
        ++*events;
        last_time_ns = record->type != REC_END ? record->time_ns : last_time_ns;
        if (record->domid != DOMID_HOST && record->domid >= *nr_domids)
            *nr_domids = record->domid + 1u;
        scenarios += record->type == REC_SCENARIO;
        if (scenarios > 1)
            return complain_of_event(opening, *events, "is a second scenario");
    }
    if (record == NULL)
        return complain(opening, "cut short: the recording stops behind its head");
    return check_end(opening, record, last_time_ns);
}

/* A description that can't be read, as a later Ballast may write one, counts as none. False: there is no memory. */
static bool take_description(struct reading *reading, const struct record *record)
{
    const struct record_domain *domain = record_payload(record);
    const char *rows = record_second_text(record);
    struct described *described = &reading->described[reading->nr_described];
    char why[400] = "";

    if (*rows == '\0' || reading->nr_described == DESCRIBED_MAX)
        return true;
    described->name = domain->kernel;
    described->kernel = kernel_parse(rows, strlen(rows), why, sizeof why);
    reading->nr_described += described->kernel != NULL;
    return described->kernel != NULL || strncmp(why, KERNEL_NO_MEMORY, strlen(KERNEL_NO_MEMORY)) != 0;
}

/* Each failure shows a line, and there may be as many failures as lines. */
static bool find_lines(struct reading *reading)
{
    const char *const end = reading->scenario + reading->scenario_bytes, *at = reading->scenario;
    size_t count = 1;

    for (const char *c = at; (c = memchr(c, '\n', (size_t)(end - c))) != NULL; c++)
        count++;
    reading->line_ends = calloc(count, sizeof *reading->line_ends);
    if (reading->line_ends == NULL)
        return false;
    for (; (at = memchr(at, '\n', (size_t)(end - at))) != NULL; at++)
        reading->line_ends[reading->nr_lines++] = (size_t)(at - reading->scenario);
    if (reading->scenario_bytes > 0 && end[-1] != '\n')
        reading->line_ends[reading->nr_lines++] = reading->scenario_bytes;
    assert(reading->nr_lines <= count);
    reading->includes =
        scenario_place_of(reading->scenario, reading->scenario_bytes, (uint32_t)reading->nr_lines).name !=
        NULL;
    return true;
}

static bool index_record(struct reading *reading, const struct record *record, uint64_t event)
{
    const struct record_value *value;
    const struct record_fault *fault;

    switch (record->type) {
    case REC_SCENARIO:
        reading->scenario = record_text(record);
        reading->scenario_bytes = strlen(reading->scenario);
        return find_lines(reading);
    case REC_DOMAIN:
        assert(record->domid < reading->nr_domids);
        reading->names[record->domid] = record_text(record);
        reading->kernels[record->domid] = ((const struct record_domain *)record_payload(record))->kernel;
        return take_description(reading, record);
    case REC_FAULT:
        fault = record_payload(record);
        if (fault->by_ns == 0)
            return true;
        if (!ARRAY_ONE_MORE(reading->delays, reading->delays_room, reading->nr_delays))
            return false;
        reading->delays[reading->nr_delays++] = event;
        return true;
    case REC_VERDICT:
        value = record_payload(record);
        reading->verdict = value->value <= INT8_MAX ? (int)value->value : -1;
        break;
    default:
        break;
    }
    return true;
}

static struct reading *no_memory(const struct opening *opening, uint64_t events)
{
    complain(opening, "no memory to read a recording of %" PRIu64 " events", events);
    return NULL;
}

/* Makes of a recording of an older version one of the present. False: no memory. */
static bool convert(struct reading *reading, uint32_t version, const void **bytes, size_t *count)
{
    void *of_2 = NULL;

    if (version == RECORDING_VERSION)
        return true;
    if (version == 1) {
        of_2 = version_1_convert(*bytes, *count, count);
        if (of_2 == NULL)
            return false;
    }
    reading->converted = version_2_convert(of_2 != NULL ? of_2 : *bytes, *count, count);
    free(of_2);
    *bytes = reading->converted;
    return reading->converted != NULL;
}

struct reading *reading_open(const void *bytes, size_t count, char *error, size_t error_bytes)
{
    struct opening opening = {.bytes = bytes, .count = count, .error = error, .error_bytes = error_bytes};
    const struct record *record;
    struct reading *reading;
    size_t offset = sizeof(struct recording_head);
    unsigned nr_domids, i;
    uint64_t events, event;

    if (!check_head(&opening) || !check_all(&opening, &events, &nr_domids))
        return NULL;
    reading = calloc(1, sizeof *reading);
    if (reading != NULL) {
        reading->offsets = calloc(events, sizeof *reading->offsets);
        reading->names = calloc(nr_domids + 1u, sizeof *reading->names);
        reading->numbers = calloc(nr_domids + 1u, sizeof *reading->numbers);
        reading->kernels = calloc(nr_domids + 1u, sizeof *reading->kernels);
    }
    if (reading == NULL || reading->offsets == NULL || reading->names == NULL || reading->numbers == NULL ||
        reading->kernels == NULL || !convert(reading, opening.version, &bytes, &count)) {
        reading_close(reading);
        return no_memory(&opening, events);
    }
    reading->bytes = bytes;
    reading->head = bytes;
    reading->events = events;
    reading->nr_domids = nr_domids;
    reading->scenario = "";
    reading->verdict = -1;
    for (i = 0; i < nr_domids; i++)
        snprintf(reading->numbers[i], sizeof reading->numbers[i], "dom%u", i);
    for (event = 1; event <= events; event++) {
        reading->offsets[event - 1] = offset;
        record = reading_event(reading, event);
        if (!index_record(reading, record, event)) {
            reading_close(reading);
            return no_memory(&opening, events);
        }
        offset += record->bytes;
    }
    assert(offset == count);
    return reading;
}

void reading_close(struct reading *reading)
{
    if (reading == NULL)
        return;
    free(reading->converted);
    free(reading->offsets);
    free(reading->line_ends);
    free(reading->names);
    free(reading->numbers);
    free(reading->delays);
    free(reading->kernels);
    for (size_t i = 0; i < reading->nr_described; i++)
        kernel_free(reading->described[i].kernel);
    free(reading);
}

/* ---- what it holds ---------------------------------------------------------------------------- */

const struct recording_head *reading_head(const struct reading *reading)
{
    return reading->head;
}

uint64_t reading_events(const struct reading *reading)
{
    return reading->events;
}

const struct record *reading_event(const struct reading *reading, uint64_t event)
{
    if (event == 0 || event > reading->events)
        return NULL;
    return (const struct record *)(const void *)(reading->bytes + reading->offsets[event - 1]);
}

const char *reading_scenario(const struct reading *reading, size_t *bytes)
{
    if (bytes != NULL)
        *bytes = reading->scenario_bytes;
    return reading->scenario;
}

size_t reading_delays(const struct reading *reading, const uint64_t **events)
{
    *events = reading->delays;
    return reading->nr_delays;
}

const char *reading_domain_name(const struct reading *reading, unsigned domid)
{
    if (domid == DOMID_HOST)
        return "host";
    if (domid >= reading->nr_domids)
        return "dom?";
    return reading->names[domid] != NULL ? reading->names[domid] : reading->numbers[domid];
}

const struct kernel *reading_kernel(const struct reading *reading, unsigned domid)
{
    if (domid >= reading->nr_domids || reading->kernels[domid] == NULL)
        return NULL;
    for (size_t i = 0; i < reading->nr_described; i++)
        if (strcmp(reading->described[i].name, reading->kernels[domid]) == 0)
            return reading->described[i].kernel;
    return NULL;
}

const char *reading_line(const struct reading *reading, uint32_t line, size_t *bytes)
{
    if (line == 0 || line > reading->nr_lines)
        return NULL;
    const size_t start = line == 1 ? 0 : reading->line_ends[line - 2] + 1;
    *bytes = reading->line_ends[line - 1] - start;
    return reading->scenario + start;
}

struct scenario_place reading_place(const struct reading *reading, uint32_t line)
{
    if (!reading->includes || line == 0)
        return (struct scenario_place){.line = line};
    return scenario_place_of(reading->scenario, reading->scenario_bytes, line);
}

/* It stands behind the scenario's text, before anything happens. */
uint64_t reading_schedule_seed(const struct reading *reading)
{
    const struct record *record = reading_event(reading, 2);

    if (record == NULL || record->type != REC_SCHEDULE || record->domid != DOMID_HOST)
        return 0;
    return ((const struct record_value *)record_payload(record))->value;
}

int reading_verdict(const struct reading *reading)
{
    return reading->verdict;
}
