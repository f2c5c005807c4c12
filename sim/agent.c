/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Commands for the agent in a guest, on the side of the program that holds the machine (sim/machine.h). The guest takes
 * and answers one through the debug port (sim/hypercall/debug_port.c).
 */
#include <assert.h>
#include <string.h>

#include "sim/domain/domain.h"
#include "sim/evtchn.h"

bool domain_command(struct domain *d, const char *line)
{
    size_t bytes = strlen(line);
    assert(bytes > 0);
    if (d->state != DOMAIN_ALIVE || bytes >= COMMAND_BYTES || d->command_state == COMMAND_WAITING ||
        d->command_state == COMMAND_RUNNING)
        return false;
    memcpy(d->command, line, bytes + 1u);
    d->command_state = COMMAND_WAITING;
    if (d->agent_port != 0)
        evtchn_raise(d, d->agent_port);
    return true;
}

bool domain_command_done(const struct domain *d, int *status, const char **output)
{
    if (d->command_state != COMMAND_ANSWERED)
        return false;
    if (status != NULL)
        *status = d->answer_status;
    if (output != NULL)
        *output = d->answer + strlen(d->answer) + 1u;
    return true;
}
