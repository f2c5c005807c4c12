/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A workload: it takes pages from UVM, writes into each a pattern that no
 * other page ever had, and reads it back. What it holds stays in use until
 * `release`. Pages are reached by real mappings, one at a time.
 */
#include "guest/netbsd/kern/kern.h"

#include <uvm/uvm.h>

/* Last taken first; pg->offset keeps the page's generation. */
static struct vm_page *held;
static psize_t held_pages;
static uint64_t generation;

/* Unique to page and generation, and never 0: that is a zeroed page. */
static uint64_t
stamp_of(const struct vm_page *pg)
{
	uint64_t x = (uint64_t)pg->offset << 40 ^ atop(pg->phys_addr);

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9ull;
	x = (x ^ x >> 27) * 0x94d049bb133111ebull;
	return x == 0 ? 1 : x;
}

static bool
take_page(void)
{
	struct vm_page *pg = uvm_pagealloc(NULL, 0, NULL, 0);

	if (pg == NULL)
		return false;
	pg->offset = (voff_t)++generation;
	TAILQ_NEXT(pg, pageq.queue) = held;
	held = pg;
	held_pages++;
	window_write(pg->phys_addr, stamp_of(pg));
	schedule_point();
	return true;
}

static bool
page_intact(const struct vm_page *pg)
{
	uint64_t wanted = stamp_of(pg), seen = window_read(pg->phys_addr);

	if (seen == wanted)
		return true;
	port_note(NOTE_DATA_LOST, atop(pg->phys_addr), wanted, seen);
	return false;
}

static void
give_page(void)
{
	struct vm_page *pg = held;

	KASSERT(pg != NULL);
	KASSERT(held_pages > 0);
	held = TAILQ_NEXT(pg, pageq.queue);
	held_pages--;
	uvm_pagefree(pg);
	schedule_point();
}

/* "80%" of the free pages, "20m", "100p"; false: it is none of these. */
static bool
parse_amount(const char *text, psize_t *pages)
{
	char *end;
	uint64_t n = strtoull(text, &end, 10);

	if (end == text)
		return false;
	switch (*end++) {
	case '%':
		*pages = (psize_t)uvmexp.free * MIN(n, 100) / 100;
		break;
	case 'p':
		*pages = n;
		break;
	case 'k':
		*pages = n >> (PAGE_SHIFT - 10);
		break;
	case 'm':
		*pages = n << (20 - PAGE_SHIFT);
		break;
	case 'g':
		*pages = n << (30 - PAGE_SHIFT);
		break;
	default:
		return false;
	}
	return *end == '\0';
}

int
workload_hold(struct output *out, const char *args)
{
	char word[24];
	psize_t pages, taken = 0;

	(void)text_word(args, word, sizeof(word));
	if (!parse_amount(word, &pages)) {
		output_printf(out, "hold: how much? 80%% of what is free, or "
				   "20m, or 100p\n");
		return 1;
	}
	while (taken < pages && take_page())
		taken++;
	output_printf(out, "hold: %lu pages, %lu held\n", taken, held_pages);
	return taken == pages ? 0 : 1;
}

static psize_t
verify_first(psize_t pages)
{
	psize_t lost = 0;

	for (const struct vm_page *pg = held; pg != NULL && pages != 0;
	     pg = TAILQ_NEXT(pg, pageq.queue), pages--) {
		if (!page_intact(pg))
			lost++;
		schedule_point();
	}
	return lost;
}

/* Take so much, read it back, give it up: so many times. */
int
workload_churn(struct output *out, const char *args)
{
	char word[24];
	psize_t pages, lost = 0, total = 0;
	uint64_t rounds = 1;

	args = text_word(args, word, sizeof(word));
	if (!parse_amount(word, &pages)) {
		output_printf(out, "churn: how much? 20m, or 100p\n");
		return 1;
	}
	(void)text_word(args, word, sizeof(word));
	if (word[0] != '\0')
		rounds = strtoull(word, NULL, 10);
	for (uint64_t k = 0; k < rounds; k++) {
		psize_t taken = 0;

		while (taken < pages && take_page())
			taken++;
		lost += verify_first(taken);
		total += taken;
		while (taken-- > 0)
			give_page();
		thread_yield();
	}
	output_printf(out, "churn: %lu pages, %lu lost\n", total, lost);
	return lost == 0 ? 0 : 1;
}

int
workload_verify(struct output *out, const char *args __unused)
{
	psize_t lost = verify_first(held_pages);

	output_printf(out, "verify: %lu pages, %lu lost\n", held_pages, lost);
	return lost == 0 ? 0 : 1;
}

int
workload_release(struct output *out, const char *args __unused)
{
	psize_t pages = held_pages;

	while (held != NULL)
		give_page();
	output_printf(out, "release: %lu pages\n", pages);
	return 0;
}
