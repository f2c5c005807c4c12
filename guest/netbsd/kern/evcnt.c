/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * evcnt(9): the list of all counters, so that one that is attached twice, or is
 * gone without having been detached, is noticed.
 */
#include <sys/param.h>
#include <sys/evcnt.h>

#include "guest/lib/debug_port.h"

struct evcntlist allevents = TAILQ_HEAD_INITIALIZER(allevents);

static bool
attached(const struct evcnt *ev)
{
	const struct evcnt *other;

	TAILQ_FOREACH (other, &allevents, ev_list)
		if (other == ev)
			return true;
	return false;
}

void
evcnt_attach_static(struct evcnt *ev)
{
	KASSERT(ev->ev_group != NULL && ev->ev_name != NULL);
	if (attached(ev)) {
		port_misuse("evcnt_attach: %s %s is attached already",
		    ev->ev_group, ev->ev_name);
		return;
	}
	TAILQ_INSERT_TAIL(&allevents, ev, ev_list);
}

void
evcnt_attach_dynamic_nozero(struct evcnt *ev, int type,
    const struct evcnt *parent, const char *group, const char *name)
{
	KASSERT(type >= EVCNT_TYPE_MISC && type <= EVCNT_TYPE_TRAP);
	ev->ev_type = (unsigned char)type;
	ev->ev_parent = parent;
	ev->ev_group = group;
	ev->ev_name = name;
	ev->ev_grouplen = (unsigned char)strlen(group);
	ev->ev_namelen = (unsigned char)strlen(name);
	evcnt_attach_static(ev);
}

void
evcnt_attach_dynamic(struct evcnt *ev, int type, const struct evcnt *parent,
    const char *group, const char *name)
{
	if (!attached(ev))
		memset(ev, 0, sizeof(*ev));
	evcnt_attach_dynamic_nozero(ev, type, parent, group, name);
}

void
evcnt_detach(struct evcnt *ev)
{
	if (!attached(ev)) {
		port_misuse("evcnt_detach: this counter is not attached");
		return;
	}
	TAILQ_REMOVE(&allevents, ev, ev_list);
}
