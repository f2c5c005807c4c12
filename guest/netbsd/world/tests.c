/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The way to a broken rule as statements in C, for a test that somebody keeps:
 * they call the functions of replay.h, around the same segment file.
 */
#include "guest/netbsd/world/world.h"

#include <sys/stdarg.h>

/* Of these rules the last call's answer is wrong. */
static bool
is_about_answer(unsigned rule, bool *wanted)
{
	switch (rule) {
	case RULE_PLUG_REFUSED:
	case RULE_LOAD_REFUSED:
	case RULE_UNPLUG_REFUSED:
	case RULE_UNLOAD_REFUSED:
		*wanted = true;
		return true;
	case RULE_OVERLAP:
	case RULE_LATE:
	case RULE_NO_RANGE:
	case RULE_ABSENT:
	case RULE_ARGUMENTS:
		*wanted = false;
		return true;
	default:
		return false;
	}
}

/* A call as a statement, with what it has to answer when the rule is about it. */
static void __printflike(3, 4)
    put_call(char *text, unsigned rule, const char *format, ...)
{
	char expression[SMALL_WORLD_TEXT_MAX];
	bool wanted;
	va_list ap;

	va_start(ap, format);
	vsnprintf(expression, sizeof(expression), format, ap);
	va_end(ap);
	if (is_about_answer(rule, &wanted))
		snprintf(text, SMALL_WORLD_TEXT_MAX, "ATF_CHECK(%s%s);",
		    wanted ? "" : "!", expression);
	else
		snprintf(text, SMALL_WORLD_TEXT_MAX, "(void)%s;", expression);
}

void
test_plug(char *text, unsigned rule, int first, int count)
{
	put_call(text, rule, "replay_plug(%#lx, %d)", world_pfn(first), count);
}

void
test_unplug(char *text, unsigned rule, int first, int count)
{
	put_call(
	    text, rule, "replay_unplug(%#lx, %d)", world_pfn(first), count);
}

void
test_load(char *text, unsigned rule, int first, int count, int head, int tail,
    int list)
{
	const paddr_t start = world_pfn(first);
	const paddr_t end = world_pfn(first + count - 1) + 1;

	put_call(text, rule, "replay_load(%#lx, %#lx, %#lx, %#lx, %d)", start,
	    end, start + (paddr_t)head, end - (paddr_t)tail, list);
}

void
test_unload(char *text, unsigned rule, int frame, bool force)
{
	put_call(text, rule, "replay_unload(%#lx, %s)", world_pfn(frame),
	    force ? "true" : "false");
}

/* The first statements: what begin() did. */
void
test_begin(char *text)
{
	size_t used =
	    (size_t)snprintf(text, SMALL_WORLD_TEXT_MAX, "uvm_physseg_init();");

	if (shape.anchor != WORLD_NO_FRAME) {
		text[used++] = '\n';
		test_load(text + used, RULE_COUNT, shape.anchor, 1, 0, 0, 0);
	}
}

bool
test_is_about_answer(unsigned rule)
{
	bool wanted;

	return is_about_answer(rule, &wanted);
}

/* Rules that replay.h looks after, in a call or when all has been done. */
static bool
is_looked_after(unsigned rule)
{
	switch (rule) {
	case RULE_PANIC:
	case RULE_SIGNAL:
	case RULE_FIND:
	case RULE_WALK:
	case RULE_BOUNDS:
	case RULE_AVAIL:
	case RULE_FREE_LIST:
	case RULE_VALID:
	case RULE_PAGE:
	case RULE_PAGE_ZERO:
	case RULE_NPAGES:
	case RULE_PHYSMEM:
	case RULE_SLEEPS:
	case RULE_MEMORY:
		return true;
	default:
		return false;
	}
}

/* The last one: what has to hold of all frames. */
bool
test_end(unsigned rule, char *text)
{
	char frames[WORLD_FRAMES_MAX + 1] = "";

	text[0] = 0;
	if (!is_looked_after(rule))
		return test_is_about_answer(rule);
	for (int f = 0; f < shape.frames; f++) {
		const struct world_frame *frame = &model.frames[f];

		frames[f] = !frame->there      ? '-'
			    : frame->list == 0 ? (frame->avail ? 'a' : 'u')
					       : (frame->avail ? 'A' : 'U');
	}
	snprintf(text, SMALL_WORLD_TEXT_MAX,
	    "replay_expect(%#lx, \"%s\", %d, %lu);", shape.base, frames,
	    model.npages_before + world_npages(), model.physmem);
	return true;
}
