/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * xl's commands of a domain's lifecycle. shutdown and reboot only ask the guest, through xenstore. Domains are built and
 * ended by the program that holds the machine, since it has the images (struct machine_lifecycle).
 */
#include "sim/toolstack/xl.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "sim/inspect.h"
#include "sim/machine_state.h"
#include "sim/toolstack/xl_arguments.h"
#include "sim/xenstore/xenstore.h"

/* The domain that a command names. NULL: there is none, and xl's message was printed. */
static struct domain *named(struct command *c, const char *text, const char *what)
{
    struct domain *domain;
    unsigned domid;

    if (!xl_find_domain(c, text, &domid))
        return NULL;
    domain = machine_domain_by_id(c->machine, domid);
    if (domain == NULL)
        say(c, "libxl: error: Domain %u:Non-existant domain\n%s\n", domid, what);
    return domain;
}

/* Takes the options, which may stand anywhere behind the command. False: one is unknown, or an argument is missing. */
static bool arguments(struct command *c, const char *known, int required, int *status)
{
    unsigned given;

    *status = EXIT_USAGE;
    if (!options_take(c, known, &given))
        return false;
    if (c->argc >= required + 1)
        return true;
    *status = xl_usage(c, c->argv[0], required);
    return false;
}

/* /etc/xen/nb.cfg, nb.cfg and nb all mean the domain that the scenario calls nb. */
static const char *config_name(const char *file, char name[64])
{
    const char *base = strrchr(file, '/');
    size_t bytes;

    base = base == NULL ? file : base + 1;
    bytes = strlen(base);
    if (bytes > 4 && strcmp(base + bytes - 4, ".cfg") == 0)
        bytes -= 4;
    snprintf(name, 64, "%.*s", (int)bytes, base);
    return name;
}

int xl_create(struct command *c)
{
    const struct machine_lifecycle *lifecycle = machine_lifecycle(c->machine);
    char name[64];
    const char *why;
    int status;

    if (!arguments(c, "pqFc", 1, &status))
        return status;
    say(c, "Parsing config from %s\n", c->argv[1]);
    config_name(c->argv[1], name);
    if (machine_domain(c->machine, name) != NULL) {
        say(c, "libxl: error: Domain with name \"%s\" already exists.\n", name);
        return EXIT_FAIL;
    }
    why = lifecycle != NULL ? lifecycle->create(lifecycle->context, name) : "nobody here builds domains";
    if (why == NULL)
        return EXIT_OK;
    say(c, "libxl: error: cannot create domain: %s\n", why);
    return EXIT_FAIL;
}

int xl_destroy(struct command *c)
{
    const struct machine_lifecycle *lifecycle = machine_lifecycle(c->machine);
    struct domain *domain;
    int status;

    if (!arguments(c, "f", 1, &status))
        return status;
    domain = named(c, c->argv[1], "destroy failed (rc=-6)");
    if (domain == NULL)
        return EXIT_FAIL;
    if (lifecycle != NULL)
        lifecycle->destroy(lifecycle->context, domain);
    return EXIT_OK;
}

/* What the guest finds in control/shutdown. */
static int ask_to_end(struct command *c, const char *doing, const char *word)
{
    struct domain *domain;
    char path[XENSTORE_NODE_ROOM];
    int status;

    if (!arguments(c, "awF", 1, &status))
        return status;
    domain = named(c, c->argv[1], "shutdown failed (rc=-6)");
    if (domain == NULL)
        return EXIT_FAIL;
    say(c, "%s domain %u\n", doing, domain_id(domain));
    xenstore_node_path(path, domain_id(domain), "control/shutdown");
    xenstore_write(c->xs, 0, path, word);
    return EXIT_OK;
}

int xl_shutdown(struct command *c)
{
    return ask_to_end(c, "Shutting down", "poweroff");
}

int xl_reboot(struct command *c)
{
    return ask_to_end(c, "Rebooting", "reboot");
}

static int set_pause(struct command *c, bool paused)
{
    struct domain *domain;
    int status;

    if (!arguments(c, "", 1, &status))
        return status;
    domain = named(c, c->argv[1], paused ? "Failed to pause" : "Failed to unpause");
    if (domain == NULL)
        return EXIT_FAIL;
    domain_pause(domain, paused);
    return EXIT_OK;
}

int xl_pause(struct command *c)
{
    return set_pause(c, true);
}

int xl_unpause(struct command *c)
{
    return set_pause(c, false);
}

int xl_save(struct command *c)
{
    const struct machine_lifecycle *lifecycle = machine_lifecycle(c->machine);
    struct domain *domain;
    char path[XENSTORE_NODE_ROOM];
    int status;

    if (!arguments(c, "cp", 2, &status))
        return status;
    domain = named(c, c->argv[1], "Failed to save domain, resuming domain");
    if (domain == NULL)
        return EXIT_FAIL;
    if (lifecycle == NULL || lifecycle->save == NULL) {
        say(c, "libxl: error: nobody here saves domains\n");
        return EXIT_FAIL;
    }
    say(c, "Saving to %s new xl format (info 0x3/0x0/0)\n", c->argv[2]);
    xenstore_node_path(path, domain_id(domain), "control/shutdown");
    xenstore_write(c->xs, 0, path, "suspend");
    lifecycle->save(lifecycle->context, domain, c->argv[2]);
    return EXIT_OK;
}

int xl_restore(struct command *c)
{
    const struct machine_lifecycle *lifecycle = machine_lifecycle(c->machine);
    const char *why, *file;
    int status;

    if (!arguments(c, "peVA", 1, &status))
        return status;
    file = c->argv[c->argc - 1]; /* a configuration may stand before it */
    why = lifecycle != NULL && lifecycle->restore != NULL ? lifecycle->restore(lifecycle->context, file)
                                                          : "nobody here restores domains";
    if (why == NULL) {
        say(c, "Loading new save file %s (new xl fmt info 0x3/0x0/0)\n", file);
        return EXIT_OK;
    }
    say(c, "%s\n", why);
    return EXIT_FAIL;
}
