/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * xm, the toolstack before xl: its table of sub-commands. It is here for drivers and bug reports of its time; only what
 * is known for certain about it is modelled.
 */
#include "sim/toolstack/xm.h"

#include <assert.h>
#include <string.h>

#include "sim/toolstack/xl.h"

static const struct {
    const char *name;
    int (*run)(struct command *);
} subcommands[] = {
    {"info", xl_info},
    {"list", xl_list},
    {"mem-max", xm_mem_max},
    {"mem-set", xm_mem_set},
};

int xm_run(struct command *c)
{
    assert(c->argc >= 1);
    if (c->argc < 2) {
        say(c, "Usage: xm <subcommand> [args]\n");
        return EXIT_FAIL;
    }
    c->argv++;
    c->argc--;
    for (size_t i = 0; i < sizeof(subcommands) / sizeof(subcommands[0]); i++)
        if (strcmp(subcommands[i].name, c->argv[0]) == 0)
            return subcommands[i].run(c);
    say(c, "Error: Subcommand %s not found!\n", c->argv[0]);
    return EXIT_FAIL;
}
