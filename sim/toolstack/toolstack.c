/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The toolstack's entry: finds the program for a command line, and makes and removes a domain's nodes in xenstore.
 * Sources: docs/xen-semantics.md.
 */
#include "sim/toolstack/toolstack.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sim/decimal.h"
#include "sim/inspect.h"
#include "sim/machine_state.h"
#include "sim/toolstack/command_line.h"
#include "sim/toolstack/xenstore_tools.h"
#include "sim/toolstack/xl.h"
#include "sim/toolstack/xm.h"

static int run_program(struct command *c)
{
    bool is_xm = machine_toolstack_kind(c->machine) == TOOLSTACK_XM;

    if (c->argc == 0)
        return -1;
    if (strcmp(c->argv[0], "xl") == 0 && !is_xm)
        return xl_run(c);
    if (strcmp(c->argv[0], "xm") == 0 && is_xm)
        return xm_run(c);
    return xenstore_tool_run(c);
}

/* What the line is about, for its record. It is asked before the command runs, which may destroy the domain. */
static struct record_command command_facts(struct command *c, const char *line)
{
    struct record_command facts = {.tool = COMMAND_UNREAD, .domid = DOMID_HOST};
    const struct domain *domain = NULL;
    struct command_line parts;

    if (!command_line_split(&parts, line))
        return facts;
    if (strcmp(parts.tool, "xl") == 0)
        facts.tool = COMMAND_OF_XL;
    else
        facts.tool = strcmp(parts.tool, "xm") == 0 ? COMMAND_OF_XM : COMMAND_OF_XENSTORE;
    if (parts.command != NULL && parts.command->id == XL_COMMAND_mem_set)
        facts.does = COMMAND_DOES_MEM_SET;
    else if (parts.command != NULL && parts.command->id == XL_COMMAND_mem_max)
        facts.does = COMMAND_DOES_MEM_MAX;
    else if (strcmp(parts.tool, "xenstore-write") == 0)
        facts.does = COMMAND_DOES_WRITE;
    if (parts.domain != NULL)
        domain = domain_named(c, parts.domain);
    if (domain != NULL)
        facts.domid = domain_id(domain);
    facts.has_size = parts.has_size;
    facts.size_kib = parts.size_kib;
    return facts;
}

int toolstack_run(struct machine *machine, const char *line, struct record_command *facts, char *output,
    size_t output_bytes)
{
    static const char *const names[] = {"xl-4.17", "xl-4.16", "xm"};
    struct command c = {
        .machine = machine, .xs = machine_xenstore_tree(machine), .output = output, .room = output_bytes};
    struct words words = {.count = 0};
    char *room = malloc(strlen(line) + 1);
    const char *wrong = "no memory";
    int status;

    assert(output_bytes > 0);
    *facts = command_facts(&c, line);
    output[0] = '\0';
    if (room != NULL)
        wrong = words_split(&words, line, room);
    else
        machine_lacks_memory(machine);
    c.argc = words.count;
    c.argv = words.list;
    if (wrong != NULL) {
        say(&c, "%s\n", wrong);
        status = EXIT_USAGE;
    } else {
        status = run_program(&c);
    }
    if (status == -1)
        say(&c, "%s: no command of toolstack=%s\n", words.count > 0 ? words.list[0] : "nothing",
            names[machine_toolstack_kind(machine)]);
    free(room);
    facts->status = status;
    return status;
}

static uint64_t static_max_kib(const struct domain_config *config)
{
    uint64_t pages =
        config->maxmem_pages > config->memory_pages ? config->maxmem_pages : config->memory_pages;

    if (config->no_maximum)
        pages = UINT32_MAX;
    return pages * KIB_PER_PAGE;
}

uint64_t toolstack_maximum_pages(const struct machine *machine, const struct domain_config *config)
{
    if (config->initial || machine_toolstack_kind(machine) == TOOLSTACK_XM)
        return static_max_kib(config) / KIB_PER_PAGE;
    /* memory, not maxmem: libxl raises the maximum only when xl mem-set or mem-max asks for more. */
    return config->memory_pages + config->extra_kib / KIB_PER_PAGE;
}

/* Who may do what with a node of a domain, in libxl's words. */
enum node_access {
    AS_PARENT,
    READABLE, /* dom0's, the domain may read: libxl's roperm */
    WRITABLE, /* the domain's own: rwperm */
};

struct domain_node {
    const char *name;
    const char *value;
    enum node_access access;
};

/* In libxl__domain_make's order: those of its two dozen nodes that a kernel without devices looks at. Every run makes
 * them anew, so that each costs time. */
static const struct domain_node made_by_xl[] = {
    {"", "", READABLE},
    {"memory", "", AS_PARENT},
    {"device", "", AS_PARENT},
    {"control", "", AS_PARENT},
    {"control/shutdown", "", WRITABLE},
    {"data", "", WRITABLE},
    {"error", "", WRITABLE},
    {"control/platform-feature-multiprocessor-suspend", "1", AS_PARENT},
    {"control/platform-feature-xs_reset_watches", "1", AS_PARENT},
};

/* xend made the domain the owner of its whole directory; below it the domain may write the same nodes. */
static const struct domain_node made_by_xm[] = {
    {"", "", WRITABLE},
    {"memory", "", AS_PARENT},
    {"device", "", AS_PARENT},
    {"control", "", AS_PARENT},
    {"control/shutdown", "", AS_PARENT},
    {"control/platform-feature-multiprocessor-suspend", "1", AS_PARENT},
};

static int node_make(struct xenstore *xs, unsigned domid, const struct domain_node *node)
{
    char path[XENSTORE_NODE_ROOM];
    int error;

    xenstore_node_path(path, domid, node->name);
    error = node->value[0] == '\0' ? xenstore_make(xs, 0, path) : xenstore_write(xs, 0, path, node->value);
    if (error != 0 || node->access == AS_PARENT)
        return error;
    if (node->access == READABLE)
        return xenstore_permit(xs, path, 0, domid, 'r');
    return xenstore_permit(xs, path, domid, domid, 'n');
}

static int node_number(struct xenstore *xs, unsigned domid, const char *name, uint64_t number)
{
    char text[DECIMAL_ROOM];

    decimal_write(text, number);
    return node_make(xs, domid, &(struct domain_node){name, text, AS_PARENT});
}

bool toolstack_introduce(struct machine *machine, struct domain *domain, const struct domain_config *config)
{
    struct xenstore *xs = machine_xenstore_tree(machine);
    bool is_xm = machine_toolstack_kind(machine) == TOOLSTACK_XM;
    const struct domain_node *nodes = is_xm ? made_by_xm : made_by_xl;
    size_t count =
        is_xm ? sizeof(made_by_xm) / sizeof(made_by_xm[0]) : sizeof(made_by_xl) / sizeof(made_by_xl[0]);
    uint64_t memory_kib = config->memory_pages * KIB_PER_PAGE;
    unsigned domid = domain_id(domain);
    int error = 0;

    assert(domid != 0);
    assert(config->name != NULL);
    for (size_t i = 0; i < count && error == 0; i++)
        error = node_make(xs, domid, &nodes[i]);
    if (error == 0)
        error = node_make(xs, domid, &(struct domain_node){"name", config->name, AS_PARENT});
    if (error == 0 && !config->bare)
        error = node_number(xs, domid, "memory/static-max", static_max_kib(config));
    if (error == 0 && !config->bare)
        error = node_number(xs, domid, "memory/target",
            memory_kib > config->videoram_kib ? memory_kib - config->videoram_kib : 0);
    if (error == 0 && config->videoram_kib > 0)
        error = node_number(xs, domid, "memory/videoram", config->videoram_kib);
    if (error == 0)
        error = node_number(xs, domid, "domid", domid);
    return error == 0;
}

void toolstack_withdraw(struct machine *machine, unsigned domid)
{
    char path[XENSTORE_NODE_ROOM];

    assert(domid != 0);
    xenstore_remove(machine_xenstore_tree(machine), 0, xenstore_node_path(path, domid, ""));
}
