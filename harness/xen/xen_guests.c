/* SPDX-License-Identifier: BSD-2-Clause */
/* Guests on the real Xen: building and ending them, and the other functions of struct real_xen_ops. */
#include "harness/xen/xen_guests.h"

#include "harness/xen/domctl.h"
#include "harness/xen/guest_vcpu.h"
#include "harness/xen/maximum.h"
#include "harness/xen/scenario_dom0.h"
#include "harness/xen/shadow.h"
#include "harness/xen/xen_needs.h"
#include "harness/xen/xen_pages.h"

#include <assert.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/domain/memory_layout.h"
#include "sim/domain/saved.h"
#include "sim/inspect.h"
#include "sim/real_xen.h"

#define MODEL_END_MFN             (1u << 26) /* more than the largest host that fits into QEMU has */
/* The heap of an image apart: for each page of a direct map a structure and a P2M entry, which a heap rounds up; and all else. */
#define HEAP_BYTES_OF_DIRECT_PAGE 92u
#define HEAP_BYTES_APART          (8ull << 20)
#define OVERHEAD_SLACK_PAGES      8u /* by so much what Xen takes for a domain varies with its own pools */

struct xen_guests {
    struct xen_run run;
    struct xen_host *host;
    pv_image_path_t *image_path;
    struct scenario_dom0 *dom0;
    struct real_xen_ops ops;
    struct xen_guest *list, *asleep; /* those that run, and those that are saved */
    unsigned growth_in_image;        /* of xen_needs.h */
    bool ending; /* the run is over: domains that the machine drops now are no events of it */
    char sentence[512];
};

/* --- building and ending --- */

static void guest_free(struct xen_guest *guest)
{
    xen_domain_destroy(guest->on_xen);
    xen_saved_free(guest->saved);
    free(guest->saved_pages);
    new_frames_drop(&guest->new_frames);
    shadow_free(&guest->memory);
    free(guest);
}

/* Makes a guest. NULL, with a sentence in `guests`. */
static struct xen_guest *guest_new(
    struct xen_guests *guests, struct domain *domain, const struct xen_domain_options *options)
{
    struct xen_guest *guest = calloc(1, sizeof *guest);

    if (guest == NULL) {
        snprintf(guests->sentence, sizeof guests->sentence, "no memory");
        return NULL;
    }
    guest->run = &guests->run;
    guest->domain = domain;
    guest->on_xen = xen_domain_build(guests->host, options, guests->sentence, sizeof guests->sentence);
    if (guest->on_xen != NULL) {
        guest->memory = guest->on_xen->memory;
        if (shadow_make(&guest->memory))
            return guest;
        snprintf(guests->sentence, sizeof guests->sentence, "no memory");
    }
    guest_free(guest);
    return NULL;
}

static void join_frames(const struct xen_guest *guest, const uint64_t *model_p2m, uint64_t pages)
{
    struct frame_pairs *pairs = guest->run->pairs;

    if (domain_is_translated(guest->domain)) /* its frames have no numbers, not even that of shared_info */
        return;
    for (uint64_t pfn = 0; pfn < pages; pfn++)
        if (guest->memory.p2m[pfn] != UINT64_MAX) /* no hole */
            frame_pairs_join(pairs, guest->memory.p2m[pfn], model_p2m[pfn]);
    frame_pairs_join(pairs, guest->on_xen->shared_info_mfn, domain_shared_info(guest->domain).mfn);
}

/* The link that leads to the guest, or to the end of the list. */
static struct xen_guest **find(struct xen_guest **list, const struct domain *domain)
{
    struct xen_guest **link = list;

    while (*link != NULL && (*link)->domain != domain)
        link = &(*link)->next;
    return link;
}

/* An image apart has frames that the model's host does not have. */
static void make_room(void *context, uint64_t pages)
{
    struct xen_guests *guests = context;

    xen_pool_resize(guests->run.pool, xen_pages_free(guests->run.conductor) + pages);
}

static bool build(void *context, struct domain *domain, const struct domain_config *config,
    uint64_t image_pages, unsigned store_port, const uint64_t *model_p2m, struct real_xen_memory *memory,
    struct vcpu *vcpu)
{
    struct xen_guests *guests = context;
    char image[PATH_MAX];
    struct memory_layout layout;
    struct xen_domain_options options = {
        .image = image,
        .domid = domain_id(domain),
        .memory_pages = config->memory_pages,
        .config = config,
        .maximum_kib = domain_maximum_pages(domain) * KIB_PER_PAGE,
        .p2m_entries = domain_config_p2m_entries(config),
        .p2m_exact = config->p2m == P2M_EXACT,
        .seeded_schedule = machine_schedule_is_seeded(guests->run.machine),
        .image_pages = image_pages,
        .store_port = store_port,
        .command_line = config->command_line != NULL ? config->command_line : "",
    };

    options.direct_pages = domain_direct_pages(domain);
    if (options.direct_pages != 0)
        options.heap_bytes_apart = HEAP_BYTES_APART + options.direct_pages * HEAP_BYTES_OF_DIRECT_PAGE;
    else if (!kernel_has_feature(config->kernel, "hypercalls") &&
             options.p2m_entries > config->memory_pages * guests->growth_in_image)
        options.heap_bytes_apart = HEAP_BYTES_APART + options.p2m_entries * SPACE_HEAP_PER_PAGE;
    options.make_room = make_room;
    options.room_context = guests;
    if (config->pvh) {
        memory_layout_pvh(&layout, config->maxmem_pages);
        options.layout = &layout;
        options.shared_info_told = domain_shared_info(domain).mfn;
        options.pool_mib = 1 + domain_config_pool_pages(config) / PAGES_PER_MIB;
    }
    assert(!guests->ending && *find(&guests->list, domain) == NULL);
    guests->image_path(domain_kernel(domain), image, sizeof image);
    struct xen_guest *guest = guest_new(guests, domain, &options);
    if (guest == NULL)
        return false;
    guest->next = guests->list;
    guests->list = guest;
    join_frames(guest, model_p2m, domain_config_boot_end_pfn(config));
    *memory = guest->memory;
    guest->paused = true; /* until it is to run: it would only yield all the time */
    guest_vcpu_begin(vcpu, guest);
    guest->run->built_overhead_pages = host_overhead_pages(guest->run->machine);
    xen_run_even_out(guest->run, domain, "building the domain", OVERHEAD_SLACK_PAGES);
    xen_run_compare_domain(guest->run, domain, guest->on_xen->domid, "building the domain");
    return true;
}

static void destroy(void *context, struct domain *domain)
{
    struct xen_guests *guests = context;
    struct xen_guest **link = find(&guests->list, domain);
    const bool asleep = *link == NULL;

    if (asleep)
        link = find(&guests->asleep, domain);
    struct xen_guest *guest = *link;
    if (guest == NULL)
        return;
    *link = guest->next;
    const uint64_t apart_pages = guest->on_xen != NULL ? guest->on_xen->apart_pages : 0;
    guest_free(guest);
    if (!guests->ending && !asleep)
        xen_run_even_out(&guests->run, domain, "the domain's end", OVERHEAD_SLACK_PAGES + apart_pages);
}

/* Which pages are saved, and Xen's frames of them. NULL: no memory. */
static struct xen_saved_page *pages_to_save(
    const struct xen_guest *guest, const struct domain *domain, const struct saved *saved)
{
    struct xen_saved_page *pages = malloc((saved->pages + 1) * sizeof *pages);

    for (uint64_t i = 0; pages != NULL && i < saved->pages; i++) {
        const uint64_t pfn = saved->page[i].pfn,
                       mfn = frame_pairs_xen(guest->run->pairs, domain_p2m(domain, PFN(pfn)).mfn);

        assert(mfn != PAIR_NONE); /* it is the domain's, and the guest runs on Xen */
        pages[i] = (struct xen_saved_page){.pfn = pfn, .mfn = (uint32_t)mfn};
    }
    return pages;
}

static bool save(void *context, struct domain *domain, const struct saved *saved)
{
    struct xen_guests *guests = context;
    struct xen_guest **link = find(&guests->list, domain), *guest = *link;

    assert(guest != NULL && guest->paused && guest->owes_answer);
    struct xen_saved_page *pages = pages_to_save(guest, domain, saved);
    if (pages != NULL)
        guest->saved =
            xen_saved_take(guest->on_xen, pages, saved->pages, guests->sentence, sizeof guests->sentence);
    if (guest->saved == NULL) {
        free(pages);
        return false;
    }
    guest->saved_pages = pages;
    guest->nr_saved_pages = saved->pages;
    *link = guest->next;
    guest->next = guests->asleep;
    guests->asleep = guest;
    return true;
}

/* It gets new frames on both, and so new pairs of them. */
static bool restore(void *context, struct domain *domain, const struct saved *saved,
    const struct domain_config *config, unsigned store_port)
{
    struct xen_guests *guests = context;
    struct xen_guest **link = find(&guests->asleep, domain), *guest = *link;
    const struct xen_domain_options options = {
        .domid = domain_id(domain),
        .maximum_kib = domain_maximum_pages(domain) * KIB_PER_PAGE,
        .config = config,
        .make_room = make_room,
        .room_context = guests,
        .store_port = store_port,
    };

    assert(guest != NULL && guest->nr_saved_pages == saved->pages);
    if (!xen_saved_restore(guest->saved, guest->on_xen, &options, guest->saved_pages, saved->pages,
            guests->sentence, sizeof guests->sentence))
        return false;
    for (uint64_t i = 0; i < saved->pages; i++)
        frame_pairs_join(guest->run->pairs, guest->saved_pages[i].mfn, saved->page[i].mfn);
    frame_pairs_join(guest->run->pairs, guest->on_xen->shared_info_mfn, domain_shared_info(domain).mfn);
    xen_saved_free(guest->saved);
    free(guest->saved_pages);
    guest->saved = NULL;
    guest->saved_pages = NULL;
    *link = guest->next;
    guest->next = guests->list;
    guests->list = guest;
    guest->run->built_overhead_pages = host_overhead_pages(guest->run->machine);
    xen_run_even_out(guest->run, domain, "restoring the domain", OVERHEAD_SLACK_PAGES);
    xen_run_compare_domain(guest->run, domain, guest->on_xen->domid, "restoring the domain");
    return true;
}

static void was_saved(void *context, struct domain *domain)
{
    struct xen_guests *guests = context;
    const struct xen_guest *guest = *find(&guests->asleep, domain);

    xen_run_even_out(
        &guests->run, domain, "saving the domain", OVERHEAD_SLACK_PAGES + guest->on_xen->apart_pages);
}

static void set_maximum(void *context, struct domain *domain, uint64_t kib, long model_answer)
{
    struct xen_guests *guests = context;

    maximum_was_set(&guests->run, domain, kib, model_answer);
}

static void set_pod_target(void *context, struct domain *domain, uint64_t pages, long model_answer)
{
    struct xen_guests *guests = context;

    maximum_pod_target_was_set(&guests->run, domain, pages, model_answer);
}

/* --- what else the machine asks --- */

static uint64_t model_mfn(void *context, uint64_t xen_mfn)
{
    const struct xen_guests *guests = context;

    return xen_mfn == UINT64_MAX ? UINT64_MAX : frame_pairs_model(guests->run.pairs, xen_mfn);
}

/* A frame of the scenario's dom0 has no partner: any frame of the conductor's stands for it. */
static uint64_t xen_mfn(void *context, uint64_t mfn)
{
    const struct xen_guests *guests = context;
    struct conductor *conductor = guests->run.conductor;
    uint64_t partner = frame_pairs_xen(guests->run.pairs, mfn);

    return partner != PAIR_NONE ? partner : conductor_mfn(conductor, conductor_spare_first_pfn(conductor));
}

static void dom0_was_built(
    void *context, struct domain *dom0, const struct boot_block *boot, struct vcpu *vcpu)
{
    struct xen_guests *guests = context;

    scenario_dom0_begin(guests->dom0, dom0, boot, vcpu);
    /* On Xen this dom0 is no domain, so its overhead is in the model only. */
    guests->run.built_overhead_pages = host_overhead_pages(guests->run.machine);
    xen_pool_resize(guests->run.pool, host_free_pages(guests->run.machine));
}

/* --- the whole --- */

struct xen_guests *xen_guests_new(struct xen_host *host, pv_image_path_t *image_path)
{
    struct xen_guests *guests = calloc(1, sizeof *guests);

    if (guests == NULL)
        return NULL;
    guests->host = host;
    guests->image_path = image_path;
    guests->run.conductor = xen_host_conductor(host);
    guests->run.guests = &guests->list;
    guests->run.pairs = frame_pairs_new(xen_host_end_mfn(host), MODEL_END_MFN);
    guests->run.pool = xen_pool_new(guests->run.conductor, xen_host_end_mfn(host));
    guests->dom0 = scenario_dom0_new(&guests->run);
    guests->ops = (struct real_xen_ops){.context = guests,
        .build = build,
        .destroy = destroy,
        .save = save,
        .was_saved = was_saved,
        .restore = restore,
        .dom0_was_built = dom0_was_built,
        .maximum_was_set = set_maximum,
        .pod_target_was_set = set_pod_target,
        .model_mfn = model_mfn,
        .xen_mfn = xen_mfn};
    if (guests->run.pairs != NULL && guests->run.pool != NULL && guests->dom0 != NULL)
        return guests;
    xen_guests_free(guests);
    return NULL;
}

static void drop(struct xen_guest **list)
{
    while (*list != NULL) {
        struct xen_guest *guest = *list;

        *list = guest->next;
        guest_free(guest);
    }
}

void xen_guests_end(struct xen_guests *guests)
{
    guests->ending = true;
    if (guests->dom0 != NULL)
        scenario_dom0_end(guests->dom0);
    drop(&guests->list);
    drop(&guests->asleep);
}

void xen_guests_free(struct xen_guests *guests)
{
    if (guests == NULL)
        return;
    xen_guests_end(guests);
    frame_pairs_free(guests->run.pairs);
    xen_pool_free(guests->run.pool);
    scenario_dom0_free(guests->dom0);
    free(guests);
}

bool xen_guests_begin(struct xen_guests *guests, const struct scenario *scenario, struct machine *machine,
    struct recorder *recorder, struct xen_answers *answers)
{
    const uint64_t host_pages = scenario->host.memory_pages;
    struct xen_run *run = &guests->run;

    xen_guests_end(guests);
    guests->ending = false;
    guests->growth_in_image = xen_needs_growth_in_image(scenario);
    frame_pairs_clear(run->pairs);
    run->machine = machine;
    run->recorder = recorder;
    run->answers = answers;
    run->counts = (struct xen_counts){0};
    run->has_made = false;
    machine_set_real_xen(machine, &guests->ops);
    xen_pool_give_back(run->pool);
    uint64_t free_pages = xen_pool_resize(run->pool, host_pages);
    assert(guests->list == NULL && guests->asleep == NULL);
    if (free_pages == host_pages)
        return true;
    snprintf(guests->sentence, sizeof guests->sentence,
        "the real host has %llu pages free where the scenario's has %llu", (unsigned long long)free_pages,
        (unsigned long long)host_pages);
    return false;
}

struct xen_counts xen_guests_counts(const struct xen_guests *guests)
{
    return guests->run.counts;
}

const char *xen_guests_sentence(const struct xen_guests *guests)
{
    return xen_host_trouble(guests->host) != XEN_FINE ? xen_host_sentence(guests->host) : guests->sentence;
}
