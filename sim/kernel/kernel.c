/* SPDX-License-Identifier: BSD-2-Clause */
/* Answers out of a kernel's description, which kernel_rows.c has read. */
#include "sim/kernel/kernel.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sim/types.h"

#define HOSTILE_INTERFACE false
#define HOSTILE_HOSTILE   true

/* For a kernel of which nothing is known. */
#define IMAGE_FIXED_PAGES  320u
#define IMAGE_BYTES_A_PAGE 128u

/* What its answer says of a site, and what its number is. */
#define ANSWER_SHORT(number) .takes_short = true, .error = (number)
#define ANSWER_ERRNO(number) .takes_errno = true, .error = (number)
#define ANSWER_GONE(number)  .is_told = true
#define ANSWER_LATER(number) .is_told = true, .takes_by = true, .by_ns = (number)*NS_PER_MS

/* Xen's own sites. */
static const struct fault_site_info xen_sites[NR_FAULT_SITES_OF_XEN] = {
#define X(id, site_name, class, answer, number, barred, words, reason) \
    [FAULT_SITE_##id] = {.name = site_name, \
        .hostile = HOSTILE_##class, \
        ANSWER_##answer(number), \
        .bars = FAULT_BARS_##barred, \
        .refusal = words, \
        .source = reason},
    FAULT_SITES(X)
#undef X
};

static_assert(FAULT_SITE_OF_KERNEL + KERNEL_SITES_MAX <= FAULT_SITES_MAX, "a kernel's sites have numbers");

unsigned kernel_sites_end(const struct kernel *kernel)
{
    return FAULT_SITE_OF_KERNEL + (kernel != NULL ? (unsigned)kernel->nr_sites : 0);
}

const struct fault_site_info *kernel_site(const struct kernel *kernel, enum fault_site site)
{
    if ((unsigned)site < NR_FAULT_SITES_OF_XEN)
        return &xen_sites[site];
    if ((unsigned)site < FAULT_SITE_OF_KERNEL || (unsigned)site >= kernel_sites_end(kernel))
        return NULL;
    return &kernel->sites[site - FAULT_SITE_OF_KERNEL];
}

bool kernel_site_by_name(const struct kernel *kernel, const char *name, size_t bytes, enum fault_site *site)
{
    for (unsigned i = 0; i < kernel_sites_end(kernel); i++) {
        const struct fault_site_info *known = kernel_site(kernel, (enum fault_site)i);
        if (known != NULL && strlen(known->name) == bytes && memcmp(known->name, name, bytes) == 0) {
            *site = (enum fault_site)i;
            return true;
        }
    }
    return false;
}

bool kernel_site_by_ending(const struct kernel *kernel, uint64_t note, enum fault_site *site)
{
    for (unsigned i = FAULT_SITE_OF_KERNEL; note != 0 && i < kernel_sites_end(kernel); i++)
        if (kernel_site(kernel, (enum fault_site)i)->ending == note) {
            *site = (enum fault_site)i;
            return true;
        }
    return false;
}

bool kernel_site_returns(const struct kernel *kernel, enum fault_site site)
{
    const struct fault_site_info *info = kernel_site(kernel, site);

    if ((unsigned)site < NR_FAULT_SITES_OF_XEN)
        return !info->is_told;
    return info != NULL && info->ending != 0;
}

const char *kernel_plug_name(const struct kernel *kernel)
{
    return kernel != NULL && kernel->plug != NULL ? kernel->plug : "plug";
}

const char *kernel_unplug_name(const struct kernel *kernel)
{
    return kernel != NULL && kernel->unplug != NULL ? kernel->unplug : "unplug";
}

bool kernel_counts(const struct kernel *kernel, enum port_counter counter)
{
    assert((unsigned)counter < NR_PORT_COUNTERS);
    return kernel == NULL || kernel->counters[counter] != NULL;
}

uint64_t kernel_counter(const struct port_counters *counters, enum port_counter counter)
{
    const uint64_t values[NR_PORT_COUNTERS] = {
#define X(id, member, word, name, meaning) [PORT_COUNTER_##id] = counters->member,
        PORT_COUNTERS(X)
#undef X
    };

    assert((unsigned)counter < NR_PORT_COUNTERS);
    return values[counter];
}

const char *kernel_counter_name(const struct kernel *kernel, enum port_counter counter)
{
    static const char *const names[NR_PORT_COUNTERS] = {
#define X(id, member, word, name, meaning) [PORT_COUNTER_##id] = name,
        PORT_COUNTERS(X)
#undef X
    };

    assert((unsigned)counter < NR_PORT_COUNTERS);
    return kernel != NULL && kernel->counters[counter] != NULL ? kernel->counters[counter] : names[counter];
}

bool kernel_lacks_p2m(const struct kernel *kernel)
{
    return kernel != NULL && kernel->p2m_means_nothing;
}

uint64_t kernel_image_pages(const struct kernel *kernel, uint64_t pages)
{
    uint64_t fixed = kernel != NULL ? kernel->image_fixed_pages : IMAGE_FIXED_PAGES;
    uint64_t bytes_a_page = kernel != NULL ? kernel->image_bytes_a_page : IMAGE_BYTES_A_PAGE;

    assert(bytes_a_page == 0 || pages <= UINT64_MAX / bytes_a_page);
    return fixed + pages * bytes_a_page / PAGE_BYTES;
}

const struct kernel_choice *kernel_choice_of(const struct kernel *kernel, const char *name, const char *value)
{
    for (size_t i = 0; kernel != NULL && i < kernel->nr_choices; i++) {
        const struct kernel_choice *choice = &kernel->choices[i];
        if (strcmp(choice->name, name) == 0 && strcmp(choice->value, value) == 0)
            return choice;
    }
    return NULL;
}

/* A user's file could say anything of itself. The part `kernel` is the version that a whole kernel was made of. */
static bool has_users_file(const struct kernel *kernel)
{
    for (size_t i = 0; i < kernel->nr_files; i++)
        if (kernel->files[i].hash != NULL && strcmp(kernel->files[i].part, "kernel") != 0)
            return true;
    return false;
}

const char *kernel_waives(const struct kernel *kernel, const char *invariant)
{
    if (kernel == NULL || kernel->nr_waivers == 0 || has_users_file(kernel))
        return NULL;
    for (size_t i = 0; i < kernel->nr_waivers; i++)
        if (strcmp(kernel->waivers[i].invariant, invariant) == 0)
            return kernel->waivers[i].why;
    return NULL;
}

bool kernel_has_feature(const struct kernel *kernel, const char *name)
{
    for (size_t i = 0; kernel != NULL && i < kernel->nr_features; i++)
        if (strcmp(kernel->features[i], name) == 0)
            return true;
    return false;
}
