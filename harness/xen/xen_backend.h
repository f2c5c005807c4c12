/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a runner needs to run scenarios on the real Xen: a hypervisor that is large enough, booted when the first
 * scenario wants one and kept for those that follow. xen_needs.h says which scenarios can't run on it.
 */
#ifndef HARNESS_XEN_XEN_BACKEND_H
#define HARNESS_XEN_XEN_BACKEND_H

#include "harness/language/scenario.h"
#include "harness/xen/xen_choice.h"
#include "harness/xen/xen_run.h"

struct xen_backend;

struct xen_backend *xen_backend_new(void); /* NULL: no memory. Boots nothing yet. */
void xen_backend_free(struct xen_backend *);

/*
 * The known Xen that a run on the real one is about: the chosen one, else the scenario's, else the first one that is
 * installed. A build of somebody's own is booted to find out what it is nearest to; when it does not come up, xen_backend_begin
 * says why.
 */
const struct known_xen *xen_backend_known(
    struct xen_backend *, const struct scenario *, const struct xen_choice *);
/*
 * The machine is of the known Xen that xen_backend_known says. From now on its domains are built on the real Xen, until the
 * end of the run. If it does not return XEN_FINE they are not, and the sentence says why.
 */
enum xen_trouble xen_backend_begin(struct xen_backend *, const struct scenario *, const struct xen_choice *,
    struct machine *, struct recorder *);
/* Was this kernel linked as an image for Xen? True, too, where none was: then it is to be built. */
bool xen_backend_has_kernel(const char *kernel);
/* What trouble there was so far; the sentence is about it. */
enum xen_trouble xen_backend_look(struct xen_backend *);
/* The run is over: ends its domains. If it does not return XEN_FINE, Xen did not survive the run. */
enum xen_trouble xen_backend_end(struct xen_backend *);
const char *xen_backend_sentence(const struct xen_backend *);
const struct xen_found *xen_backend_found(const struct xen_backend *); /* NULL: none was booted */
struct xen_counts xen_backend_counts(const struct xen_backend *);      /* of the last run */

#endif
