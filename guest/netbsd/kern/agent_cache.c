/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * `cache SIZE`, as `cache 20m` or `cache 80%` of what is free: reads so much of
 * a file. Its pages stay until pages are short. The output is how many were
 * read and how many are there; the status is 1 when not all could be read.
 */
#include <sys/param.h>
#include <uvm/uvm_extern.h>

#include "guest/lib/output.h"
#include "guest/lib/workload.h"
#include "guest/netbsd/kern/agent.h"
#include "guest/netbsd/kern/file_pages.h"

int
agent_cache(struct output *out, const char *args)
{
	char word[24];
	uint64_t pages, done;

	(void)text_word(args, word, sizeof(word));
	if (!workload_amount(word, &pages)) {
		output_printf(out,
		    "cache: how much? 80%% of what is free, or 20m, or 100p\n");
		return 1;
	}
	done = file_pages_read(pages);
	output_printf(
	    out, "cache: %lu pages read, %d cached\n", done, uvmexp.filepages);
	return done == pages ? 0 : 1;
}
