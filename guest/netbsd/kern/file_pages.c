/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A file that is read. Its pages stay until pages are short; then the page
 * daemon frees them, the oldest first, until enough is free. When it runs, and
 * for how long, UVM's limits say. Neither the age of a page nor a second queue
 * is modelled.
 */
#include "guest/netbsd/kern/file_pages.h"

#include <sys/param.h>
#include <sys/queue.h>
#include <uvm/uvm.h>

static TAILQ_HEAD(, vm_page) pages = TAILQ_HEAD_INITIALIZER(pages);
static uint64_t reclaimed;

/* Who reads waits for the page daemon as long as that has something to free. */
static struct vm_page *
page_for_file(void)
{
	for (;;) {
		struct vm_page *pg = uvm_pagealloc(NULL, 0, NULL, 0);

		if (pg != NULL || !file_pages_any())
			return pg;
		uvm_wait("filepage");
	}
}

psize_t
file_pages_read(psize_t npages)
{
	for (psize_t n = 0; n < npages; n++) {
		struct vm_page *pg = page_for_file();

		if (pg == NULL)
			return n;
		TAILQ_INSERT_TAIL(&pages, pg, pageq.queue);
		uvmexp.filepages++;
	}
	return npages;
}

bool
file_page_reclaim(void)
{
	struct vm_page *pg = TAILQ_FIRST(&pages);

	KASSERT((pg == NULL) == (uvmexp.filepages == 0));
	if (pg == NULL)
		return false;
	TAILQ_REMOVE(&pages, pg, pageq.queue);
	uvmexp.filepages--;
	reclaimed++;
	uvm_pagefree(pg);
	return true;
}

bool
file_pages_any(void)
{
	return uvmexp.filepages != 0;
}

uint64_t
file_pages_reclaimed(void)
{
	return reclaimed;
}
