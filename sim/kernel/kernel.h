/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A kernel as it describes itself: the rows of guest/abi/kernel.h, read. All code that has to know something of a guest's
 * kernel asks here; none compares the kernel's name.
 *
 * A struct kernel never changes and may be shared by domains, machines and scenarios; its texts live as long
 * as it does. Where a kernel may be NULL, nothing is known of it: it has no sites, calls or sentences, and
 * keeps all counters.
 */
#ifndef SIM_KERNEL_H
#define SIM_KERNEL_H

#include <stddef.h>
#include <stdint.h>

#include "guest/abi/kernel.h"
#include "sim/kernel/fault_site.h"
#include "sim/kernel/kernel_sentence.h"

struct kernel_call {
    const char *name;
    const char *parameters[CALL_PARAMETERS_MAX];
    size_t nr_parameters;
};

struct kernel_node {
    const char *name; /* NULL: the kernel has none */
    enum kernel_unit unit;
};

/* A file of a user's in place of a part of the kernel's own. */
struct kernel_file {
    const char *part;
    const char *hash, *name; /* NULL: it is ours */
};

/* NAME=VALUE on a domain's line. */
struct kernel_choice {
    const char *name, *value;
    const char *words;  /* for the kernel's command line; NULL: none */
    const char *suffix; /* of the kernel that is taken instead; NULL: this one */
};

/* An invariant that it breaks by intent. */
struct kernel_waiver {
    const char *invariant, *why;
};

struct kernel {
    char *rows;  /* the description itself, ended by NUL */
    char *words; /* the same, cut into what the members point to */
    const char *family, *version, *about;
    const char *design, *design_date, *design_text; /* NULL: it stands for none */
    struct fault_site_info sites[KERNEL_SITES_MAX];
    size_t nr_sites;
    struct kernel_call calls[KERNEL_CALLS_MAX];
    size_t nr_calls;
    const char *commands[KERNEL_COMMANDS_MAX];
    size_t nr_commands;                     /* 0: it does not say which there are */
    struct kernel_node nodes[NODE_MAX + 1]; /* by enum port_node */
    const char *plug, *unplug;              /* NULL: it named none */
    const char *counters[NR_PORT_COUNTERS]; /* NULL: it does not keep that one */
    uint64_t grain_pages;                   /* of plug and unplug; 0: it plugs nothing */
    const char *walk;                       /* NULL when it plugs nothing */
    uint64_t image_fixed_pages, image_bytes_a_page;
    bool p2m_means_nothing;
    const char *features[KERNEL_FEATURES_MAX];
    size_t nr_features;
    struct kernel_file files[KERNEL_FILES_MAX];
    size_t nr_files;
    struct kernel_waiver waivers[KERNEL_WAIVERS_MAX];
    size_t nr_waivers;
    const char *options; /* that those files were compiled with; NULL: none that users gave */
    struct kernel_choice choices[KERNEL_CHOICES_MAX];
    size_t nr_choices;
    struct kernel_sentence says[KERNEL_SAYS_MAX];
    size_t nr_says;
};

#define KERNEL_NO_MEMORY "no memory" /* a sentence that begins so says nothing against the description */

/* NULL with a sentence in error, which names the row. The text is copied. */
struct kernel *kernel_parse(const char *text, size_t bytes, char *error, size_t error_bytes);
void kernel_free(struct kernel *);

/* Xen's site or the kernel's own; NULL: there is none of that number, as between the last of Xen's and the first of the
 * kernel's. */
const struct fault_site_info *kernel_site(const struct kernel *, enum fault_site);
bool kernel_site_by_name(const struct kernel *, const char *name, size_t bytes, enum fault_site *);
/* The kernel's site whose call ends with this note; false: the note ends none. */
bool kernel_site_by_ending(const struct kernel *, uint64_t note, enum fault_site *);
/* Is a site seen when it returns, too? Xen's calls always are. */
bool kernel_site_returns(const struct kernel *, enum fault_site);
unsigned kernel_sites_end(const struct kernel *); /* behind the last number of a site */

/* Pages of its boot image: FIXED, and the bytes for each page that it may come to have. */
uint64_t kernel_image_pages(const struct kernel *, uint64_t pages);

/* The names that the kernel's own people use, or a general word if its description has none. */
const char *kernel_plug_name(const struct kernel *);
const char *kernel_unplug_name(const struct kernel *);
const char *kernel_counter_name(const struct kernel *, enum port_counter);
uint64_t kernel_counter(const struct port_counters *, enum port_counter); /* its value */
bool kernel_counts(const struct kernel *, enum port_counter);
bool kernel_lacks_p2m(const struct kernel *); /* the entries of its P2M mean nothing */
/* Why the kernel breaks an invariant by intent; NULL: it doesn't, or a file of a user's has taken the place of its own. */
const char *kernel_waives(const struct kernel *, const char *invariant);
bool kernel_has_feature(const struct kernel *, const char *name);
/* The choice of that name and value; NULL: it has none such. */
const struct kernel_choice *kernel_choice_of(const struct kernel *, const char *name, const char *value);

#endif
