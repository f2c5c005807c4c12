/* SPDX-License-Identifier: BSD-2-Clause */
/* The agent's loop, and the look-up of a word in a kernel's table. It has no thread of its own. */
#include "guest/lib/agent.h"
#include "guest/abi/port.h"
#include "guest/lib/assert.h"
#include "guest/lib/debug_port.h"
#include "guest/lib/string.h"

int agent_run(const struct agent_word *table, size_t words, struct output *out, const char *line)
{
    char word[32];
    const char *args = text_word(line, word, sizeof word);

    for (size_t i = 0; i < words; i++) {
        if (strcmp(word, table[i].word) == 0)
            return table[i].run(out, args);
    }
    output_printf(out, "%s: not found\n", word);
    return AGENT_NOT_FOUND;
}

static void serve_line(const struct agent *agent)
{
    struct output out = {.text = agent->text, .room = agent->text_bytes};
    int status = agent->run(&out, agent->line);

    ASSERT(out.bytes < out.room);
    (void)port_call(PORT_REPLY, (unsigned long)status, (unsigned long)out.text, out.bytes, 0);
}

void agent_serve(const struct agent *agent)
{
    for (;;) {
        long bytes = port_call(PORT_COMMAND, (unsigned long)agent->line, agent->line_bytes - 1, 0, 0);

        if (bytes <= 0) {
            agent->wait();
            continue;
        }
        ASSERT((size_t)bytes < agent->line_bytes);
        agent->line[bytes] = '\0';
        serve_line(agent);
    }
}
