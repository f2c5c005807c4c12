/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Functions that Linux's files name, that nothing here is known to reach, and that have no honest answer in this runtime:
 * migration, files, processes, hardware. Each panics with its name.
 */
	.macro	never name
	.globl	\name
	.hidden	\name
	.type	\name, @function
\name:
	leaq	1f(%rip), %rdi
	jmp	linux_never
	.pushsection .rodata.str1.1, "aMS", @progbits, 1
1:	.asciz	"\name"
	.popsection
	.endm

	.text
	never	__cpuhp_setup_state
	never	__devres_alloc_node
	never	__folio_put
	never	_copy_from_user
	never	alloc_anon_inode
	never	alloc_migration_target
	never	alloc_workqueue
	never	arch_sync_kernel_mappings
	never	buffer_init
	never	devm_add_action
	never	devres_add
	never	devres_destroy
	never	devres_free
	never	devres_release
	never	early_memremap
	never	early_memunmap
	never	file_ns_capable
	never	global_dirty_limits
	never	init_pseudo
	never	isolate_freepages_range
	never	isolate_lru_page
	never	isolate_migratepages_range
	never	isolate_movable_page
	never	kill_anon_super
	never	kobject_create_and_add
	never	memdup_user_nul
	never	memory_read_from_buffer
	never	migrate_pages
	never	node_dirty_ok
	never	proc_create_seq_private
	never	proc_dointvec_minmax
	never	putback_movable_pages
	never	rebind_evtchn_irq
	never	reclaim_clean_pages_from_list
	never	seq_printf
	never	seq_put_decimal_ull
	never	seq_putc
	never	seq_puts
	never	set_pte_mfn
	never	setup_clear_cpu_cap
	never	simple_pin_fs
	never	simple_release_fs
	never	vmalloc_huge
	never	xen_add_preferred_consoles
	never	xen_asm_exc_xen_hypervisor_callback
	never	xen_banner
	never	xen_efi_init
	never	xen_entry_SYSCALL_64
	never	xen_entry_SYSCALL_compat
	never	xen_entry_SYSENTER_compat
	never	xen_failsafe_callback
	never	xen_init_vga
	never	xen_panic_handler_init
	never	xen_relocate_p2m
	never	xen_set_default_idle
	never	xenbus_dev_queue_reply

	.section .note.GNU-stack, "", @progbits
