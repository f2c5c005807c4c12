/* SPDX-License-Identifier: BSD-2-Clause */
/* The rules as a table. */
#include "guest/netbsd/world/world.h"

#include <sys/stdarg.h>

#undef RULE
#define RULE(id, name, ours, hard, text)                                       \
	[RULE_##id] = {(name), (text), (ours), (hard)},
const struct small_world_rule world_rules[RULE_COUNT] = {
#include "guest/netbsd/world/rules.h"
};
#undef RULE

int blamed = NOBODY_BLAMED;

void
broken(enum world_rule rule, const char *format, ...)
{
	char text[SMALL_WORLD_TEXT_MAX];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	if (blamed != NOBODY_BLAMED && rule != (unsigned)blamed) {
		if (!world_rules[rule].hard)
			return;
		rule = (enum world_rule)blamed;
	}
	shape.host->broken(rule, text);
}
