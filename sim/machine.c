/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The machine: making it, using it again, and its connections with xenstore and the toolstack. How it runs is in
 * machine_run.c; building, saving and destroying domains in machine_build.c, machine_save.c and machine_destroy.c.
 */
#include <assert.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <xen/io/xs_wire.h>

#include "sim/domain/domain.h"
#include "sim/domain/saved.h"
#include "sim/domain/site.h"
#include "sim/evtchn.h"
#include "sim/host/pool.h"
#include "sim/later.h"
#include "sim/machine_destroy.h"
#include "sim/machine_state.h"
#include "sim/random.h"
#include "sim/real_xen.h"
#include "sim/schedule.h"
#include "sim/toolstack/toolstack.h"
#include "sim/xenstore/xenstore.h"

static const struct machine_costs default_costs = {
    .hypercall_ns = 200, .extent_ns = 20, .page_ns = 8, .port_ns = 5};

/* --- xenstore's side of the machine --- */

/* The domain that a path is about, or `by`. */
static unsigned domid_of_path(const char *path, unsigned by)
{
    static const char prefix[] = "/local/domain/";
    if (strncmp(path, prefix, sizeof prefix - 1u) != 0)
        return by != 0 ? by : DOMID_HOST;
    unsigned long domid = strtoul(path + sizeof prefix - 1u, NULL, 10);
    return domid > 0 && domid < DOMID_LIMIT ? (unsigned)domid : DOMID_HOST;
}

static bool is_own_target(unsigned domid, const char *path)
{
    char home[XENSTORE_HOME_ROOM];
    size_t bytes = xenstore_home(home, domid);
    if (strncmp(path, home, bytes) == 0)
        path += bytes;
    return strcmp(path, "memory/target") == 0;
}

/* Text that is no number is no target: the one before it stays. */
static void target_was_read(struct domain *d, const char *value, uint64_t event)
{
    char *end;
    const uint64_t kib = strtoull(value, &end, 10);

    if (end == value || *end != '\0')
        return;
    d->target_known = true;
    d->target_kib = kib;
    d->target_event = event;
}

static void xenstore_event(
    void *context, unsigned by, uint32_t op, const char *path, const char *value, int error)
{
    struct machine *m = context;
    struct record_xenstore record = {.op = op, .error = error, .by = by};
    size_t path_bytes = strlen(path) + 1u, value_bytes = value != NULL ? strlen(value) + 1u : 1u;
    if (path_bytes + value_bytes > sizeof m->store_text)
        value_bytes = sizeof m->store_text - path_bytes; /* xenstore's own limits are far below */
    memcpy(m->store_text, path, path_bytes);
    memcpy(m->store_text + path_bytes, value != NULL ? value : "", value_bytes);
    m->store_text[path_bytes + value_bytes - 1u] = '\0';
    uint64_t event = recorder_append(m->recorder, REC_XENSTORE, domid_of_path(path, by), m->now_ns, &record,
        sizeof record, m->store_text, 1, path_bytes + value_bytes);
    struct domain *d = by != 0 && by < DOMID_LIMIT ? m->by_id[by] : NULL;
    if (d != NULL && op == XS_READ && error == 0 && value != NULL && is_own_target(by, path))
        target_was_read(d, value, event);
}

static void xenstore_raise(void *context, unsigned domid)
{
    struct machine *m = context;
    struct domain *d = domid < DOMID_LIMIT ? m->by_id[domid] : NULL;
    if (d != NULL && d->evtchn[d->store_port].state == EVTCHN_STORE) /* its guest may close it */
        evtchn_raise(d, d->store_port);
}

static void xenstore_no_memory(void *context)
{
    machine_lacks_memory(context);
}

static int xenstore_fault(void *context, unsigned domid, uint32_t op)
{
    struct machine *m = context;
    struct domain *d = domid < DOMID_LIMIT ? m->by_id[domid] : NULL;
    enum fault_site site;
    if (op == XS_READ)
        site = FAULT_SITE_XENSTORE_READ;
    else if (op == XS_WRITE)
        site = FAULT_SITE_XENSTORE_WRITE;
    else if (op == XS_WATCH)
        site = FAULT_SITE_XENSTORE_WATCH;
    else
        return 0;
    if (d == NULL)
        return 0;
    struct fault_answer answer = site_ask(d, site, PFN(0), 1);
    return answer.refused ? answer.error : 0;
}

static struct domain *told_domain(struct machine *m, unsigned domid)
{
    struct domain *d = domid < DOMID_LIMIT ? m->by_id[domid] : NULL;
    return d != NULL && d->state == DOMAIN_ALIVE ? d : NULL;
}

/* Does a watch event go out now? */
static bool xenstore_told(void *context, unsigned domid, const char *path, const char *token)
{
    struct machine *m = context;
    struct domain *d = told_domain(m, domid);
    struct fault_answer answer;
    if (d == NULL)
        return true;
    if (site_tell(d, FAULT_SITE_XENSTORE_EVENT_LOST, 0).refused) {
        xenstore_event(m, domid, XS_WATCH_EVENT, path, token, ENOMEM); /* as one past the quota */
        return false;
    }
    answer = site_tell(d, FAULT_SITE_XENSTORE_EVENT_LATE, 0);
    if (answer.refused) {
        later_event(m, domid, path, token, answer.by_ns);
        return false;
    }
    answer = site_tell(d, FAULT_SITE_XENSTORE_EVENT_DOUBLED, 0);
    if (answer.refused)
        later_event(m, domid, path, token, answer.by_ns);
    return true;
}

/* Does xenstored stop before this request or event of the domain's? */
static void xenstore_message(void *context, unsigned domid)
{
    struct machine *m = context;
    struct domain *d = told_domain(m, domid);
    if (d == NULL)
        return;
    struct fault_answer answer = site_tell(d, FAULT_SITE_XENSTORED_RESTART, 0);
    const bool dies = answer.refused;
    if (!dies)
        answer = site_tell(d, FAULT_SITE_XENSTORED_UPDATE, 0);
    if (!answer.refused)
        return;
    xenstore_stop(m->xenstore, dies);
    later_xenstored(m, answer.by_ns);
}

/* --- making it --- */

static void take_config(struct machine *m, const struct machine_config *config)
{
    m->config = *config;
    if (m->config.xen == NULL)
        m->config.xen = KNOWN_XEN_DEFAULT;
    const struct machine_costs *costs = &config->costs;
    if (costs->hypercall_ns == 0 && costs->extent_ns == 0 && costs->page_ns == 0 && costs->port_ns == 0)
        m->config.costs = default_costs;
    m->now_ns = 0;
    m->next_timer_ns = NEVER_NS;
    m->next_domid = DOMID_FIRST;
    m->last_domid = m->resume_domid = 0;
    m->stop = m->crashed = m->ended = false;
    m->running = NULL;
    m->random[0] = config->schedule_seed * RANDOM_STEP + 1u;
    m->random[1] = config->schedule_seed ^ 0xd1b54a32d192ed03ull;
    m->tlb_domid = 0;
    m->frames_came_back = false;
    m->tlb_random = config->seed;
    for (unsigned i = 0; i < 8; i++) /* small seeds differ in few bits: spread them */
        schedule_random(m);
}

struct machine *machine_new(const struct machine_config *config, struct recorder *recorder)
{
    assert(config != NULL && recorder != NULL);
    struct machine *m = calloc(1, sizeof *m);
    if (m == NULL)
        return NULL;
    m->recorder = recorder;
    struct xenstore_ops ops = {
        .context = m,
        .record = xenstore_event,
        .raise = xenstore_raise,
        .fault = xenstore_fault,
        .event = xenstore_told,
        .message = xenstore_message,
        .no_memory = xenstore_no_memory,
    };
    m->xenstore = xenstore_new(&ops);
    m->domains = calloc(DOMAINS_LIMIT, sizeof(struct domain *));
    m->why = calloc(1, WHY_BYTES);
    bool pool = config->host_pages != 0 && pool_init(&m->host, config->host_pages, config->seed);
    if (m->xenstore == NULL || m->domains == NULL || m->why == NULL || !pool) {
        machine_free(m);
        return NULL;
    }
    take_config(m, config);
    return m;
}

void machine_drop_domains(struct machine *m)
{
    assert(m->running == NULL);
    while (m->asleep != NULL) {
        struct domain *d = m->asleep;
        m->asleep = d->spare_next;
        saved_free(d->saved);
        d->saved = NULL;
        if (space_on_real_xen(&d->space)) {
            m->real_xen->destroy(m->real_xen->context, d);
            space_free(&d->space);
        } else {
            space_clean(&d->space, UINT64_MAX);
        }
        domain_spare(d);
    }
    while (m->nr_domains != 0) {
        struct domain *d = m->domains[m->nr_domains - 1u];
        xenstore_release(m->xenstore, d->domid);
        machine_detach_domain(d, true);
    }
    later_clear(m);
    assert(m->runnable.count == 0);
}

void machine_free(struct machine *m)
{
    if (m == NULL)
        return;
    if (m->domains != NULL && m->xenstore != NULL)
        machine_drop_domains(m);
    domain_free_spares(m);
    xenstore_free(m->xenstore);
    pool_fini(&m->host);
    free(m->domains);
    free(m->frame_list);
    free(m->why);
    free(m);
}

bool machine_reset(struct machine *m, const struct machine_config *config)
{
    machine_drop_domains(m);
    xenstore_reset(m->xenstore);
    take_config(m, config);
    m->nr_recorded = 0;
    return config->host_pages != 0 && pool_reset(&m->host, config->host_pages, config->seed);
}

/* --- the real Xen beside it --- */

void machine_set_real_xen(struct machine *m, const struct real_xen_ops *ops)
{
    m->real_xen = ops;
}

void machine_limit_extents(struct machine *m, uint64_t extents)
{
    m->host.extents_left = extents;
}

/* --- the toolstack, as it is typed --- */

static void record_command(
    struct machine *m, const struct record_command *command, const char *line, const char *output)
{
    size_t line_bytes = strlen(line) + 1u, output_bytes = strlen(output) + 1u;
    char *both = malloc(line_bytes + output_bytes);
    if (both == NULL) {
        machine_lacks_memory(m);
        return;
    }
    memcpy(both, line, line_bytes);
    memcpy(both + line_bytes, output, output_bytes);
    recorder_append(m->recorder, REC_COMMAND, DOMID_HOST, m->now_ns, command, sizeof *command, both, 1,
        line_bytes + output_bytes);
    free(both);
}

int machine_toolstack(struct machine *m, const char *line, const char **output)
{
    assert(line != NULL && output != NULL);
    struct record_command command;
    int status = toolstack_run(m, line, &command, m->output, sizeof m->output);
    *output = m->output;
    if (status != -1)
        record_command(m, &command, line, m->output);
    return status;
}
