/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * xl: its table of sub-commands, its own options and its help. What they do stands elsewhere.
 */
#include "sim/toolstack/toolstack_internal.h"

#include <assert.h>
#include <string.h>

#define SIZE_USAGE "<Domain> <MemMB['b'[bytes]|'k'[KB]|'m'[MB]|'g'[GB]|'t'[TB]]>"

/* Names and texts as in xl_cmdtable.c. */
static const struct subcommand subcommands[] = {
    {"create", xl_create, "<ConfigFile> [options] [vars]", "Create a domain from config file <filename>",
        true, true},
    {"destroy", xl_destroy, "[options] <Domain>", "Terminate a domain immediately", true, false},
    {"pause", xl_pause, "<Domain>", "Pause execution of a domain", true, false},
    {"unpause", xl_unpause, "<Domain>", "Unpause a paused domain", true, false},
    {"shutdown", xl_shutdown, "[options] <-a|Domain>", "Issue a shutdown signal to a domain", true, false},
    {"reboot", xl_reboot, "[options] <-a|Domain>", "Issue a reboot signal to a domain", true, false},
    {"save", xl_save, "[options] <Domain> <CheckpointFile> [<ConfigFile>]",
        "Save a domain state to restore later", true, false},
    {"restore", xl_restore, "[options] [<ConfigFile>] <CheckpointFile>",
        "Restore a domain from a saved state", true, false},
    {"list", xl_list, "[options] [Domain]\n", "List information about all/some domains", false, false},
    {"domid", xl_domid, "<DomainName>", "Convert a domain name to domain id", false, false},
    {"domname", xl_domname, "<DomainId>", "Convert a domain id to domain name", false, false},
    {"info", xl_info, "", "Get information about Xen host", false, false},
    {"mem-max", xl_mem_max, SIZE_USAGE, "Set the maximum amount reservation for a domain", true, false},
    {"mem-set", xl_mem_set, SIZE_USAGE, "Set the current memory usage for a domain", true, false},
};

static const struct subcommand *find(const char *name)
{
    for (size_t i = 0; i < sizeof(subcommands) / sizeof(subcommands[0]); i++)
        if (strcmp(subcommands[i].name, name) == 0)
            return &subcommands[i];
    return NULL;
}

static void help(struct command *c, const char *name)
{
    const struct subcommand *s = name == NULL ? NULL : find(name);

    if (name == NULL || strcmp(name, "help") == 0) {
        say(c, "Usage xl [-vfNtT] <subcommand> [args]\n\nxl full list of subcommands:\n\n");
        for (size_t i = 0; i < sizeof(subcommands) / sizeof(subcommands[0]); i++)
            say(c, " %-19s %s\n", subcommands[i].name, subcommands[i].description);
    } else if (s == NULL) {
        say(c, "command \"%s\" not implemented\n", name);
    } else {
        say(c, "Usage: xl [-vtT%s%s] %s %s\n\n%s.\n\n", s->modifies ? "f" : "", s->can_dryrun ? "N" : "",
            s->name, s->usage, s->description);
    }
}

int xl_usage(struct command *c, const char *name, int required)
{
    if (required > 0)
        say(c, "'xl %s' requires at least %d argument%s.\n\n", name, required, required > 1 ? "s" : "");
    help(c, name);
    return EXIT_USAGE;
}

/* xl's own options stand before the sub-command. False: one it doesn't have. */
static bool global_options(struct command *c, int *at, bool *dryrun)
{
    for (; *at < c->argc && c->argv[*at][0] == '-' && c->argv[*at][1] != '\0'; ++*at) {
        if (strcmp(c->argv[*at], "--") == 0) {
            ++*at;
            return true;
        }
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
    const struct subcommand *s;
    bool dryrun = false;
    int at = 1;

    assert(c->argc >= 1);
    if (!global_options(c, &at, &dryrun))
        return EXIT_FAIL;
    if (at >= c->argc) {
        help(c, NULL);
        return EXIT_FAIL;
    }
    c->argv += at;
    c->argc -= at;
    s = find(c->argv[0]);
    if (s == NULL && strcmp(c->argv[0], "help") == 0) {
        help(c, c->argc > 1 ? c->argv[1] : NULL);
        return EXIT_OK;
    }
    if (s == NULL) {
        say(c, "command not implemented\n");
        return EXIT_FAIL;
    }
    if (dryrun && !s->can_dryrun) {
        say(c, "command does not implement -N (dryrun) option\n");
        return EXIT_FAIL;
    }
    for (int i = 1; i < c->argc && s->run != NULL; i++) {
        if (strcmp(c->argv[i], "--") == 0)
            break;
        if (strcmp(c->argv[i], "-h") == 0 || strcmp(c->argv[i], "--help") == 0) {
            help(c, s->name);
            return EXIT_OK;
        }
    }
    assert(s->run != NULL);
    return s->run(c);
}
