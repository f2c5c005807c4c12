/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * `plug-cycles CYCLES PAGES [HOLE]`: each cycle plugs so many pages behind the
 * end of memory, takes them from UVM, and unplugs them. What is left afterwards
 * is what segment code did not free. With a hole between, also a file that
 * joins neighbours makes a segment of them. The output is how many cycles went
 * through; the status is 1 when the line can't be understood or there is no
 * room.
 */
#include <sys/param.h>
#include <uvm/uvm.h>
#include <uvm/uvm_physseg.h>
#include <xen/xenpmap.h>

#include "guest/lib/output.h"
#include "guest/netbsd/kern/agent.h"
#include "guest/netbsd/kern/lent_pages.h"
#include "guest/netbsd/kern/pmap.h"

/* NULL, or what was refused. */
static const char *
cycle(size_t pages, size_t hole)
{
	bool lost;
	const char *refused = lent_plug(pages, hole, &lost);

	if (refused != NULL)
		return refused;
	if (!uvm_physseg_unplug(lent_first(), pages)) {
		lent_leave(pages);
		return "unplug returned false";
	}
	lent_return(pages);
	return NULL;
}

int
agent_plug_cycles(struct output *out, const char *args)
{
	char word[24];
	u_long cycles, pages, hole, done;
	const paddr_t pfn = atop(pmap_pa_end);
	const char *refused = NULL;

	args = text_word(args, word, sizeof(word));
	cycles = strtoul(word, NULL, 0);
	args = text_word(args, word, sizeof(word));
	pages = strtoul(word, NULL, 0);
	(void)text_word(args, word, sizeof(word));
	hole = strtoul(word, NULL, 0);
	if (cycles == 0 || pages == 0 || pages > LENT_PAGES_MAX ||
	    hole > p2m_entries) {
		output_printf(out,
		    "usage: plug-cycles CYCLES PAGES [HOLE], at most %d "
		    "pages\n",
		    LENT_PAGES_MAX);
		return 1;
	}
	if (pfn + hole + pages > p2m_entries) {
		output_printf(out, "plug-cycles: the P2M ends at page %lu\n",
		    (u_long)p2m_entries);
		return 1;
	}
	for (done = 0; done < cycles && refused == NULL; done++)
		refused = cycle(pages, hole);
	if (refused != NULL)
		output_printf(
		    out, "plug-cycles: %s in cycle %lu\n", refused, done);
	else
		output_printf(out, "%lu\n", done);
	return 0;
}
