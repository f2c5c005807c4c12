/* SPDX-License-Identifier: BSD-2-Clause */
/* The queue of held commands that wait. triggers.c does them. */
#include "harness/run/pending.h"
#include "sim/array.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct pending {
    struct pending_command *commands;
    size_t count, room;
};

struct pending *pending_new(void)
{
    return calloc(1, sizeof(struct pending));
}

void pending_free(struct pending *pending)
{
    if (pending != NULL)
        free(pending->commands);
    free(pending);
}

void pending_forget(struct pending *pending)
{
    pending->count = 0;
}

bool pending_add(struct pending *pending, const struct statement *statement, unsigned domid)
{
    assert(statement->body == NULL); /* a held statement holds none itself */
    if (!ARRAY_ONE_MORE(pending->commands, pending->room, pending->count))
        return false;
    pending->commands[pending->count++] = (struct pending_command){.statement = statement, .domid = domid};
    return true;
}

size_t pending_count(const struct pending *pending)
{
    return pending->count;
}

struct pending_command *pending_at(struct pending *pending, size_t i)
{
    assert(i < pending->count);
    return &pending->commands[i];
}

void pending_remove(struct pending *pending, size_t i)
{
    assert(i < pending->count);
    memmove(&pending->commands[i], &pending->commands[i + 1],
        (pending->count - i - 1) * sizeof pending->commands[i]);
    pending->count--;
}

bool pending_for(const struct pending *pending, unsigned domid)
{
    for (size_t i = 0; i < pending->count; i++)
        if (pending->commands[i].domid == domid)
            return true;
    return false;
}

const struct statement *pending_answered(struct pending *pending, unsigned domid)
{
    for (size_t i = 0; i < pending->count; i++) {
        const struct pending_command command = pending->commands[i];
        if (command.domid != domid || !command.given)
            continue;
        pending_remove(pending, i);
        return command.statement;
    }
    return NULL;
}
