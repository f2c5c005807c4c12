/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * `call FUNCTION pfn=N pages=N`: physseg code below any driver. The output is
 * what the function returned: true, false, or a number, -1 for none. Status 1
 * is a line that makes no sense.
 */
#include <sys/param.h>
#include <uvm/uvm.h>

#include "guest/lib/output.h"
#include "guest/netbsd/kern/agent.h"

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

/* Of the segment that holds a frame; -1 when none does. */
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

int
agent_call(struct output *out, const char *args)
{
	static const struct {
		const char *name;
		paddr_t (*get)(uvm_physseg_t);
	} getters[] = {
	    {"uvm_physseg_get_start", uvm_physseg_get_start},
	    {"uvm_physseg_get_end", uvm_physseg_get_end},
	    {"uvm_physseg_get_avail_start", uvm_physseg_get_avail_start},
	    {"uvm_physseg_get_avail_end", uvm_physseg_get_avail_end},
	};
	char name[48];
	u_long pfn = 0, pages = 1;
	uvm_physseg_t upm;
	bool has_pfn;

	args = text_word(args, name, sizeof(name));
	has_pfn = text_number(args, "pfn", &pfn);
	(void)text_number(args, "pages", &pages);
	if (strcmp(name, "uvm_physseg_get_highest_frame") == 0) {
		output_printf(out, "%lu\n", uvm_physseg_get_highest_frame());
		return 0;
	}
	if (!has_pfn) {
		output_printf(out, "call %s: which pfn=N?\n", name);
		return 1;
	}
	if (strcmp(name, "uvm_physseg_plug") == 0)
		output_printf(out,
		    uvm_physseg_plug(pfn, pages, &upm) ? "true\n" : "false\n");
	else if (strcmp(name, "uvm_physseg_unplug") == 0)
		output_printf(
		    out, uvm_physseg_unplug(pfn, pages) ? "true\n" : "false\n");
	else if (strcmp(name, "uvm_physseg_find") == 0)
		output_printf(out, "%ld\n", call_find(pfn));
	else {
		for (size_t i = 0; i < __arraycount(getters); i++) {
			if (strcmp(name, getters[i].name) != 0)
				continue;
			output_printf(
			    out, "%ld\n", of_segment(getters[i].get, pfn));
			return 0;
		}
		output_printf(out, "call: this kernel has no %s\n", name);
		return 1;
	}
	return 0;
}
