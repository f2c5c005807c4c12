/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The small world of segment code: a few page frames, of which this side knows
 * for each what has to be true of it (the model), and a uvm_physseg.c that is
 * asked and compared. Nothing here is shared with that file but the kernel's
 * interface.
 *
 *     services.c, arena.c      what the file calls: pages, locks, memory
 *     model.c                  which frames there are, and what may happen next
 *     operations.c, probes.c,  what is done to the file
 *     endings.c
 *     tests.c                  the way to a fault as a test in C
 *     look.c                   what it says, compared with the model
 *     world.c                  setups, and guest/abi/small_world.h
 */
#ifndef GUEST_NETBSD_WORLD_WORLD_H
#define GUEST_NETBSD_WORLD_WORLD_H

#include <sys/param.h>
#include <sys/systm.h>
#include <uvm/uvm.h>

#include "guest/abi/small_world.h"

#define WORLD_FRAMES_MAX   8
#define WORLD_SEGMENTS_MAX 16
#define WORLD_NO_FRAME	   (-1)

/* Rules, by rules.c. The text of one says what has to hold. */
enum world_rule {
#define RULE(id, name, ours, hard, text) RULE_##id,
#include "guest/netbsd/world/rules.h"
#undef RULE
	RULE_COUNT
};
extern const struct small_world_rule world_rules[RULE_COUNT];

/* A frame in the model. */
struct world_frame {
	uint8_t there; /* a segment has it */
	uint8_t avail; /* UVM may hand it out */
	uint8_t list;  /* free list */
	uint8_t live;  /* it has a struct vm_page */
	uint8_t free;  /* UVM has its page, by uvm_pagefree */
	uint8_t freed; /* how often the call that runs has freed it */
	uint8_t unused[2];
};

/* What a call has to answer. */
enum world_answer { MUST_SUCCEED, MAY_SUCCEED, MUST_FAIL };

/* The state of the model. */
struct world_model {
	struct world_frame frames[WORLD_FRAMES_MAX];
	uint8_t booted;	   /* uvm_page_init has been */
	int npages_before; /* pages that UVM counts besides those here */
	psize_t physmem;
	int reinits; /* expected of the call that runs; not more than this */
};
extern struct world_model model;

/* What never changes. */
struct world_shape {
	paddr_t base;	  /* frame 0's number */
	int frames;	  /* all of them */
	int first, count; /* those that operations are about */
	int anchor;	/* a frame that is loaded at boot and stays, or none */
	unsigned slots; /* VM_PHYSSEG_MAX */
	size_t page_bytes; /* sizeof(struct vm_page) */
	size_t
	    apart_bytes; /* between two blocks of memory; 0: as close as may be */
	bool slab_each; /* each segment brings a slab of its own */
	const struct small_world_host *host;
};
extern struct world_shape shape;

/* Of the call that runs; zero between two calls. */
struct world_call {
	enum world_answer wanted;
	bool runs, may_panic;
	bool stray;		    /* it gave UVM a page that is none */
	unsigned requests, refused; /* the n-th request for memory is refused */
	unsigned was_refused;
	int npages; /* as they were when it began */
	psize_t physmem;
	unsigned reinits;
};
extern struct world_call call;

/* edges.c: memory around the file's own variables, which stays as it is. */
bool edges_are_whole(void);

/* world.c: what is left out of a state */
void settle(void);

/* layout.c is compiled with the file's own options. */
extern const size_t world_page_bytes;
extern const unsigned world_slots;
extern const bool world_sorted;

/*
 * When it is set, what is badly wrong counts as this rule, and the rest not at
 * all: it follows from a call that nobody promised anything for, or was wrong
 * before.
 */
extern int blamed;
#define NOBODY_BLAMED (-1)
void broken(enum world_rule, const char *, ...) __printflike(2, 3);

/* arena.c */
void arena_begin(void);
struct vm_page *arena_boot_pages(size_t pages);
size_t arena_live(void); /* bytes that the file holds */
unsigned arena_blocks(void);
size_t arena_used(void);
void arena_check(void); /* nobody wrote where nobody may */
/* Which block an address is in, and how far; -1: none. */
int arena_block_of(const void *, size_t *offset);

/* model.c */
static inline paddr_t
world_pfn(int frame)
{
	return shape.base + (paddr_t)frame;
}
int world_frame_of(paddr_t pfn); /* or WORLD_NO_FRAME */
bool world_range_is(int first, int count, bool there);
int world_npages(void);
int world_free(void);
int world_segments(void);	       /* as the file has them */
void world_take(int first, int count); /* from UVM, so that nobody uses them */
void world_give(int first, int count);
struct vm_page *world_page(int frame);

/* Around each call of the file. */
void call_begin(enum world_answer, bool may_panic, unsigned refused);
void call_end(bool succeeded, const char *what);

/* operations.c */
unsigned operations_count(void);
bool operation_allowed(unsigned);
unsigned operation_run(unsigned, unsigned refused);
void operation_name(unsigned, unsigned refused, char *);
bool plug(int first, int count, unsigned refused);
bool unplug(int first, int count, unsigned refused);
void judge_taken(bool done, int first, int count, const char *what);
void page_init(void);
/* The range of a number in [0, ranges_count()). */
int ranges_count(void);
void range_of(int number, int *first, int *count);

void operation_test(unsigned, unsigned refused, unsigned rule, char *);

/* tests.c: RULE_COUNT when no rule is broken by the step */
void test_begin(char *);
bool test_end(unsigned rule, char *);
void test_plug(char *, unsigned rule, int first, int count);
void test_unplug(char *, unsigned rule, int first, int count);
void test_load(
    char *, unsigned rule, int first, int count, int head, int tail, int list);
bool test_is_about_answer(unsigned rule);
void test_unload(char *, unsigned rule, int frame, bool force);

/* look.c */
void look(void);
size_t look_key(uint8_t *);

/* probes.c */
unsigned probes_count(void);
bool probe_allowed(unsigned);
void probe_run(unsigned);
void probe_name(unsigned, char *);
bool probe_test(unsigned, unsigned rule, char *);

/* endings.c */
int free_run(int *first); /* of frames that nobody has; 0: none */
void probe_cycle(int how);
void probe_end(int how);

#endif
