/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sub-commands of xl that only print: list, info, domid, domname. Times, processors and dom0 itself are not modelled:
 * dom0 has no line in list, and Time(s) is 0.
 */
#include "sim/toolstack/xl.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/inspect.h"
#include "sim/machine_state.h"
#include "sim/toolstack/xl_arguments.h"

static void list_one(struct command *c, const struct domain *domain)
{
    const char *state = "r-----";

    if (domain_crashed(domain))
        state = "---sc-";
    else if (domain_blocked(domain))
        state = "-b----";
    say(c, "%-40s %5u %5" PRIu64 " %5u     %s  %8.1f\n", domain_name(domain), domain_id(domain),
        (uint64_t)((domain_reservation_pages(domain) + domain_claim_pages(domain)) / PAGES_PER_MIB), 1u,
        state, 0.0);
}

int xl_list(struct command *c)
{
    static const char title[] =
        "Name                                        ID   Mem VCPUs\tState\tTime(s)\n";
    unsigned given, domid;
    struct domain *domain = NULL;

    if (!options_take(c, "", &given))
        return EXIT_USAGE;
    if (c->argc > 2) {
        xl_usage(c, "list", 0);
        return EXIT_FAIL;
    }
    if (c->argc == 2) {
        if (!xl_find_domain(c, c->argv[1], &domid))
            return EXIT_FAIL;
        domain = machine_domain_by_id(c->machine, domid);
        if (domain == NULL) {
            say(c, "Error: Domain '%s' does not exist.\n", c->argv[1]);
            return EXIT_FAIL;
        }
        say(c, "%s", title);
        list_one(c, domain);
        return EXIT_OK;
    }
    say(c, "%s", title);
    while ((domain = machine_next_domain(c->machine, domain)) != NULL)
        if (domain_abi_id(domain) != 0)
            list_one(c, domain);
    return EXIT_OK;
}

/* Prints one line of xl info; if a name stands behind the command, only the values of lines that begin with it. */
static void info_line(struct command *c, const char *name, uint64_t value)
{
    const char *wanted = c->argc > 1 ? c->argv[1] : NULL;

    if (wanted == NULL)
        say(c, "%-23s: %" PRIu64 "\n", name, value);
    else if (strncmp(name, wanted, strlen(wanted)) == 0)
        say(c, "%" PRIu64 "\n", value);
}

int xl_info(struct command *c)
{
    unsigned given;
    uint64_t claims = 0, free_pages;

    if (!options_take(c, "", &given))
        return EXIT_USAGE;
    for (struct domain *d = NULL; (d = machine_next_domain(c->machine, d)) != NULL;)
        claims += domain_claim_pages(d);
    free_pages = host_free_pages(c->machine);
    free_pages -= claims < free_pages ? claims : free_pages;
    info_line(c, "total_memory", host_total_pages(c->machine) / PAGES_PER_MIB);
    info_line(c, "free_memory", free_pages / PAGES_PER_MIB);
    info_line(c, "sharing_freed_memory", 0);
    info_line(c, "sharing_used_memory", 0);
    info_line(c, "outstanding_claims", claims / PAGES_PER_MIB);
    info_line(c, "xen_major", 4);
    info_line(c, "xen_minor", machine_toolstack_kind(c->machine) == TOOLSTACK_XL_4_17 ? 17 : 16);
    info_line(c, "xen_pagesize", PAGE_BYTES);
    return EXIT_OK;
}

int xl_domid(struct command *c)
{
    unsigned given;
    struct domain *domain;

    if (!options_take(c, "", &given))
        return EXIT_USAGE;
    if (c->argc < 2)
        return xl_usage(c, "domid", 1);
    domain = machine_domain(c->machine, c->argv[1]);
    if (domain == NULL) {
        say(c, "Can't get domid of domain name '%s', maybe this domain does not exist.\n", c->argv[1]);
        return EXIT_FAIL;
    }
    say(c, "%u\n", domain_id(domain));
    return EXIT_OK;
}

int xl_domname(struct command *c)
{
    unsigned given, domid;
    struct domain *domain;
    char *end;

    if (!options_take(c, "", &given))
        return EXIT_USAGE;
    if (c->argc < 2)
        return xl_usage(c, "domname", 1);
    domid = (unsigned)strtol(c->argv[1], &end, 10);
    if (end == c->argv[1]) {
        say(c, "Invalid domain id.\n\n");
        return EXIT_FAIL;
    }
    domain = machine_domain_by_id(c->machine, domid);
    if (domain == NULL) {
        say(c, "Can't get domain name of domain id '%u', maybe this domain does not exist.\n", domid);
        return EXIT_FAIL;
    }
    say(c, "%s\n", domain_name(domain));
    return EXIT_OK;
}
