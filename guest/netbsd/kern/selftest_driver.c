/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * `selftest driver`: calls that autoconf(9) and sysctl(9) allow, and that this
 * machine with its one bus and one device never makes by itself. It tests the
 * driver and not the runtime, so `selftest` alone leaves it out. `selftest
 * nodes` asks what sysctl(9) promises of every driver's nodes.
 */
#include "guest/netbsd/kern/selftest.h"

#include <sys/device.h>
#include <sys/sysctl.h>
#include <xen/xenbus.h>

#include "guest/netbsd/kern/sysctl.h"

#include "locators.h"

extern struct cfattach balloon_ca __attribute__((__weak__));

static int
match(const char *type, int id, int *locators)
{
	struct cfdata cfdata = {
	    .cf_name = "balloon", .cf_atname = "balloon", .cf_loc = locators};
	struct xenbusdev_attach_args xa = {.xa_type = type, .xa_id = id};

	return balloon_ca.ca_match(NULL, &cfdata, &xa);
}

static void
check_match(void)
{
	int any[XENBUSCF_NLOCS] = {XENBUSCF_ID_DEFAULT};
	int third[XENBUSCF_NLOCS] = {3};

	CHECK(match("balloon", 0, any) != 0);
	CHECK(match("balloon", 0, NULL) != 0);
	CHECK(match("balloon", 3, third) != 0);
	CHECK(match("balloon", 2, third) == 0);
	CHECK(match("console", 0, any) == 0);
}

/* A value whose size is wrong must be refused, and change nothing. */
static void
check_size(const char *name)
{
	const struct sysctlnode *node;
	char odd[3] = {1, 0, 0};
	uint64_t before = 0, after = 0;
	size_t bytes = sizeof(before);
	const char *bad;
	u_int level;

	node = sysctl_by_name(name, &bad, &level);
	CHECK(node != NULL);
	if (node == NULL)
		return;
	CHECK(sysctl_read_node(node, &before, &bytes) == 0);
	CHECK(sysctl_write_node(node, odd, sizeof(odd)) != 0);
	bytes = sizeof(after);
	CHECK(sysctl_read_node(node, &after, &bytes) == 0);
	CHECK(before == after && before != 0);
}

void
selftest_driver(void)
{
	check_match();
}

/* `selftest nodes`: those that balloon(4) lets a user write. */
void
selftest_nodes(void)
{
	check_size("machdep.xen.balloon.min");
	check_size("machdep.xen.balloon.target");
}
