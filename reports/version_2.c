/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Converts version 2 of the format to the present one. In version 2 the sites of a kernel had the numbers behind Xen's, of
 * which there were nine; now each kind has its own, and a new site of Xen's moves no other.
 */
#include "reports/version_2.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "guest/abi/sites.h"
#include "sim/record/record.h"

#define NR_FAULT_SITES_OF_XEN_2 9u

static const size_t grown_bytes = sizeof(struct record_fault) - RECORD_FAULT_BYTES_2;
static_assert(sizeof(struct record_fault) > RECORD_FAULT_BYTES_2, "a fault has grown since version 2");
static_assert((sizeof(struct record_fault) - RECORD_FAULT_BYTES_2) % 8 == 0, "and is a record as any");

static uint32_t convert_fault(char *to, const struct record *from)
{
    struct record *record = (struct record *)(void *)to;
    struct record_fault *fault = (struct record_fault *)(void *)(record + 1);

    assert(from->bytes == sizeof *from + RECORD_FAULT_BYTES_2);
    *record = *from;
    record->bytes += (uint32_t)grown_bytes;
    *fault = (struct record_fault){0};
    memcpy(fault, record_payload(from), RECORD_FAULT_BYTES_2);
    fault->port = 0; /* it was not used */
    if (fault->site >= NR_FAULT_SITES_OF_XEN_2 && fault->site < FAULT_SITES_MAX)
        fault->site += FAULT_SITE_OF_KERNEL - NR_FAULT_SITES_OF_XEN_2;
    return record->bytes;
}

void *version_2_convert(const void *bytes, size_t count, size_t *converted_count)
{
    const char *at = bytes, *end = at + count;
    const size_t head_bytes = sizeof(struct recording_head);
    size_t wanted = count, used = head_bytes;
    const struct record *record;
    char *converted;

    assert(count > head_bytes);
    for (const char *r = at + head_bytes; r < end; r += record->bytes) {
        record = (const struct record *)(const void *)r;
        wanted += record->type == REC_FAULT ? grown_bytes : 0;
    }
    converted = malloc(wanted);
    if (converted == NULL)
        return NULL;
    memcpy(converted, bytes, head_bytes);
    for (const char *r = at + head_bytes; r < end; r += record->bytes) {
        record = (const struct record *)(const void *)r;
        if (record->type == REC_FAULT) {
            used += convert_fault(converted + used, record);
        } else {
            memcpy(converted + used, record, record->bytes);
            used += record->bytes;
        }
    }
    assert(used == wanted);
    *converted_count = used;
    return converted;
}
