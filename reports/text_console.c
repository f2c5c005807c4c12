/* SPDX-License-Identifier: BSD-2-Clause */
/* A guest's console as it was written, each line with its virtual time. */
#include "reports/text_console.h"

#include <inttypes.h>
#include <string.h>

#include "reports/text_clean.h"

static const char *console_prefix(const struct record *record)
{
    switch (record->type) {
    case REC_LOG:
        return "";
    case REC_PANIC:
        return "panic: ";
    case REC_MISUSE:
        return "misuse: ";
    default:
        return NULL;
    }
}

/* domain NULL: of all, with their names. containing NULL: every line. */
void text_console(FILE *out, const struct reading *reading, const char *domain, const char *containing)
{
    const struct record *record;
    const char *prefix, *name;
    uint64_t event;

    for (event = 1; event <= reading_events(reading); event++) {
        record = reading_event(reading, event);
        prefix = console_prefix(record);
        if (prefix == NULL)
            continue;
        name = reading_domain_name(reading, record->domid);
        if ((domain != NULL && strcmp(name, domain) != 0) ||
            (containing != NULL && strstr(record_text(record), containing) == NULL))
            continue;
        fprintf(out, "%4" PRIu64 ".%06" PRIu64 "  ", record->time_ns / 1000000000,
            record->time_ns % 1000000000 / 1000);
        if (domain == NULL) {
            text_clean(out, name, TEXT_SHORT_BYTES);
            fputs("  ", out);
        }
        fputs(prefix, out);
        text_clean(out, record_text(record), SIZE_MAX);
        fputc('\n', out);
    }
}
