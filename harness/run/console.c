/* SPDX-License-Identifier: BSD-2-Clause */
/* Keeps guests' console lines, one behind the other, and looks for text in them. */
#include "harness/run/console.h"
#include "harness/run/conditions.h"
#include "harness/run/run.h"
#include "sim/array.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* A console line. Its text is in the console's one buffer, ended by NUL. */
struct line {
    unsigned domid;
    uint64_t event;
    size_t offset;
};

struct console {
    struct line *lines;
    size_t nr_lines, lines_room;
    char *text;
    size_t text_bytes, text_room;
};

struct console *console_new(void)
{
    return calloc(1, sizeof(struct console));
}

void console_free(struct console *console)
{
    if (console == NULL)
        return;
    free(console->lines);
    free(console->text);
    free(console);
}

void console_forget(struct console *console)
{
    console->nr_lines = 0;
    console->text_bytes = 0;
}

void console_see(struct runner *r, const struct record *record, uint64_t event)
{
    struct console *console = r->console;

    if (record->type != REC_LOG)
        return;
    const char *text = record_payload(record);
    const size_t bytes = strnlen(text, record->bytes - sizeof *record) + 1;
    if (!ARRAY_ONE_MORE(console->lines, console->lines_room, console->nr_lines) ||
        !ARRAY_ROOM(console->text, console->text_room, console->text_bytes, bytes)) {
        machine_lacks_memory(r->machine);
        return;
    }
    assert(console->nr_lines == 0 || console->lines[console->nr_lines - 1].event < event);
    memcpy(console->text + console->text_bytes, text, bytes - 1);
    console->text[console->text_bytes + bytes - 1] = 0;
    console->lines[console->nr_lines++] = (struct line){record->domid, event, console->text_bytes};
    console->text_bytes += bytes;
    assert(console->text_bytes <= console->text_room);
}

const char *console_last(
    const struct console *console, unsigned domid, uint64_t after_event, const struct value *wanted)
{
    for (size_t l = console->nr_lines; l > 0; l--) {
        const struct line *line = &console->lines[l - 1];
        if (line->event <= after_event)
            break;
        const char *text = console->text + line->offset;
        if (line->domid == domid && (wanted == NULL || conditions_match(wanted, text)))
            return text;
    }
    return NULL;
}

uint64_t console_count(
    const struct console *console, unsigned domid, uint64_t after_event, const struct value *wanted)
{
    uint64_t count = 0;

    for (size_t l = console->nr_lines; l > 0 && console->lines[l - 1].event > after_event; l--) {
        const struct line *line = &console->lines[l - 1];
        count += line->domid == domid && conditions_match(wanted, console->text + line->offset);
    }
    return count;
}
