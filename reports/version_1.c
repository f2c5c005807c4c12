/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Converts version 1 of the format to version 2. Version 1 had only words for what an expectation was about, and no
 * fields for what a statement or a command does; these are left as unknown, because no report needs them.
 */
#include "reports/version_1.h"

#include <assert.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "sim/invariants/list.h"
#include "sim/record/record.h"
#include "sim/types.h"

static const char *const invariants[NR_INVARIANTS] = {
#define X(id, name, holds) [INVARIANT_##id] = name,
    INVARIANTS(X)
#undef X
};

/* By how many bytes the payload of that type has grown since. */
static uint32_t grown_bytes(uint16_t type)
{
    if (type == REC_DOMAIN)
        return 8; /* a NUL and padding, for an empty description */
    if (type == REC_STATEMENT)
        return sizeof(struct record_statement);
    return type == REC_COMMAND ? sizeof(struct record_command) - sizeof(struct record_value) : 0;
}

/* The first word behind the time column of a line of the scenario; its end when it has none. */
static const char *keyword(const char *scenario, uint32_t line)
{
    for (; line > 1 && scenario != NULL; line--) {
        scenario = strchr(scenario, '\n');
        scenario = scenario == NULL ? NULL : scenario + 1;
    }
    if (scenario == NULL)
        return "";
    scenario += strspn(scenario, " \t");
    while (*scenario == '+' || *scenario == '@') {
        scenario += strcspn(scenario, " \t\r\n");
        scenario += strspn(scenario, " \t");
    }
    return scenario;
}

static bool is_always(const char *scenario, uint32_t line)
{
    const char *word = keyword(scenario, line);

    return strncmp(word, "always", 6) == 0 && (word[6] == '\0' || isspace((unsigned char)word[6]));
}

/* "NAME broken" */
static bool names_invariant(const char *wanted, uint16_t *invariant)
{
    for (unsigned i = 0; i < NR_INVARIANTS; i++) {
        const size_t bytes = strlen(invariants[i]);

        if (strncmp(wanted, invariants[i], bytes) == 0 && strcmp(wanted + bytes, " broken") == 0) {
            *invariant = (uint16_t)i;
            return true;
        }
    }
    return false;
}

static enum expect_about about(const char *scenario, uint32_t line, const char *wanted, uint16_t *invariant)
{
    if (strcmp(wanted, "accepted") == 0)
        return EXPECT_ACCEPTED;
    if (names_invariant(wanted, invariant))
        return EXPECT_VIOLATION;
    if (strncmp(wanted, "a crash", 7) == 0) {
        *invariant = INVARIANT_GUEST_CONTAINED;
        return EXPECT_CRASH;
    }
    if (is_always(scenario, line))
        return EXPECT_ALWAYS;
    if (strncmp(wanted, "-> ", 3) == 0)
        return EXPECT_STATUS;
    return strncmp(wanted, "refused \"", 9) == 0 ? EXPECT_REFUSED : EXPECT_CONDITION;
}

/* Writes the record as it would be written now, and returns its bytes. */
static uint32_t convert(char *to, const struct record *from, const char *scenario)
{
    const char *payload = record_payload(from);
    const uint32_t payload_bytes = from->bytes - (uint32_t)sizeof *from, grown = grown_bytes(from->type);
    struct record *record = (struct record *)(void *)to;
    struct record_command command = {.domid = DOMID_HOST};
    struct record_expect *expect = (struct record_expect *)(void *)(record + 1);

    *record = *from;
    record->bytes = from->bytes + grown;
    switch (from->type) {
    case REC_DOMAIN:
        memcpy(record + 1, payload, payload_bytes);
        memset((char *)(record + 1) + payload_bytes, 0, grown);
        break;
    case REC_STATEMENT:
        memset(record + 1, 0, grown);
        memcpy((char *)(record + 1) + grown, payload, payload_bytes);
        break;
    case REC_COMMAND:
        memcpy(&command.status, payload, sizeof command.status);
        if (from->domid != DOMID_HOST) {
            command.tool = COMMAND_IN_GUEST;
            command.domid = from->domid;
        }
        memcpy(record + 1, &command, sizeof command);
        memcpy((char *)(record + 1) + sizeof command, payload + sizeof command.status,
            payload_bytes - sizeof command.status);
        break;
    default:
        memcpy(record + 1, payload, payload_bytes);
        break;
    }
    if (from->type == REC_EXPECT) {
        expect->invariant = 0;
        expect->about = (uint16_t)about(scenario, from->line, (const char *)(expect + 1), &expect->invariant);
    }
    return record->bytes;
}

void *version_1_convert(const void *bytes, size_t count, size_t *converted_count)
{
    const char *at = bytes, *end = at + count, *scenario = "";
    const size_t head_bytes = sizeof(struct recording_head);
    size_t wanted = count, used = head_bytes;
    const struct record *record;
    char *converted;

    assert(count > head_bytes);
    for (const char *r = at + head_bytes; r < end; r += record->bytes) {
        record = (const struct record *)(const void *)r;
        wanted += grown_bytes(record->type);
        if (record->type == REC_SCENARIO)
            scenario = record_payload(record);
    }
    converted = malloc(wanted);
    if (converted == NULL)
        return NULL;
    memcpy(converted, bytes, head_bytes);
    for (const char *r = at + head_bytes; r < end; r += record->bytes) {
        record = (const struct record *)(const void *)r;
        used += convert(converted + used, record, scenario);
    }
    assert(used == wanted);
    *converted_count = used;
    return converted;
}
