/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * `call FUNCTION pfn=N pages=N`: physseg code below any driver. The output is
 * what the function returned: true, false, or a number, -1 for none. The
 * status is 1 when the line can't be understood.
 */
#include <sys/param.h>
#include <uvm/uvm.h>

#include "guest/lib/output.h"
#include "guest/netbsd/kern/agent.h"
#include "guest/netbsd/kern/description.h"

/* The number behind `key=` in a text. */
static bool
text_number(const char *text, const char *key, u_long *value)
{
	size_t key_bytes = strlen(key);
	char word[64], *end;

	for (;;) {
		text = text_word(text, word, sizeof(word));
		if (word[0] == '\0')
			return false;
		if (strncmp(word, key, key_bytes) != 0 ||
		    word[key_bytes] != '=')
			continue;
		*value = strtoul(word + key_bytes + 1, &end, 0);
		return end != word + key_bytes + 1 && *end == '\0';
	}
}

/* What `get` says of the segment that holds a frame; -1: there is none. */
static long
of_segment(paddr_t (*get)(uvm_physseg_t), paddr_t pfn)
{
	return (long)get(uvm_physseg_find(pfn, NULL));
}

static long
call_find(u_long pfn)
{
	psize_t off;

	return uvm_physseg_valid_p(uvm_physseg_find(pfn, &off)) ? (long)off
								: -1;
}

/* The functions of description.h: each tells what it returned. */
static void
call_uvm_physseg_plug(struct output *out, u_long pfn, u_long pages)
{
	uvm_physseg_t upm;

	output_printf(
	    out, uvm_physseg_plug(pfn, pages, &upm) ? "true\n" : "false\n");
}

static void
call_uvm_physseg_unplug(struct output *out, u_long pfn, u_long pages)
{
	output_printf(
	    out, uvm_physseg_unplug(pfn, pages) ? "true\n" : "false\n");
}

static void
call_uvm_physseg_find(struct output *out, u_long pfn, u_long pages __unused)
{
	output_printf(out, "%ld\n", call_find(pfn));
}

static void
call_uvm_physseg_get_highest_frame(
    struct output *out, u_long pfn __unused, u_long pages __unused)
{
	output_printf(out, "%lu\n", uvm_physseg_get_highest_frame());
}

#define GETTER(function)                                                       \
	static void call_##function(                                           \
	    struct output *out, u_long pfn, u_long pages __unused)             \
	{                                                                      \
		output_printf(out, "%ld\n", of_segment(function, pfn));        \
	}
GETTER(uvm_physseg_get_start)
GETTER(uvm_physseg_get_end)
GETTER(uvm_physseg_get_avail_start)
GETTER(uvm_physseg_get_avail_end)

int
agent_call(struct output *out, const char *args)
{
	static const struct {
		const char *name, *parameters;
		void (*run)(struct output *, u_long, u_long);
	} calls[] = {
#define X(function, parameters) {#function, parameters, call_##function},
	    NETBSD_CALLS(X)
#undef X
	};
	char name[48];
	u_long pfn = 0, pages = 1;
	size_t i = 0;
	bool has_pfn;

	args = text_word(args, name, sizeof(name));
	has_pfn = text_number(args, "pfn", &pfn);
	(void)text_number(args, "pages", &pages);
	while (i < __arraycount(calls) && strcmp(name, calls[i].name) != 0)
		i++;
	if (i == __arraycount(calls)) {
		output_printf(out, "call: this kernel has no %s\n", name);
		return 1;
	}
	if (calls[i].parameters[0] != '\0' && !has_pfn) {
		output_printf(out, "call %s: which pfn=N?\n", name);
		return 1;
	}
	calls[i].run(out, pfn, pages);
	return 0;
}
