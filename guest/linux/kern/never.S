/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Functions that Linux's files name, that nothing here is known to reach, and that have no honest answer in this runtime:
 * files, processes, hardware. Each panics with its name. A version that brings the function itself has its own.
 */
	.macro	never name
	.weak	\name
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
	never	BUG_func
	never	__devm_add_action
	never	__devres_alloc_node
	never	__folio_lock
	never	__folio_put
	never	__kvmalloc_node_noprof
	never	__get_random_u32_below
	never	__seq_puts
	never	_copy_from_user
	never	alloc_anon_inode
	never	alloc_workqueue
	never	alloc_workqueue_noprof
	never	arch_sync_kernel_mappings
	never	buffer_init
	never	complete
	never	devm_add_action
	never	devm_release_action
	never	devres_add
	never	devres_destroy
	never	devres_free
	never	devres_release
	never	early_memremap
	never	early_memunmap
	never	file_ns_capable
	never	get_cpu_cacheinfo
	never	global_dirty_limits
	never	init_pseudo
	never	isolate_freepages_range
	never	isolate_lru_page
	never	isolate_movable_page
	never	kill_anon_super
	never	kobject_create_and_add
	never	kvrealloc_node_align_noprof
	never	kvrealloc_noprof
	never	memdup_user_nul
	never	memory_read_from_buffer
	never	node_dirty_ok
	never	page_reporting_register
	never	page_reporting_unregister
	never	percpu_ref_exit
	never	percpu_ref_kill_and_confirm
	never	proc_create_seq_private
	never	proc_dointvec_minmax
	never	register_shrinker
	never	seq_printf
	never	seq_put_decimal_ull
	never	seq_putc
	never	seq_puts
	never	seq_write
	never	setup_clear_cpu_cap
	never	simple_pin_fs
	never	simple_release_fs
	never	unregister_shrinker
	never	pfnmap_untrack
	never	untrack_pfn
	never	vmalloc_huge
	never	vmalloc_huge_noprof
	never	vmalloc_huge_node_noprof
	never	wake_up_var
	never	wait_for_completion
	never	xen_add_preferred_consoles
	never	xen_add_remap_nonram
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

/* Functions that have nothing to do here, and whose answer is 0: CPUs that come and go, files of /proc/sys, page tables, locks of the log. */
	.macro	nothing name
	.weak	\name
	.hidden	\name
	.type	\name, @function
\name:
	xorl	%eax, %eax
	ret
	.endm

	nothing	__cpuhp_setup_state
	nothing	__printk_deferred_enter
	nothing	__printk_deferred_exit
	nothing	__printk_safe_enter
	nothing	__printk_safe_exit
	nothing	__register_sysctl_init
	nothing	acpi_nvs_register
	nothing	mlock_drain_remote
	nothing	mlock_page_drain_remote
	nothing	mm_cache_init
	nothing	pgtable_cache_init
	nothing	register_sysctl_table
	nothing	vmalloc_init

	.section .note.GNU-stack, "", @progbits
