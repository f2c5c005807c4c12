/* SPDX-License-Identifier: BSD-2-Clause */
/* Arguments of xl's sub-commands, and help about them; names and texts as in xl. */
#include "sim/toolstack/xl_arguments.h"

#include <stdlib.h>
#include <string.h>

#include "sim/inspect.h"
#include "sim/toolstack/xl_commands.h"

bool xl_find_domain(struct command *c, const char *text, unsigned *domid)
{
    const int error_inval = -6; /* libxl's ERROR_INVAL */
    struct domain *domain;

    domain = domain_zero(c, text);
    if (domain != NULL) {
        *domid = domain_id(domain);
        return true;
    }
    /* As in xl: digits alone are taken for a domid, whether or not there is such a domain. */
    if (strspn(text, "0123456789") == strlen(text)) {
        *domid = (unsigned)strtoul(text, NULL, 10);
        return true;
    }
    domain = machine_domain(c->machine, text);
    if (domain == NULL) {
        say(c, "%s is an invalid domain identifier (rc=%d)\n", text, error_inval);
        return false;
    }
    *domid = domain_id(domain);
    return true;
}

void xl_help(struct command *c, const char *name)
{
    const struct xl_command *s = name == NULL ? NULL : xl_command_find(name);

    if (name == NULL || strcmp(name, "help") == 0) {
        say(c, "Usage xl [-vfNtT] <subcommand> [args]\n\nxl full list of subcommands:\n\n");
        for (unsigned i = 0; i < NR_XL_COMMANDS; i++) {
            s = xl_command_at((enum xl_command_id)i);
            say(c, " %-19s %s\n", s->name, s->description);
        }
    } else if (s == NULL) {
        say(c, "command \"%s\" not implemented\n", name);
    } else {
        say(c, "Usage: xl [-vtT%s%s] %s %s\n\n%s.\n\n", xl_command_is(s, XL_MODIFIES) ? "f" : "",
            xl_command_is(s, XL_HAS_DRY_RUN) ? "N" : "", s->name, s->usage, s->description);
    }
}

int xl_usage(struct command *c, const char *name, int required)
{
    if (required > 0)
        say(c, "'xl %s' requires at least %d argument%s.\n\n", name, required, required > 1 ? "s" : "");
    xl_help(c, name);
    return EXIT_USAGE;
}
