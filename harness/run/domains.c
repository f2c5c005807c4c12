/* SPDX-License-Identifier: BSD-2-Clause */
/* Builds domains from their declarations, lets them go, and keeps what is seen of each in its slot. */
#include "harness/run/domains.h"
#include "harness/run/images.h"
#include "harness/run/run.h"
#include "harness/run/runner.h"
#include "harness/xen/xen_backend.h"
#include "sim/array.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DOM0_DEFAULT_PAGES      (64 * PAGES_PER_MIB) /* as dom0_mem=64M,max:96M */
#define DOM0_DEFAULT_ROOM_PAGES (32 * PAGES_PER_MIB)

void domains_release_images(struct runner *r)
{
    for (size_t s = 0; s < r->nr_slots; s++) {
        if (r->slots[s].image != NULL)
            images_give_back(r->images, r->slots[s].image, r->spoilt);
        image_file_drop(r->slots[s].file);
    }
    r->nr_slots = 0;
}

static struct image *take_image(struct runner *r, const struct kernel_info *kernel)
{
    char error[SENTENCE_BYTES];
    struct image *image = images_take(r->images, kernel, error, sizeof error);

    if (image == NULL) {
        snprintf(r->run.sentence, sizeof r->run.sentence, "%s: %.1800s", r->run.scenario->path, error);
        run_end(r, kernel->package[0] != 0 ? OUTCOME_SKIP : OUTCOME_ERROR);
    }
    return image;
}

static const struct kernel_info *find_kernel(struct runner *r, const char *name, struct span where)
{
    const struct kernel_info *kernel = kernel_info(name);
    char unknown[512];

    if (kernel != NULL)
        return kernel;
    kernel_unknown(name, unknown, sizeof unknown);
    run_complain(r, where, "%s", unknown);
    return NULL;
}

static void complain_build(struct runner *r, const struct domain_decl *decl, enum build_error why)
{
    char memory[32], free_memory[32];

    size_text(decl->memory_pages, 'm', memory, sizeof memory);
    size_text(host_free_pages(r->machine), 'm', free_memory, sizeof free_memory);
    switch (why) {
    case BUILD_NO_HOST_MEMORY:
        run_complain(r, decl->where,
            "the host is too small for %s: memory=%s and what Xen needs for it, where %s are free; "
            "give the host more (host mem=…)",
            decl->name, memory, free_memory);
        break;
    case BUILD_TOO_MANY:
        run_complain(
            r, decl->where, "%s is one domain too many: a host has at most %u", decl->name, DOMAINS_MAX);
        break;
    case BUILD_NO_MEMORY:
        run_complain(r, decl->where, "no memory on this computer for a guest of this size");
        break;
    case BUILD_REAL_XEN:
        run_complain(r, decl->where, "%s can't be built on the real Xen: %s", decl->name,
            xen_backend_sentence(r->xen));
        break;
    case BUILD_BAD_CONFIG:
    case BUILD_OK:
        run_complain(r, decl->where,
            "%s can't be built so: memory=%s does not hold its boot image, or goes "
            "past maxmem= or p2m=, or its boot-map has no room for the image in its first range, or its "
            "frame buffer (videoram=) leaves it none, or, as a PVH dom0, it has more than the host's map",
            decl->name, memory);
        break;
    }
}

/* A kernel that keeps a P2M of its own would be judged for what Xen does with the addresses there. */
static bool type_is_supported(
    struct runner *r, const struct domain_decl *decl, const struct kernel_info *kernel)
{
    const struct kernel *description = kernel_describe(kernel->name);

    if (!decl->pvh || description == NULL)
        return true;
    if (!kernel_has_feature(description, "pvh"))
        run_complain(r, decl->where,
            "%s can't have type=%s: its kernel %s is not made to run where Xen translates its addresses (it "
            "says no `feature pvh`); leave type= out",
            decl->name, decl->hvm ? "hvm" : "pvh", kernel->name);
    else if (decl->hvm && !kernel_has_feature(description, "hvm"))
        run_complain(r, decl->where,
            "%s can't have type=hvm: its kernel %s takes no memory map from a firmware (it says no `feature "
            "hvm`); say type=pvh",
            decl->name, kernel->name);
    else
        return true;
    return false;
}

static bool build(struct runner *r, const struct domain_decl *decl, const struct kernel_info *kernel)
{
    assert(kernel != NULL);
    if (!type_is_supported(r, decl, kernel))
        return false;
    if (!ARRAY_ONE_MORE(r->slots, r->slots_room, r->nr_slots)) {
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
        .extra_kib = r->run.scenario->host.toolstack == TOOLSTACK_XM ? 0 : XL_EXTRA_KIB,
        .command_line = decl->command_line != NULL ? decl->command_line : "",
        .pvh = decl->pvh,
        .hvm = decl->hvm,
        .nr_boot_ranges = decl->nr_boot_ranges,
        .nr_memory_ranges = decl->nr_memory_ranges,
        .hosts_map = decl->hosts_map,
        .initial = decl->initial,
        .bare = decl->bare,
        .no_maximum = decl->no_maximum,
        .dom0 = strcmp(decl->name, "dom0") == 0, /* the parser lets no other domain have this name */
        .dom0_maximum_pages = decl->maxmem_pages,
        .kernel = image_description(image),
    };
    memcpy(config.boot_map, decl->boot_map, sizeof config.boot_map);
    memcpy(config.memory_map, decl->memory_map, sizeof config.memory_map);
    struct domain *domain;
    struct slot *slot = run_add_slot(r, image);
    enum build_error why = machine_build_domain(r->machine, &config, image_guest(image), &domain);
    if (why != BUILD_OK) {
        complain_build(r, decl, why);
        return false;
    }
    slot->domid = domain_id(domain);
    run_tell_built(r, domain);
    assert(machine_domain(r->machine, decl->name) == domain);
    return true;
}

/* The domain is gone. Its image can serve the next one, unless the guest died: then it is not trusted any more. */
void domains_release(struct runner *r, struct domain *domain, enum domain_end how)
{
    struct slot *slot = run_slot(r, domain_id(domain));
    const bool died = domain_crashed(domain);

    assert(slot != NULL && slot->image != NULL);
    machine_destroy_domain(r->machine, domain, how);
    images_give_back(r->images, slot->image, died);
    slot->image = NULL;
}

bool domains_build(struct runner *r, const struct domain_decl *decl)
{
    assert(r->machine != NULL && decl != NULL);

    const char *name = kernel_in_place(r->run.options->kernel, decl->kernel);
    const struct kernel_info *kernel = find_kernel(r, name, decl->kernel_where);
    return kernel != NULL && build(r, decl, kernel);
}

static uint64_t dom0_memory_pages(const struct host_decl *host)
{
    return host->dom0_pages != 0 ? host->dom0_pages : DOM0_DEFAULT_PAGES;
}

uint64_t domains_dom0_pages(const struct scenario *scenario, const struct known_xen *xen)
{
    return scenario->host.has_dom0 ? dom0_memory_pages(&scenario->host) + domain_overhead_pages(xen, false)
                                   : 0;
}

/* Builds dom0, if the scenario names it. Its kernel is the probe, whatever --kernel says. */
static bool build_dom0(struct runner *r)
{
    const struct host_decl *host = &r->run.scenario->host;
    struct domain_decl decl = {
        .where = r->run.scenario->nr_statements > 0 ? r->run.scenario->statements[0].where : host->where,
        .name = "dom0",
        .kernel = DOM0_KERNEL,
        .memory_pages = dom0_memory_pages(host)};

    decl.maxmem_pages =
        host->dom0_max_pages != 0 ? host->dom0_max_pages : decl.memory_pages + DOM0_DEFAULT_ROOM_PAGES;
    if (decl.maxmem_pages < decl.memory_pages)
        decl.maxmem_pages = decl.memory_pages;
    const struct kernel_info *kernel = find_kernel(r, decl.kernel, decl.kernel_where);
    return kernel != NULL && build(r, &decl, kernel);
}

bool domains_build_all(struct runner *r)
{
    const struct scenario *scenario = r->run.scenario;

    if (scenario->host.has_dom0 && !build_dom0(r))
        return false;
    for (size_t d = 0; d < scenario->nr_domains; d++) {
        if (scenario->domains[d].waits)
            continue;
        recorder_set_line(r->recorder, scenario->domains[d].where.line);
        if (!domains_build(r, &scenario->domains[d]))
            return false;
    }
    return !run_is_over(r);
}

/* Segments are counted by the guest's audit, one note each. */
static void keep_note(struct runner *r, const struct record *record)
{
    const struct record_note *note = record_payload(record);
    struct slot *slot;

    if (note->note != NOTE_AUDIT_BEGIN && note->note != NOTE_SEGMENT)
        return;
    slot = run_slot(r, record->domid);
    if (slot == NULL)
        return;
    slot->segments = note->note == NOTE_AUDIT_BEGIN ? 0 : slot->segments + 1;
}

/* How a guest died is told by one record or two: its panic, if it made one, and the end of its domain. */
static void keep_death(struct runner *r, const struct record *record)
{
    struct slot *slot = run_slot(r, record->domid);
    const char *text = record_payload(record);

    if (slot == NULL)
        return;
    slot->panicked = slot->panicked || record->type == REC_PANIC;
    size_t used = strlen(slot->death), left = sizeof slot->death - used;
    snprintf(slot->death + used, left, "%s%.*s", used == 0 ? "" : "; ", (int)(record->bytes - sizeof *record),
        text);
}

void domains_see(struct runner *r, const struct record *record, uint64_t event)
{
    (void)event;
    if (record->type == REC_NOTE)
        keep_note(r, record);
    else if (record->type == REC_PANIC || record->type == REC_CRASH)
        keep_death(r, record);
}
