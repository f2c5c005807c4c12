/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The table of xl's sub-commands. Whoever has to know something about a sub-command reads it here: xl itself
 * (sim/toolstack/xl.c), the parser of scenarios, the runner, the choice of where a scenario can run, and the
 * invariant that judges what xl has promised. A new sub-command is a row here and a function xl_ID in a file of
 * sim/toolstack/.
 *
 * Names, usages and descriptions are those of Xen 4.17's xl_cmdtable.c.
 */
#ifndef SIM_TOOLSTACK_XL_COMMANDS_H
#define SIM_TOOLSTACK_XL_COMMANDS_H

#include <stdbool.h>

#define XL_SIZE_USAGE "<Domain> <MemMB['b'[bytes]|'k'[KB]|'m'[MB]|'g'[GB]|'t'[TB]]>"

/* What is true of a sub-command. */
#define XL_MODIFIES     (1u << 0) /* it takes xl's own option -f, for it changes something */
#define XL_HAS_DRY_RUN  (1u << 1) /* it takes xl's own option -N */
#define XL_NAMES_DOMAIN (1u << 2) /* its first argument is a domain, which has to be there */
#define XL_TAKES_SIZE   (1u << 3) /* its second argument is an amount of memory */
#define XL_WANTS_QUIET  (1u << 4) /* it is not done while a guest is in the middle of a call */

/* X(ID, name, usage, description, what is true of it) */
#define XL_COMMANDS(X) \
    X(create, "create", "<ConfigFile> [options] [vars]", "Create a domain from config file <filename>", \
        XL_MODIFIES | XL_HAS_DRY_RUN | XL_WANTS_QUIET) \
    X(destroy, "destroy", "[options] <Domain>", "Terminate a domain immediately", \
        XL_MODIFIES | XL_NAMES_DOMAIN | XL_WANTS_QUIET) \
    X(pause, "pause", "<Domain>", "Pause execution of a domain", \
        XL_MODIFIES | XL_NAMES_DOMAIN | XL_WANTS_QUIET) \
    X(unpause, "unpause", "<Domain>", "Unpause a paused domain", \
        XL_MODIFIES | XL_NAMES_DOMAIN | XL_WANTS_QUIET) \
    X(shutdown, "shutdown", "[options] <-a|Domain>", "Issue a shutdown signal to a domain", \
        XL_MODIFIES | XL_NAMES_DOMAIN) \
    X(reboot, "reboot", "[options] <-a|Domain>", "Issue a reboot signal to a domain", \
        XL_MODIFIES | XL_NAMES_DOMAIN) \
    X(save, "save", "[options] <Domain> <CheckpointFile> [<ConfigFile>]", \
        "Save a domain state to restore later", XL_MODIFIES | XL_NAMES_DOMAIN) \
    X(restore, "restore", "[options] [<ConfigFile>] <CheckpointFile>", \
        "Restore a domain from a saved state", XL_MODIFIES | XL_WANTS_QUIET) \
    X(list, "list", "[options] [Domain]\n", "List information about all/some domains", 0) \
    X(domid, "domid", "<DomainName>", "Convert a domain name to domain id", 0) \
    X(domname, "domname", "<DomainId>", "Convert a domain id to domain name", 0) \
    X(info, "info", "", "Get information about Xen host", 0) \
    X(mem_max, "mem-max", XL_SIZE_USAGE, "Set the maximum amount reservation for a domain", \
        XL_MODIFIES | XL_NAMES_DOMAIN | XL_TAKES_SIZE) \
    X(mem_set, "mem-set", XL_SIZE_USAGE, "Set the current memory usage for a domain", \
        XL_MODIFIES | XL_NAMES_DOMAIN | XL_TAKES_SIZE)

enum xl_command_id {
#define X(id, name, usage, description, facts) XL_COMMAND_##id,
    XL_COMMANDS(X)
#undef X
        NR_XL_COMMANDS
};

struct xl_command {
    enum xl_command_id id;
    const char *name, *usage, *description;
    unsigned facts; /* XL_... */
};

const struct xl_command *xl_command_at(enum xl_command_id);
const struct xl_command *xl_command_find(const char *name); /* NULL: the model's xl has no such sub-command */
bool xl_command_is(const struct xl_command *, unsigned fact);

#endif
