/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * For the tests of this room: recordings built record by record, and what a writer prints about them as
 * one string. It is included by tests only.
 */
#ifndef REPORTS_RECORDING_FOR_TESTS_H
#define REPORTS_RECORDING_FOR_TESTS_H

#define __XEN_TOOLS__ 1 /* the interface of today, not of 2005 */

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>
#include <xen/xen.h>
#include <xen/memory.h>
#include <xen/io/xs_wire.h>

#include "guest/abi/port.h"
#include "sim/invariants/list.h"
#include "reports/reading.h"
#include "reports/text_style.h"
#include "sim/fault.h"
#include "sim/record/recorder.h"

#define MS UINT64_C(1000000)

/* One recording at a time, begun by the fixture begin_recording, and what reads it. */
static struct recorder *rec;
static struct reading *reading;
static FILE *out;
static char *printed;
static size_t printed_bytes;

static inline void begin_recording(void)
{
    rec = recorder_new();
    ck_assert_ptr_nonnull(rec);
    recorder_begin(rec, "grow.scn", "sim", 1);
    reading = NULL;
    printed = NULL;
    out = open_memstream(&printed, &printed_bytes);
    ck_assert_ptr_nonnull(out);
}

static inline void drop_recording(void)
{
    fclose(out);
    free(printed);
    reading_close(reading);
    recorder_free(rec);
}

static inline struct reading *finish_recording(void)
{
    char error[200];
    size_t bytes;
    const void *recording = recorder_finish(rec, &bytes);

    reading = reading_open(recording, bytes, error, sizeof error);
    ck_assert_msg(reading != NULL, "%s", error);
    return reading;
}

/* What was recorded, with the number and the checksum of a recording of that version of the format. Freed by the caller. */
static inline void *bytes_of_version(uint32_t version, size_t *count)
{
    const void *finished = recorder_finish(rec, count);
    const size_t sum_bytes = sizeof(struct record) + sizeof(struct record_value);
    char *bytes = malloc(*count);
    struct record_value sum;

    ck_assert_ptr_nonnull(bytes);
    memcpy(bytes, finished, *count);
    ((struct recording_head *)(void *)bytes)->version = version;
    sum.value = XXH64(bytes, *count - sum_bytes, 0);
    memcpy(bytes + *count - sizeof sum, &sum, sizeof sum);
    return bytes;
}

/* All that was printed since the last time; compared whole. */
static inline void ck_printed(const char *wanted)
{
    fflush(out);
    ck_assert_msg(printed_bytes == strlen(wanted) && memcmp(printed, wanted, printed_bytes) == 0,
        "printed:\n%.*s\nwanted:\n%s", (int)printed_bytes, printed, wanted);
    rewind(out);
}

static inline uint64_t add_text(enum record_type type, unsigned domid, uint64_t time_ns, const char *text)
{
    return recorder_append_text(rec, type, domid, time_ns, text, strlen(text));
}

static inline uint64_t add_value(enum record_type type, unsigned domid, uint64_t time_ns, uint64_t value)
{
    struct record_value payload = {value};

    return recorder_append(rec, type, domid, time_ns, &payload, sizeof payload, NULL, 0, 0);
}

static inline uint64_t add_plain(enum record_type type, uint64_t time_ns)
{
    return recorder_append(rec, type, DOMID_HOST, time_ns, NULL, 0, NULL, 0, 0);
}

/* A payload with two texts behind it. */
static inline uint64_t add_texts(enum record_type type, unsigned domid, uint64_t time_ns, const void *payload,
    size_t payload_bytes, const char *first, const char *second)
{
    char both[1024];
    size_t first_bytes = strlen(first) + 1, second_bytes = strlen(second) + 1;

    ck_assert_uint_le(first_bytes + second_bytes, sizeof both);
    memcpy(both, first, first_bytes);
    memcpy(both + first_bytes, second, second_bytes);
    return recorder_append(
        rec, type, domid, time_ns, payload, payload_bytes, both, 1, first_bytes + second_bytes);
}

/* What the domains' kernel says of itself. */
#define KERNEL_OF_TESTS \
    "family testix\nversion 1\nabout tests\nimage 1 1\n" \
    "site section_add interface pages ends=plug | false | it may fail\n" \
    "function plug section_add\nfunction unplug section_remove\n"

static inline uint64_t add_domain(
    unsigned domid, const char *name, uint64_t memory_pages, uint64_t maxmem_pages)
{
    struct record_domain domain = {.memory_pages = memory_pages,
        .maxmem_pages = maxmem_pages,
        .p2m_entries = maxmem_pages,
        .image_pages = 1024,
        .overhead_pages = 21,
        .kernel = "testix"};

    return add_texts(REC_DOMAIN, domid, 0, &domain, sizeof domain, name, KERNEL_OF_TESTS);
}

static inline uint64_t add_reservation(unsigned domid, uint64_t time_ns, unsigned subop, int64_t done,
    uint64_t reservation_pages, uint64_t maximum_pages)
{
    static const uint32_t frames[512];
    struct record_hypercall call = {.op = __HYPERVISOR_memory_op,
        .subop = subop,
        .ret = done,
        .asked = 512,
        .reservation_pages = reservation_pages,
        .maximum_pages = maximum_pages,
        .host_free_pages = 98304};

    ck_assert_int_le(done, 512);
    return recorder_append(rec, REC_HYPERCALL, domid, time_ns, &call, sizeof call, frames, sizeof frames[0],
        done > 0 ? (size_t)done : 0);
}

static inline uint64_t add_target(unsigned domid, uint64_t time_ns, uint64_t kib)
{
    struct record_xenstore write = {.op = XS_WRITE};
    char path[64], value[24];

    snprintf(path, sizeof path, "/local/domain/%u/memory/target", domid);
    snprintf(value, sizeof value, "%llu", (unsigned long long)kib);
    return add_texts(REC_XENSTORE, domid, time_ns, &write, sizeof write, path, value);
}

static inline uint64_t add_note(
    unsigned domid, uint64_t time_ns, enum port_note note, uint64_t a, uint64_t b, uint64_t c)
{
    struct record_note payload = {.note = note, .a = a, .b = b, .c = c};

    return recorder_append(rec, REC_NOTE, domid, time_ns, &payload, sizeof payload, NULL, 0, 0);
}

static inline uint64_t add_fault(unsigned domid, uint64_t time_ns, enum fault_site site, enum fault_when when,
    uint64_t nth, uint64_t pfn, uint64_t pages, int error)
{
    struct record_fault payload = {
        .site = site, .when = when, .nth = nth, .pfn = pfn, .pages = pages, .error = error};

    return recorder_append(rec, REC_FAULT, domid, time_ns, &payload, sizeof payload, NULL, 0, 0);
}

static inline uint64_t add_violation(
    unsigned domid, uint64_t time_ns, enum invariant invariant, uint64_t cause, const char *text)
{
    struct record_violation payload = {.invariant = invariant, .cause_event = cause};

    return recorder_append(
        rec, REC_VIOLATION, domid, time_ns, &payload, sizeof payload, text, 1, strlen(text) + 1);
}

static inline uint64_t add_expect(uint64_t time_ns, enum expect_about about, bool ok, uint32_t column,
    uint32_t length, const char *wanted, const char *seen)
{
    struct record_expect payload = {.ok = ok, .column = column, .length = length, .about = (uint16_t)about};

    return add_texts(REC_EXPECT, DOMID_HOST, time_ns, &payload, sizeof payload, wanted, seen);
}

static inline uint64_t add_expect_waiver_of(uint16_t domid, uint64_t time_ns, enum expect_about about,
    bool ok, enum invariant invariant, uint32_t column, uint32_t length)
{
    struct record_expect payload = {.ok = ok,
        .column = column,
        .length = length,
        .about = (uint16_t)about,
        .invariant = (uint16_t)invariant};

    return add_texts(REC_EXPECT, domid, time_ns, &payload, sizeof payload, "it is broken",
        ok ? "broken 1 times" : "it holds");
}

static inline uint64_t add_expect_waiver(uint64_t time_ns, enum expect_about about, bool ok,
    enum invariant invariant, uint32_t column, uint32_t length)
{
    return add_expect_waiver_of(DOMID_HOST, time_ns, about, ok, invariant, column, length);
}

#endif
