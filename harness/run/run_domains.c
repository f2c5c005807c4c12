/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Domains of a run: each gets an image, is built on the machine, and boots until all are at rest. Images
 * that no domain uses any more are put back as they were and wait for the next run.
 */
#include "harness/run/runner.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/image/image_cache.h"

#define DOM0_DEFAULT_PAGES      (64 * PAGES_PER_MIB) /* as dom0_mem=64M,max:96M */
#define DOM0_DEFAULT_ROOM_PAGES (32 * PAGES_PER_MIB)

/* Room for one more of `bytes` each; false when memory is out. */
static bool grow(void **array, size_t count, size_t *room, size_t bytes)
{
    if (count < *room)
        return true;
    size_t larger_room = *room == 0 ? 8 : 2 * *room;
    void *larger = realloc(*array, larger_room * bytes);
    if (larger == NULL)
        return false;
    *array = larger;
    *room = larger_room;
    return true;
}

void runner_release_images(struct runner *r)
{
    for (size_t s = 0; s < r->nr_slots; s++) {
        struct image *image = r->slots[s].image;
        if (image == NULL)
            continue;
        /* One that died may have been broken in ways that its writable memory doesn't show. */
        if (r->spoilt || !image_restore(image) ||
            !grow((void **)(void *)&r->idle, r->nr_idle, &r->idle_room, sizeof(struct image *)))
            image_free(image);
        else
            r->idle[r->nr_idle++] = image;
    }
    r->nr_slots = 0;
}

static struct image *take_image(struct runner *r, const struct kernel_info *kernel)
{
    for (size_t i = 0; i < r->nr_idle; i++)
        if (image_kernel(r->idle[i]) == kernel) {
            struct image *image = r->idle[i];
            r->idle[i] = r->idle[--r->nr_idle];
            return image;
        }

    char error[SENTENCE_BYTES];
    struct image *image = image_cache_take(kernel, error, sizeof error);
    if (image == NULL) {
        snprintf(r->sentence, sizeof r->sentence, "%s: %.1800s", r->scenario->path, error);
        r->halted = true;
        r->skip = kernel->package != NULL;
        r->error = !r->skip;
    }
    return image;
}

static const struct kernel_info *find_kernel(struct runner *r, const struct domain_decl *decl)
{
    const char *wanted = r->options->kernel != NULL ? r->options->kernel : decl->kernel;
    const struct kernel_info *kernel = kernel_info(wanted);
    char known[256] = "";

    if (kernel != NULL)
        return kernel;
    for (const struct kernel_info *k = kernel_next(NULL); k != NULL; k = kernel_next(k)) {
        size_t used = strlen(known);
        snprintf(known + used, sizeof known - used, "%s%s", used == 0 ? "" : ", ", k->name);
    }
    runner_complain(r, decl->where, "no kernel is called %s; there are %s", wanted, known);
    return NULL;
}

static void complain_build(struct runner *r, const struct domain_decl *decl, enum build_error why)
{
    char memory[32], free_memory[32];

    size_text(decl->memory_pages, 'm', memory, sizeof memory);
    size_text(host_free_pages(r->machine), 'm', free_memory, sizeof free_memory);
    switch (why) {
    case BUILD_NO_HOST_MEMORY:
        runner_complain(r, decl->where,
            "the host is too small for %s: memory=%s and what Xen needs for it, where %s are free; "
            "give the host more (host mem=…)",
            decl->name, memory, free_memory);
        break;
    case BUILD_TOO_MANY:
        runner_complain(
            r, decl->where, "%s is one domain too many: a host has at most %u", decl->name, DOMAINS_MAX);
        break;
    case BUILD_NO_MEMORY:
        runner_complain(r, decl->where, "no memory on this computer for a guest of this size");
        break;
    case BUILD_REAL_XEN:
        runner_complain(r, decl->where, "%s can't be built on the real Xen: %s", decl->name,
            xen_backend_sentence(r->xen));
        break;
    case BUILD_BAD_CONFIG:
    case BUILD_OK:
        runner_complain(r, decl->where,
            "%s can't be built so: memory=%s does not hold its boot image, or goes "
            "past maxmem= or p2m=, or its boot-map has no room for the image in its first range",
            decl->name, memory);
        break;
    }
}

static bool build(struct runner *r, const struct domain_decl *decl, const struct kernel_info *kernel)
{
    assert(kernel != NULL);
    if (!grow((void **)(void *)&r->slots, r->nr_slots, &r->slots_room, sizeof *r->slots)) {
        complain_build(r, decl, BUILD_NO_MEMORY);
        return false;
    }
    struct image *image = take_image(r, kernel);
    if (image == NULL)
        return false;

    struct domain_config config = {
        .name = decl->name,
        .memory_pages = decl->memory_pages,
        .maxmem_pages = decl->maxmem_pages,
        .p2m = decl->p2m,
        .p2m_pages = decl->p2m_pages,
        .videoram_kib = decl->videoram_kib,
        .extra_kib = r->scenario->host.toolstack == TOOLSTACK_XM ? 0 : XL_EXTRA_KIB,
        .command_line = decl->command_line != NULL ? decl->command_line : "",
        .pvh = decl->pvh,
        .nr_boot_ranges = decl->nr_boot_ranges,
        .dom0 = strcmp(decl->name, "dom0") == 0, /* no other can be called so */
        .dom0_maximum_pages = decl->maxmem_pages,
    };
    memcpy(config.boot_map, decl->boot_map, sizeof config.boot_map);
    struct domain *domain;
    r->slots[r->nr_slots++] = (struct slot){.domid = DOMID_HOST, .image = image};
    enum build_error why = machine_build_domain(r->machine, &config, image_guest(image), &domain);
    if (why != BUILD_OK) {
        complain_build(r, decl, why);
        return false;
    }
    r->slots[r->nr_slots - 1].domid = domain_id(domain);
    triggers_watch_domain(r, domain);
    assert(machine_domain(r->machine, decl->name) == domain);
    return true;
}

bool runner_slot_room(struct runner *r)
{
    if (grow((void **)(void *)&r->slots, r->nr_slots, &r->slots_room, sizeof *r->slots))
        return true;
    machine_lacks_memory(r->machine);
    return false;
}

void runner_add_slot(struct runner *r, struct domain *domain, struct image *image)
{
    assert(r->nr_slots < r->slots_room && image != NULL);
    r->slots[r->nr_slots++] = (struct slot){.domid = domain_id(domain), .image = image};
}

/* It is gone, and its image can serve the next one; of one that died nothing is trusted. */
void runner_release_domain(struct runner *r, struct domain *domain, enum domain_end how)
{
    struct slot *slot = runner_slot(r, domain_id(domain));
    const bool died = domain_crashed(domain);

    assert(slot != NULL && slot->image != NULL);
    machine_destroy_domain(r->machine, domain, how);
    if (died || !image_restore(slot->image) ||
        !grow((void **)(void *)&r->idle, r->nr_idle, &r->idle_room, sizeof(struct image *)))
        image_free(slot->image);
    else
        r->idle[r->nr_idle++] = slot->image;
    slot->image = NULL;
}

bool runner_build_domain(struct runner *r, const struct domain_decl *decl)
{
    assert(r->machine != NULL && decl != NULL);

    const struct kernel_info *kernel = find_kernel(r, decl);
    return kernel != NULL && build(r, decl, kernel);
}

static uint64_t dom0_memory_pages(const struct host_decl *host)
{
    return host->dom0_pages != 0 ? host->dom0_pages : DOM0_DEFAULT_PAGES;
}

uint64_t runner_dom0_pages(const struct scenario *scenario)
{
    return scenario->host.has_dom0 ? dom0_memory_pages(&scenario->host) + DOMAIN_OVERHEAD_PAGES : 0;
}

/* dom0, when the scenario has it do something: a probe, whatever --kernel says. */
static bool build_dom0(struct runner *r)
{
    const struct host_decl *host = &r->scenario->host;
    struct domain_decl decl = {
        .where = r->scenario->nr_statements > 0 ? r->scenario->statements[0].where : host->where,
        .name = "dom0",
        .kernel = "probe",
        .memory_pages = dom0_memory_pages(host)};

    decl.maxmem_pages =
        host->dom0_max_pages != 0 ? host->dom0_max_pages : decl.memory_pages + DOM0_DEFAULT_ROOM_PAGES;
    if (decl.maxmem_pages < decl.memory_pages)
        decl.maxmem_pages = decl.memory_pages;
    return build(r, &decl, kernel_info("probe"));
}

struct slot *runner_slot(struct runner *r, unsigned domid)
{
    /* Domids are given in the order of building: the slot is mostly where its number says. */
    size_t likely = domid - 1u;

    if (likely < r->nr_slots && r->slots[likely].domid == domid)
        return &r->slots[likely];
    for (size_t s = 0; s < r->nr_slots; s++)
        if (r->slots[s].domid == domid)
            return &r->slots[s];
    return NULL;
}

struct domain *runner_domain(struct runner *r, const char *name, struct span where)
{
    struct domain *domain = machine_domain(r->machine, name);

    if (domain == NULL)
        runner_complain(r, where, "there is no domain %s now", name);
    return domain;
}

bool runner_boot(struct runner *r)
{
    const struct scenario *scenario = r->scenario;

    if (scenario->host.has_dom0 && !build_dom0(r))
        return false;
    for (size_t d = 0; d < scenario->nr_domains; d++) {
        if (scenario->domains[d].waits)
            continue;
        recorder_set_line(r->recorder, scenario->domains[d].where.line);
        if (!runner_build_domain(r, &scenario->domains[d]))
            return false;
    }
    if (r->halted)
        return false;

    (void)runner_reach_rest(r, 0);
    r->time_zero_ns = machine_now_ns(r->machine);
    return !r->halted;
}
