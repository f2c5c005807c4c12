/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mem-set and mem-max: what they refuse, what they do to a domain's maximum and to xenstore, in which
 * order. The texts are libxl's, without its source lines and without strerror's tails.
 */
#include "sim/toolstack/xl.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sim/decimal.h"
#include "sim/domain/domain.h"
#include "sim/domain/pod.h"
#include "sim/inspect.h"
#include "sim/machine_state.h"
#include "sim/real_xen.h"
#include "sim/toolstack/command_line.h"
#include "sim/toolstack/xl_arguments.h"
#include "sim/toolstack/xm.h"
#include "sim/xenstore/xenstore.h"

#define DOM0_MINIMUM_KIB (128u * 1024) /* LIBXL_MIN_DOM0_MEM */

static const char *const above_static_max =
    "memory_dynamic_max must be less than or equal to memory_static_max";
static const char *const below_target =
    "memory_static_max must be greater than or or equal to memory_dynamic_max";

static void write_kib(struct command *c, unsigned domid, const char *name, uint64_t kib)
{
    char path[XENSTORE_NODE_ROOM], text[DECIMAL_ROOM];

    decimal_write(text, kib);
    xenstore_write(c->xs, 0, xenstore_node_path(path, domid, name), text);
}

/* Reads a node that holds KiB. False, with libxl's text: there is none, or it is no number. */
static bool read_kib(struct command *c, unsigned domid, const char *name, const char *missing,
    const char *invalid, uint64_t *kib)
{
    char path[XENSTORE_NODE_ROOM], *end;
    const char *text = xenstore_read(c->xs, 0, xenstore_node_path(path, domid, name));

    if (text == NULL) {
        say(c, "libxl: error: Domain %u:%s from %s\n", domid, missing, path);
        return false;
    }
    *kib = strtoull(text, &end, 10);
    if (*end == '\0')
        return true;
    say(c, "libxl: error: Domain %u:%s %s from %s\n\n", domid, invalid, text, path);
    return false;
}

static int64_t read_videoram_kib(struct command *c, unsigned domid)
{
    char path[XENSTORE_NODE_ROOM];
    const char *text = xenstore_read(c->xs, 0, xenstore_node_path(path, domid, "memory/videoram"));

    return text == NULL ? 0 : strtol(text, NULL, 10);
}

static bool set_maximum(struct command *c, struct domain *domain, unsigned domid, uint64_t kib)
{
    int rc = domain_set_maximum_kib(domain, kib);

    if (rc != 0)
        say(c, "libxl: error: Domain %u:xc_domain_setmaxmem memkb=%" PRIu64 " failed rc=-1\n", domid, kib);
    return rc == 0;
}

/* Frames that wait for pages to be touched; a PV domain has none. */
static bool set_pool(struct command *c, struct domain *domain, unsigned domid, uint64_t kib)
{
    if (domain->physmap == NULL)
        return true;
    const struct real_xen_ops *real_xen = domain->machine->real_xen;
    const long answer = pod_set_target(domain, kib / KIB_PER_PAGE);
    if (domain_on_real_xen(domain))
        real_xen->pod_target_was_set(real_xen->context, domain, kib / KIB_PER_PAGE, answer);
    if (answer == 0)
        return true;
    say(c, "libxl: error: Domain %u:xc_domain_set_pod_target memkb=%" PRIu64 " failed rc=-1\n", domid,
        (uint64_t)(kib / KIB_PER_PAGE));
    return false;
}

/* The domain with this domid. libxl reads its configuration before all else, and fails here if there is none. */
static struct domain *configured(struct command *c, unsigned domid)
{
    struct domain *domain = machine_domain_by_id(c->machine, domid);

    if (domain == NULL)
        say(c, "libxl: error: unable to find domain info for domain %u\n", domid);
    return domain;
}

static uint64_t without_growth(const struct command *c, const struct domain *domain, uint64_t kib)
{
    const uint64_t most_kib = domain_configuration(domain)->memory_pages * KIB_PER_PAGE;

    return c->machine->config.no_growth && kib > most_kib ? most_kib : kib;
}

/* libxl_set_memory_target, with enforce. */
static bool set_target(struct command *c, unsigned domid, uint64_t asked_kib)
{
    struct domain *domain = configured(c, domid);
    uint64_t target_kib, static_max_kib, videoram_kib;

    if (domain == NULL)
        return false;
    if (!read_kib(c, domid, "memory/target", "Cannot get target memory info", "Invalid memory target",
            &target_kib) ||
        !read_kib(
            c, domid, "memory/static-max", "Cannot get memory info", "Invalid max memory", &static_max_kib))
        return false;
    /* The subtraction is unsigned, as in libxl: less than the video memory becomes more than any static-max. */
    videoram_kib = (uint64_t)read_videoram_kib(c, domid);
    target_kib = asked_kib - videoram_kib;
    if (target_kib > static_max_kib) {
        say(c, "libxl: error: Domain %u:%s\n\n", domid, above_static_max);
        return false;
    }
    target_kib = without_growth(c, domain, target_kib);
    if (domain_configuration(domain)->initial && target_kib < DOM0_MINIMUM_KIB) {
        say(c, "libxl: error: Domain 0:New target %" PRIu64 " for dom0 is below the minimum threshold\n",
            target_kib);
        return false;
    }
    if (!set_maximum(c, domain, domid, target_kib + videoram_kib + domain_configuration(domain)->extra_kib))
        return false;
    if (!set_pool(c, domain, domid, target_kib + domain_configuration(domain)->extra_kib))
        return false;
    write_kib(c, domid, "memory/target", target_kib);
    return true;
}

/* libxl_domain_setmaxmem. */
static bool set_static_max(struct command *c, unsigned domid, uint64_t kib)
{
    struct domain *domain = configured(c, domid);
    uint64_t target_kib;

    if (domain == NULL)
        return false;
    if (!read_kib(c, domid, "memory/target", "Cannot get memory info", "Invalid memory", &target_kib))
        return false;
    if (kib < target_kib) {
        say(c, "libxl: error: Domain %u:%s\n", domid, below_target);
        return false;
    }
    if (!set_maximum(c, domain, domid, kib + domain_configuration(domain)->extra_kib))
        return false;
    /* Only since 4.17. Before, mem-max left static-max alone, so that mem-set went on refusing what it had allowed. */
    if (machine_toolstack_kind(c->machine) == TOOLSTACK_XL_4_17)
        write_kib(c, domid, "memory/static-max", kib);
    return true;
}

static int xl_memory(
    struct command *c, const char *name, const char *which, bool (*set)(struct command *, unsigned, uint64_t))
{
    unsigned given, domid;
    int64_t kib;

    if (!options_take(c, "", &given))
        return EXIT_USAGE;
    if (c->argc < 3)
        return xl_usage(c, name, 2);
    if (!xl_find_domain(c, c->argv[1], &domid))
        return EXIT_FAIL;
    kib = size_parse_kib(c->argv[2]);
    if (kib == -1) {
        say(c, "invalid memory size: %s\n", c->argv[2]);
        return EXIT_FAIL;
    }
    assert(kib >= 0);
    if (set(c, domid, (uint64_t)kib))
        return EXIT_OK;
    say(c, "cannot set domid %u %s max memory to : %s\n", domid, which, c->argv[2]);
    return EXIT_FAIL;
}

int xl_mem_set(struct command *c)
{
    return xl_memory(c, "mem-set", "dynamic", set_target);
}

int xl_mem_max(struct command *c)
{
    return xl_memory(c, "mem-max", "static", set_static_max);
}

/* ---- xm: whole MiB, no enforcing, no static-max written ---- */

static struct domain *xm_find_domain(struct command *c, const char *text)
{
    struct domain *domain = domain_named(c, text);

    if (domain == NULL)
        say(c, "Error: Domain '%s' does not exist.\n", text);
    return domain;
}

/* Reads the domain and the size in KiB. False: one is wrong, and xm's message was printed. */
static bool xm_arguments(struct command *c, struct domain **domain, uint64_t *kib)
{
    int64_t size;

    if (c->argc != 3) {
        say(c, "Error: 'xm %s' requires 2 arguments!\n", c->argv[0]);
        return false;
    }
    *domain = xm_find_domain(c, c->argv[1]);
    if (*domain == NULL)
        return false;
    size = size_parse_kib(c->argv[2]);
    if (size < 0 || c->argv[2][0] == '\0' || strpbrk(c->argv[2], "bBtT") != NULL) {
        say(c, "Error: Invalid argument.\n");
        return false;
    }
    *kib = (uint64_t)size / 1024 * 1024;
    return true;
}

static int xm_refused(struct command *c, const char *description)
{
    say(c, "Usage: xm %s <Domain> <Mem>\n\n%s.\n", c->argv[0], description);
    return EXIT_FAIL;
}

int xm_mem_set(struct command *c)
{
    static const char description[] = "Set the current memory usage for a domain";
    struct domain *domain;
    uint64_t kib, static_max_kib;
    char path[XENSTORE_NODE_ROOM], *end;
    const char *text;
    unsigned domid;

    if (!xm_arguments(c, &domain, &kib))
        return xm_refused(c, description);
    domid = domain_id(domain);
    text = xenstore_read(c->xs, 0, xenstore_node_path(path, domid, "memory/static-max"));
    static_max_kib = text == NULL ? 0 : strtoull(text, &end, 10);
    if (kib > static_max_kib) {
        say(c, "Error: %s\n", above_static_max);
        return xm_refused(c, description);
    }
    write_kib(c, domid, "memory/target", without_growth(c, domain, kib));
    return EXIT_OK;
}

int xm_mem_max(struct command *c)
{
    static const char description[] = "Set the maximum amount reservation for a domain";
    struct domain *domain;
    uint64_t kib;
    int rc;

    if (!xm_arguments(c, &domain, &kib))
        return xm_refused(c, description);
    rc = domain_set_maximum_kib(domain, kib);
    if (rc == 0)
        return EXIT_OK;
    say(c, "Error: (%d, '%s')\n", -rc, strerror(-rc));
    return xm_refused(c, description);
}
