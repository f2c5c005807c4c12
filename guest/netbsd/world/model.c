/* SPDX-License-Identifier: BSD-2-Clause */
/* What is true of each frame, and the frame around each call of the file. */
#include "guest/netbsd/world/world.h"

#include "guest/abi/boot.h"

struct world_model model;
struct world_shape shape;
struct world_call call;
extern struct guest_image guest_image;

int
world_frame_of(paddr_t pfn)
{
	const paddr_t frame = pfn - shape.base;

	return frame < (paddr_t)shape.frames ? (int)frame : WORLD_NO_FRAME;
}

bool
world_range_is(int first, int count, bool there)
{
	for (int f = first; f < first + count; f++) {
		if (model.frames[f].there != there)
			return false;
	}
	return true;
}

int
world_npages(void)
{
	int pages = 0;

	for (int f = 0; f < shape.frames; f++)
		pages += model.frames[f].live && model.frames[f].avail;
	return pages;
}

int
world_free(void)
{
	int pages = 0;

	for (int f = 0; f < shape.frames; f++)
		pages += model.frames[f].free;
	return pages;
}

int
world_segments(void)
{
	uvm_physseg_t upm = uvm_physseg_get_first();
	int count = 0;

	for (; count < WORLD_SEGMENTS_MAX && uvm_physseg_valid_p(upm); count++)
		upm = uvm_physseg_get_next(upm);
	return count;
}

struct vm_page *
world_page(int frame)
{
	psize_t offset = 0;
	const uvm_physseg_t upm = uvm_physseg_find(world_pfn(frame), &offset);

	return upm == UVM_PHYSSEG_TYPE_INVALID
		   ? NULL
		   : uvm_physseg_get_pg(upm, offset);
}

void
world_take(int first, int count)
{
	for (int f = first; f < first + count; f++) {
		struct vm_page *pg;

		if (!model.frames[f].free)
			continue;
		pg = world_page(f);
		if (pg != NULL)
			pg->flags &= ~(uint32_t)PG_FREE;
		uvmexp.free--;
		model.frames[f].free = 0;
	}
}

void
world_give(int first, int count)
{
	for (int f = first; f < first + count; f++) {
		struct vm_page *pg;

		if (!model.frames[f].live || !model.frames[f].avail ||
		    model.frames[f].free)
			continue;
		pg = world_page(f);
		if (pg != NULL)
			pg->flags |= PG_FREE;
		uvmexp.free++;
		model.frames[f].free = 1;
	}
}

void
call_begin(enum world_answer wanted, bool may_panic, unsigned refused)
{
	call = (struct world_call){.wanted = wanted,
	    .runs = true,
	    .may_panic = may_panic,
	    .refused = refused,
	    .npages = uvmexp.npages,
	    .physmem = physmem};
	for (int f = 0; f < shape.frames; f++)
		model.frames[f].freed = 0;
	guest_image.blocks_left = SMALL_WORLD_BLOCKS;
}

/* Every available page of the frames that it made live came to UVM once. */
void
call_end(bool succeeded, const char *what)
{
	for (int f = 0; f < shape.frames; f++) {
		struct world_frame *frame = &model.frames[f];
		const int wanted = frame->live && frame->avail && !frame->free;

		if (frame->freed != (succeeded ? wanted : 0))
			broken(RULE_FREED,
			    "%s %s: frame %#lx was given to UVM %d times, not "
			    "%d",
			    what, succeeded ? "succeeds" : "fails",
			    world_pfn(f), frame->freed, succeeded ? wanted : 0);
		if (succeeded && wanted)
			frame->free = 1;
		frame->freed = 0;
	}
	if (call.stray)
		broken(RULE_FREED, "%s gives UVM a page whose address is none",
		    what);
	arena_check();
	call.runs = false;
}
