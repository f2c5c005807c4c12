/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The P2M and M2P of this domain, and the queue of updates to the latter.
 */
#include "guest/netbsd/kern/pmap.h"

#include <sys/param.h>
#include <uvm/uvm_extern.h>
#include <xen/hypervisor.h>
#include <xen/xenpmap.h>

#include "guest/lib/boot_block.h"
#include "guest/lib/debug_port.h"
#include "guest/lib/window.h"
#include "guest/netbsd/kern/driver.h"
#include "guest/netbsd/kern/kmem.h"
#include "guest/netbsd/kern/start.h"
#include "guest/netbsd/kern/thread.h"

#define XPQUEUE_SIZE 2048

unsigned long *xpmap_phys_to_machine_mapping;
const unsigned long *__machine_to_phys;
paddr_t pmap_pa_start;
paddr_t pmap_pa_end;
paddr_t p2m_entries;
const unsigned long *p2m_told;

static mmu_update_t queue[XPQUEUE_SIZE];
static mmu_update_t *queued = queue; /* behind the last update */

void
pmap_init_boot(void)
{
	const start_info_t *si = boot_block->start_info;

	KASSERT(si->nr_pages != 0);
	KASSERT(si->nr_pages <= boot_block->p2m_entries);
	xpmap_phys_to_machine_mapping = (unsigned long *)si->mfn_list;
	p2m_told = xpmap_phys_to_machine_mapping;
	p2m_entries = boot_block->p2m_entries;
	__machine_to_phys = (const unsigned long *)boot_block->m2p;
	pmap_pa_start = 0;
	pmap_pa_end = ptoa(boot_end_pfn());
}

/*
 * The builder's P2M ends where its memory ends: a driver that plugs more makes
 * itself a larger table. How long that is, its allocation says; of one that is
 * not from kmem(9) so much is known that all memory is in it.
 */
void
p2m_tell(void)
{
	unsigned long *table = xpmap_phys_to_machine_mapping;

	p2m_told = table;
	if (table == (unsigned long *)boot_block->start_info->mfn_list)
		p2m_entries = boot_block->p2m_entries;
	else {
		p2m_entries = kmem_size(table) / sizeof(*table);
		if (p2m_entries == 0)
			p2m_entries = atop(pmap_pa_end);
	}
	(void)port_call(
	    PORT_PUBLISH, PORT_P2M, (unsigned long)table, p2m_entries, 0);
}

/*
 * Gives the queued updates to Xen, in order. When Xen refuses one, a frame is
 * not the domain's, or no longer: the tables are not what the kernel believes.
 */
void
xpq_flush_queue(void)
{
	int n = (int)(queued - queue), done = 0, ok, error;

	queued = queue;
	while (done < n) {
		ok = 0;
		error = HYPERVISOR_mmu_update(
		    queue + done, n - done, &ok, DOMID_SELF);
		done += ok;
		if (error < 0 && done < n)
			panic("xpq_flush_queue: update %d of %d, %#lx <- %#lx: "
			      "error %d",
			    done + 1, n, (u_long)queue[done].ptr,
			    (u_long)queue[done].val, -error);
		if (ok <= 0)
			panic("xpq_flush_queue: nothing done of %d", n - done);
	}
	if (BY_DRIVER())
		schedule_point_of_seed();
}

static void
enqueue(uint64_t ptr, uint64_t val)
{
	mmu_update_t *update = queued++;

	KASSERT(update < queue + XPQUEUE_SIZE);
	update->ptr = ptr;
	update->val = val;
	if (update == queue + XPQUEUE_SIZE - 1)
		xpq_flush_queue();
}

void
xpq_queue_machphys_update(paddr_t ma, paddr_t pa)
{
	enqueue(ma | MMU_MACHPHYS_UPDATE, (pa - XPMAP_OFFSET) >> PAGE_SHIFT);
}

void
xpq_queue_pte_update(paddr_t ptr, pt_entry_t val)
{
	enqueue(ptr | MMU_NORMAL_PT_UPDATE, val);
}

/* The queue is in order: what was queued before takes effect before. */
static void
flush_translations(unsigned int command, vaddr_t va)
{
	struct mmuext_op op = {.cmd = command};
	int done = 0, error;

	xpq_flush_queue();
	op.arg1.linear_addr = va;
	error = HYPERVISOR_mmuext_op(&op, 1, &done, DOMID_SELF);
	if (error != 0)
		panic("xpq: flushing translations: error %d", -error);
	KASSERT(done == 1);
}

void
xpq_queue_invlpg(vaddr_t va)
{
	flush_translations(MMUEXT_INVLPG_LOCAL, va);
}

void
xpq_queue_tlb_flush(void)
{
	flush_translations(MMUEXT_TLB_FLUSH_LOCAL, 0);
}

void
pmap_zero_page(paddr_t pa)
{
	window_write(atop(pa), 0);
}

void
pmap_copy_page(paddr_t from, paddr_t to)
{
	window_write(atop(to), window_read(atop(from)));
}

/* Pages are mapped for the time of one call only (guest/lib/window.h). */
void
pmap_page_protect(struct vm_page *pg __unused, vm_prot_t prot __unused)
{
}

bool
pmap_clear_modify(struct vm_page *pg __unused)
{
	return false;
}

bool
pmap_clear_reference(struct vm_page *pg __unused)
{
	return false;
}
