/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A test of segment code in user space, as NetBSD has them: the kernel's file
 * is included as it is, and called. Which file, `make atf PHYSSEG=` says.
 */
#define _KERNEL /* the kernel's own struct uvm and panic */
#include <sys/param.h>
#include <uvm/uvm.h>

#include <atf-c.h>

#include "uvm_physseg.c"

#define	START	0x100
#define	END	0x200

static struct vm_page boot_pages[END - START];

/* A machine with one segment, up to the end of uvm_page_init. */
static uvm_physseg_t
boot(void)
{
	uvm_physseg_t upm;
	struct vm_page *pgs;

	uvm_physseg_init();
	upm = uvm_page_physload(START, END, START, END, VM_FREELIST_DEFAULT);
	ATF_REQUIRE(uvm_physseg_valid_p(upm));
	uvm_physseg_seg_chomp_slab(upm, boot_pages, END - START);
	pgs = uvm_physseg_seg_alloc_from_slab(upm, END - START);
	ATF_REQUIRE(pgs != NULL);
	uvm_physseg_init_seg(upm, pgs);
	physmem = END - START;
	uvm.page_init_done = true;
	return upm;
}

ATF_TC(boot_segment);
ATF_TC_HEAD(boot_segment, tc)
{
	atf_tc_set_md_var(tc, "descr", "what was loaded at boot is found");
}
ATF_TC_BODY(boot_segment, tc)
{
	uvm_physseg_t upm = boot();
	psize_t offset = 0;

	ATF_CHECK_EQ(uvm_physseg_get_start(upm), START);
	ATF_CHECK_EQ(uvm_physseg_get_end(upm), END);
	ATF_CHECK_EQ(uvm_physseg_get_highest_frame(), END - 1);
	ATF_CHECK(uvm_physseg_find(START + 7, &offset) == upm);
	ATF_CHECK_EQ(offset, 7);
	ATF_CHECK_EQ(uvm_physseg_get_pg(upm, 7)->phys_addr, ptoa(START + 7));
	ATF_CHECK_EQ(uvmexp.npages, END - START);
	ATF_CHECK_EQ(uvmexp.free, END - START);
}

ATF_TC(plug_after_boot);
ATF_TC_HEAD(plug_after_boot, tc)
{
	atf_tc_set_md_var(tc, "descr", "a plug after boot, with and without the option");
}
ATF_TC_BODY(plug_after_boot, tc)
{
	(void)boot();
#ifdef UVM_HOTPLUG
	ATF_REQUIRE(uvm_physseg_plug(END, 16, NULL));
	ATF_CHECK_EQ(uvm_physseg_get_highest_frame(), END + 15);
	ATF_CHECK_EQ(uvmexp.npages, END - START + 16);
	ATF_CHECK_EQ(physmem, END - START + 16);
#else
	ATF_CHECK(!uvm_physseg_plug(END, 16, NULL));
	ATF_CHECK_EQ(uvm_physseg_get_highest_frame(), END - 1);
#endif
}

ATF_TC(plug_what_is_there);
ATF_TC_HEAD(plug_what_is_there, tc)
{
	atf_tc_set_md_var(tc, "descr", "frames that are plugged already are refused");
}
ATF_TC_BODY(plug_what_is_there, tc)
{
	(void)boot();
	ATF_CHECK(!uvm_physseg_plug(END - 1, 2, NULL));
	ATF_CHECK(!uvm_physseg_plug(START, END - START, NULL));
	ATF_CHECK_EQ(physmem, END - START);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, boot_segment);
	ATF_TP_ADD_TC(tp, plug_after_boot);
	ATF_TP_ADD_TC(tp, plug_what_is_there);
	return atf_no_error();
}
