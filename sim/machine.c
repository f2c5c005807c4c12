/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The machine: made, used again, and run. A run lets domains go on, one at a time, until the moment it was
 * asked for, rest, or a death; between two of their calls virtual time stands still.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <xen/io/xs_wire.h>

#include "sim/internal.h"
#include "sim/random.h"

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
    if (d != NULL && op == XS_READ && error == 0 && value != NULL && is_own_target(by, path)) {
        d->target_known = true;
        d->target_kib = strtoull(value, NULL, 10);
        d->target_event = event;
    }
}

static void xenstore_raise(void *context, unsigned domid)
{
    struct machine *m = context;
    struct domain *d = domid < DOMID_LIMIT ? m->by_id[domid] : NULL;
    if (d != NULL)
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
    struct fault_answer answer = machine_ask_fault(d, site, PFN(0), 1);
    return answer.refused ? answer.error : 0;
}

/* --- making it --- */

static void take_config(struct machine *m, const struct machine_config *config)
{
    m->config = *config;
    const struct machine_costs *costs = &config->costs;
    if (costs->hypercall_ns == 0 && costs->extent_ns == 0 && costs->page_ns == 0 && costs->port_ns == 0)
        m->config.costs = default_costs;
    m->now_ns = 0;
    m->next_timer_ns = NEVER_NS;
    m->next_domid = DOMID_FIRST;
    m->last_domid = m->resume_domid = 0;
    m->stop = m->crashed = false;
    m->running = NULL;
    m->random[0] = config->seed * RANDOM_STEP + 1u;
    m->random[1] = config->seed ^ 0xd1b54a32d192ed03ull;
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
        .no_memory = xenstore_no_memory,
    };
    m->xenstore = xenstore_new(&ops);
    m->domains = calloc(DOMAINS_LIMIT, sizeof(struct domain *));
    m->why = calloc(1, WHY_BYTES);
    bool pool = config->host_pages != 0 && host_init(&m->host, config->host_pages, config->seed);
    if (m->xenstore == NULL || m->domains == NULL || m->why == NULL || !pool) {
        machine_free(m);
        return NULL;
    }
    take_config(m, config);
    return m;
}

static void drop_domains(struct machine *m)
{
    while (m->asleep != NULL) {
        struct domain *d = m->asleep;
        m->asleep = d->spare_next;
        saved_free(d->saved);
        d->saved = NULL;
        space_clean(&d->space, UINT64_MAX);
        d->spare_next = m->spares;
        m->spares = d;
    }
    while (m->nr_domains != 0) {
        struct domain *d = m->domains[m->nr_domains - 1u];
        xenstore_release(m->xenstore, d->domid);
        domain_detach(m, d, true);
    }
    assert(m->runnable.count == 0);
}

void machine_free(struct machine *m)
{
    if (m == NULL)
        return;
    if (m->domains != NULL && m->xenstore != NULL)
        drop_domains(m);
    domain_free_spares(m);
    xenstore_free(m->xenstore);
    host_fini(&m->host);
    free(m->domains);
    free(m->frame_list);
    free(m->why);
    free(m);
}

bool machine_reset(struct machine *m, const struct machine_config *config)
{
    assert(m->running == NULL);
    drop_domains(m);
    xenstore_reset(m->xenstore);
    take_config(m, config);
    return config->host_pages != 0 && host_reset(&m->host, config->host_pages, config->seed);
}

void machine_set_real_xen(struct machine *m, const struct real_xen_ops *ops)
{
    m->real_xen = ops;
}

void machine_set_page_hook(
    struct machine *m, void (*hook)(void *, struct domain *, pfn_t, uint64_t), void *context)
{
    m->page_hook = hook;
    m->page_hook_context = context;
}

void machine_set_frame_hook(struct machine *m, machine_frame_hook_t *hook, void *context)
{
    m->frame_hook = hook;
    m->frame_hook_context = context;
}

void machine_set_site_hook(struct machine *m, machine_site_hook_t *hook, void *context)
{
    m->site_hook = hook;
    m->site_hook_context = context;
}

void machine_set_lifecycle(struct machine *m, const struct machine_lifecycle *life)
{
    m->lifecycle = life;
}

const struct machine_lifecycle *machine_lifecycle(const struct machine *m)
{
    return m->lifecycle;
}

void domain_watch_sites(struct domain *d, uint64_t sites)
{
    d->watched_sites = sites;
}

/* --- running it --- */

/* Calls by which a guest only tells something come once a page: between two pages nothing else happens, here or
 * on the real Xen, where they are read in batches. A refusal to zero frames in one is answered by what would have
 * been there without the question. */
static bool only_tells(const struct vcpu *vcpu)
{
    return vcpu->op == PORT_GATE_BASE + PORT_NOTE || vcpu->op == PORT_GATE_BASE + PORT_PAGE_WRITE ||
           (vcpu->op == PORT_GATE_BASE + PORT_FRAMES_ZERO && vcpu->result != 0) ||
           vcpu->op == __HYPERVISOR_update_va_mapping || vcpu->op == __HYPERVISOR_multicall;
}

#define VAIN_EXITS_MAX (1u << 19) /* calls without an effect: no kernel has so much to ask */
#define TELL_SLACK_NS  NS_PER_MS  /* a guest that does nothing but tell is stopped all the same */

/* A vcpu left its guest: answered here, on the host's stack. False: it stays stopped for now. */
static bool serve(void *context, struct vcpu *vcpu)
{
    struct machine *m = context;
    struct domain *d = m->running;
    m->running = NULL;
    assert(d != NULL && &d->vcpu == vcpu);
    if (vcpu->op == VCPU_EXIT_FAULT && vcpu->dead) { /* a guest may call that number, too */
        domain_crash_by_fault(d, &vcpu->fault);
        return false;
    }
    if (++d->vain_exits > VAIN_EXITS_MAX) {
        domain_crash_endless(d, "endless loop: it calls on and on, without waiting or moving a page");
        return false;
    }
    enum exit_outcome outcome = vcpu->op >= PORT_GATE_BASE ? port_serve(d, vcpu) : hypercall_serve(d, vcpu);
    if (outcome != EXIT_GO_ON)
        return false;
    bool over = m->stop || m->now_ns >= m->until_ns;
    bool late = m->now_ns >= m->until_ns && m->now_ns - m->until_ns >= TELL_SLACK_NS;
    if (over && (late || !only_tells(vcpu))) {
        m->resume_domid = d->domid;
        return false;
    }
    m->running = d;
    return true;
}

static void run_domain(struct machine *m, struct domain *d)
{
    assert(d->state == DOMAIN_ALIVE && !d->vcpu.dead);
    assert(m->running == NULL);
    if (d->unfinished) {
        if (hypercall_serve(d, &d->vcpu) != EXIT_GO_ON)
            return;
        if (m->stop || m->now_ns >= m->until_ns) {
            m->resume_domid = d->domid;
            return;
        }
    }
    m->running = d;
    domain_tell_sites(d);
    vcpu_run(&d->vcpu, serve, m);
    assert(m->running == NULL);
}

enum run_end machine_run(struct machine *m, const struct run_request *request)
{
    assert(m->running == NULL);
    m->stop = m->crashed = false;
    m->until_ns = request->until_ns;
    for (;;) {
        if (m->crashed)
            return RUN_CRASHED;
        if (m->stop)
            return RUN_STOPPED;
        schedule_timers(m);
        bool idle = m->runnable.count == 0;
        if (idle && request->stop_at_rest && machine_at_rest(m, request->quiet_ns, NULL))
            return RUN_REST;
        if (m->now_ns >= m->until_ns)
            return RUN_TIME;
        if (!idle) {
            run_domain(m, schedule_next(m));
            continue;
        }
        m->next_timer_ns = schedule_next_timer(m);
        if (m->next_timer_ns == NEVER_NS && (request->stop_at_rest || m->until_ns == NEVER_NS))
            return RUN_IDLE;
        m->now_ns = m->next_timer_ns < m->until_ns ? m->next_timer_ns : m->until_ns;
    }
}

void machine_stop(struct machine *m)
{
    m->stop = true;
}

void machine_lacks_memory(struct machine *m)
{
    recorder_lose(m->recorder);
    machine_stop(m);
}

uint64_t machine_now_ns(const struct machine *m)
{
    return m->now_ns;
}

/* --- its domains, and what the toolstack needs --- */

struct domain *machine_domain(struct machine *m, const char *name)
{
    for (size_t i = 0; i < m->nr_domains; i++) {
        if (strcmp(m->domains[i]->name, name) == 0)
            return m->domains[i];
    }
    return NULL;
}

struct domain *machine_domain_by_id(struct machine *m, unsigned domid)
{
    return domid < DOMID_LIMIT ? m->by_id[domid] : NULL;
}

struct domain *machine_next_domain(struct machine *m, const struct domain *previous)
{
    unsigned after = previous != NULL ? previous->domid : 0;
    size_t low = 0, high = m->nr_domains;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (m->domains[middle]->domid > after)
            high = middle;
        else
            low = middle + 1;
    }
    return low < m->nr_domains ? m->domains[low] : NULL;
}

struct xenstore *machine_xenstore_tree(struct machine *m)
{
    return m->xenstore;
}

enum toolstack machine_toolstack_kind(const struct machine *m)
{
    return m->config.toolstack;
}

void machine_record_command(struct machine *m, int status, const char *line, const char *output)
{
    size_t line_bytes = strlen(line) + 1u, output_bytes = strlen(output) + 1u;
    struct record_value value = {(uint64_t)(int64_t)status};
    char *both = malloc(line_bytes + output_bytes);
    if (both == NULL) {
        machine_lacks_memory(m);
        return;
    }
    memcpy(both, line, line_bytes);
    memcpy(both + line_bytes, output, output_bytes);
    recorder_append(m->recorder, REC_COMMAND, DOMID_HOST, m->now_ns, &value, sizeof value, both, 1,
        line_bytes + output_bytes);
    free(both);
}

char *machine_output(struct machine *m, size_t *bytes)
{
    *bytes = sizeof m->output;
    return m->output;
}
