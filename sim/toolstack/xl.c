/* SPDX-License-Identifier: BSD-2-Clause */
/* xl: its own options, its help, and the call of a sub-command. xl_commands.h lists the sub-commands. */
#include "sim/toolstack/xl.h"

#include <assert.h>
#include <string.h>

#include "sim/toolstack/command_line.h"
#include "sim/toolstack/xl_arguments.h"

static int (*const run[NR_XL_COMMANDS])(struct command *) = {
#define X(id, name, usage, description, facts) [XL_COMMAND_##id] = xl_##id,
    XL_COMMANDS(X)
#undef X
};

/* Takes xl's own options, which stand before the sub-command. False: xl has no such option. */
static bool global_options(struct command *c, int *at, bool *dryrun)
{
    const int end = *at + xl_options_count(c->argc - *at, c->argv + *at);

    for (; *at < end; ++*at) {
        if (strcmp(c->argv[*at], "--") == 0)
            continue;
        for (const char *p = c->argv[*at] + 1; *p != '\0'; p++) {
            if (strchr("vftTN", *p) == NULL) {
                say(c, "unknown global option\n");
                return false;
            }
            *dryrun |= *p == 'N';
        }
    }
    return true;
}

int xl_run(struct command *c)
{
    const struct xl_command *s;
    bool dryrun = false;
    int at = 1;

    assert(c->argc >= 1);
    if (!global_options(c, &at, &dryrun))
        return EXIT_FAIL;
    if (at >= c->argc) {
        xl_help(c, NULL);
        return EXIT_FAIL;
    }
    c->argv += at;
    c->argc -= at;
    s = xl_command_find(c->argv[0]);
    if (s == NULL && strcmp(c->argv[0], "help") == 0) {
        xl_help(c, c->argc > 1 ? c->argv[1] : NULL);
        return EXIT_OK;
    }
    if (s == NULL) {
        say(c, "command not implemented\n");
        return EXIT_FAIL;
    }
    if (dryrun && !xl_command_is(s, XL_HAS_DRY_RUN)) {
        say(c, "command does not implement -N (dryrun) option\n");
        return EXIT_FAIL;
    }
    for (int i = 1; i < c->argc; i++) {
        if (strcmp(c->argv[i], "--") == 0)
            break;
        if (strcmp(c->argv[i], "-h") == 0 || strcmp(c->argv[i], "--help") == 0) {
            xl_help(c, s->name);
            return EXIT_OK;
        }
    }
    assert(run[s->id] != NULL);
    return run[s->id](c);
}
