#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Finishes an object of Linux's for the link, in place: what is patched into code at boot is left out, since nothing is patched
# here; lists that Linux's linker script collects get names by which any linker does; and calls that the harness is told of
# go through the runtime, in the object that makes them.
#     guest/linux/finish.sh SOURCE [OPTION...] OBJECT       SOURCE: its name in Linux's tree; options of objcopy
set -eu
source=$1
shift
options=
case $source in
drivers/xen/balloon.c | drivers/xen/xen-balloon.c | drivers/xen/mem-reservation.c | drivers/virtio/*.c | mm/balloon_compaction.c)
	for section in .text .text.unlikely .text.startup .text.hot .init.text; do options="$options --rename-section $section=driver_text"; done
	;;
esac
case $source in
drivers/xen/balloon.c | mm/sparse-vmemmap.c | mm/balloon_compaction.c | drivers/virtio/*.c)
	for object; do :; done
	allocates=$(nm "$object" | sed -n 's/^ *U \(__alloc_pages.*\)/\1/p') # newer versions have _noprof behind the name
	;;
esac
case $source in
drivers/xen/balloon.c | mm/balloon_compaction.c | drivers/virtio/*.c)
	options="$options --redefine-sym ${allocates:-__alloc_pages}=ballast_alloc_pages --redefine-sym alloc_pages_node_noprof=ballast_alloc_pages_node --redefine-sym __free_pages=ballast_free_pages
	    --redefine-sym free_reserved_page=ballast_free_reserved_page --redefine-sym free_reserved_pages=ballast_free_reserved_pages --redefine-sym add_memory_resource=ballast_add_memory_resource
	    --redefine-sym allocate_resource=ballast_allocate_resource"
	;;
drivers/xen/xenbus/xenbus_xs.c)
	options="$options --redefine-sym sprintf=ballast_print_token --redefine-sym simple_strtoul=ballast_read_token"
	;;
mm/sparse-vmemmap.c)
	options="$options --redefine-sym ${allocates:-__alloc_pages}=ballast_memmap_pages
	    --redefine-sym alloc_pages_node_noprof=ballast_memmap_pages_node"
	;;
mm/memory_hotplug.c)
	options="$options --redefine-sym __free_pages_core=ballast_free_pages_core"
	;;
drivers/base/memory.c)
	options="$options --redefine-sym online_pages=ballast_online_pages --redefine-sym offline_pages=ballast_offline_pages
	    --redefine-sym mhp_init_memmap_on_memory=ballast_init_memmap_on_memory
	    --redefine-sym mhp_deinit_memmap_on_memory=ballast_deinit_memmap_on_memory"
	;;
esac
# Of this file a part is taken, where a version has it: what keeps the memory that the map has beside the guest's own, and
# decides who gets it. The rest starts CPUs. Which kind of domain it is, the runtime says.
case $source in
arch/x86/xen/enlighten.c)
	for object; do :; done
	part=$(nm --defined-only "$object" | sed -n 's/.* \(arch_xen_unpopulated_init\|xen_add_extra_mem\|xen_extra_mem\|xen_released_pages\)$/\1/p')
	if [ -n "$part" ]; then
		ld -r --gc-sections $(printf ' -u %s' $part) -o "$object.part" "$object"
		objcopy -w --strip-unneeded-symbol='*' $(printf ' -K %s' $part) --weaken-symbol xen_domain_type "$object.part" "$object"
		rm "$object.part"
	fi
	;;
esac
# Of the files' initcalls those run that have something to start here: not files of /proc and /sys/kernel.
case $source in
drivers/xen/*.c | mm/page_alloc.c)
	for level in early 2 4 7s; do options="$options --rename-section .initcall$level.init=initcalls_$level"; done
	;;
drivers/virtio/*.c)
	options="$options --rename-section .initcall6.init=initcalls_4 --redefine-sym alloc_contig_range=ballast_alloc_contig_range
	    --redefine-sym free_contig_range=ballast_free_contig_range"
	;;
esac
exec objcopy -R .altinstructions -R .altinstr_replacement -R .parainstructions -R '.discard.*' -R '!.discard.addressable' -R .export_symbol -R __ex_table -R __bug_table \
    -R .smp_locks --rename-section .init.setup=init_setup $options "$@"
