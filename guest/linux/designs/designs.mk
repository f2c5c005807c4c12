# SPDX-License-Identifier: BSD-2-Clause
# Kernels that stand for designs, proposed ways to grow past boot memory, over Linux's own memory management. Each is a file here that
# says so. Most are in place of drivers/xen/balloon.c, with design.c, which they share. The rows below say what differs: other files
# here that a design takes; files of Linux's that no other kernel has (guest/linux/designs/sources) or that it has anew; words
# of Kconfig, and options of the link.

linux_design_parts := design absent balloon_host blocks gate virtio work
linux_designs      := $(filter-out $(linux_design_parts),$(basename $(notdir $(wildcard guest/linux/designs/*.c))))

# Those that have sections of another size (guest/linux/image.mk).
linux_design_size.sections-only := section-4m
linux_design_folder = $(1)/$(if $(linux_design_size.$(2)),$(linux_design_size.$(2))/)designs

# Those that only name Linux's own balloon driver.
linux_designs_real := callback-2008 pvops-2010
linux_design_balloon = $(if $(filter $(1),$(linux_designs_real)),,design)

linux_design_takes     = $(or $(linux_design_takes.$(1)),$(linux_design_balloon))
linux_design_objects   = $(if $(filter $(1),$(linux_designs_real)),drivers/xen/balloon) mm/memory_hotplug $(linux_design_linux.$(1))
linux_design_words     = $(linux_words.$(or $(linux_design_kind.$(1)),online)) $(linux_words_of_size.$(linux_design_size.$(1))) $(linux_design_words.$(1))

# Which of the kinds of kernels (guest/linux/image.mk) it is otherwise.
linux_design_kind.pvops-2010            := static
linux_design_kind.userspace-online-2008 := own
linux_design_kind.bare-metal-kvm        := own

# The gate tells the harness of pages by itself, so its calls of the allocator are left as they are.
linux_design_silent := gate absent balloon_host first-touch-2008
linux_gate_calls    := __alloc_pages __get_free_pages get_zeroed_page

linux_design_takes.allocator-gate-2008 := design absent gate
linux_design_link.allocator-gate-2008  := $(linux_gate_calls:%=-Wl,--wrap=%)
linux_design_takes.allocator-cmm-2008  := design absent gate
linux_design_link.allocator-cmm-2008   := $(linux_gate_calls:%=-Wl,--wrap=%)

linux_design_link.two-phase-2008 := -Wl,--wrap=memory_notify

linux_design_takes.first-touch-2008 := design absent

linux_design_takes.userspace-online-2008 := design blocks
linux_design_takes.bare-metal-kvm        := design blocks

linux_design_takes.hinting-2008 := absent balloon_host virtio work
linux_design_linux.hinting-2008 := drivers/virtio/virtio_balloon mm/balloon_compaction
linux_design_words.hinting-2008 := -DCONFIG_MEMORY_BALLOON=1

linux_design_takes.page-reporting-2020 := absent balloon_host virtio work
linux_design_linux.page-reporting-2020 := drivers/virtio/virtio_balloon mm/balloon_compaction mm/page_reporting mm/page_alloc
linux_design_words.page-reporting-2020 := -DCONFIG_MEMORY_BALLOON=1 -DCONFIG_PAGE_REPORTING=1

linux_design_takes.virtio-mem-2020 := virtio work
linux_design_linux.virtio-mem-2020 := drivers/virtio/virtio_mem

# $(call linux_design_objects_of_size,TREE,FOLDER,SUBFOLDER,WORDS): the files here.
define linux_design_objects_of_size
linux_design_files := $$(patsubst guest/linux/designs/%.c,$(2)/$(3)/%.o,$$(wildcard guest/linux/designs/*.c))
$$(linux_design_files): $(2)/$(3)/%.o: guest/linux/designs/%.c $(2)/headers/.made guest/linux/finish.sh guest/linux/image.mk guest/linux/designs/designs.mk guest/compile-counted.sh
	@mkdir -p $$(@D)
	$$(Q)$$(call counted,$$@,$$<) $$(CC) $$(call linux_flags,$(1),$(2)) $$(linux_words.online) $(4) -iquote . -iquote $(1)/mm $$(call linux_names,$$(subst -,_,$$*)) \
	    -Wall -Wextra -Wno-unused-parameter -Wno-sign-compare $$(guest_blocks)
	$$(Q)guest/linux/finish.sh drivers/xen/$$(if $$(filter $$(linux_design_silent),$$*),mem-reservation,balloon).c $$@
-include $$(linux_design_files:.o=.d)

endef

# $(call linux_design_rules,TREE,FOLDER,SHARED): all of them, over the version in TREE.
define linux_design_rules
$(call linux_design_objects_of_size,$(1),$(2),designs)
$(foreach size,$(linux_sizes),$(call linux_design_objects_of_size,$(1),$(2),$(size)/designs,$(linux_words_of_size.$(size))))
# Linux's own, but without the bound on extra memory, which came after the design of pvops-2010.
$(2)/designs/setup.o: $(2)/headers/.made guest/linux/finish.sh guest/linux/designs/designs.mk
	@mkdir -p $$(@D)
	$$(Q)sed 's/^#define EXTRA_MEM_RATIO.*/#define EXTRA_MEM_RATIO (1ul << 20)/' $(1)/arch/x86/xen/setup.c >$$(@:.o=.c)
	$$(Q)$$(CC) $$(call linux_flags,$(1),$(2)) -w -iquote $(1)/arch/x86/xen $$(call linux_names,setup) -c $$(@:.o=.c) -o $$@
	$$(Q)guest/linux/finish.sh arch/x86/xen/setup.c $$@
$$(foreach design,$$(linux_designs),$$(eval $$(call linux_design,$$(design),$(1),$(2),$(3))))
endef

# $(call linux_design,NAME,TREE,FOLDER,SHARED): one kernel. Its own description comes before the kernel's.
define linux_design
$(patsubst %,$(3)/$(1)/%.o,$(linux_design_objects)): $(3)/$(1)/%.o: $(3)/headers/.made guest/linux/finish.sh guest/linux/image.mk guest/linux/designs/designs.mk guest/compile-counted.sh
	@mkdir -p $$(@D)
	$$(Q)$$(call linux_compile,$(2),$(3),$(linux_design_words))
	$$(Q)guest/linux/finish.sh $$*.c $$@
$$(linux_own_outer:%=$(3)/$(1)/%.o): $(3)/$(1)/%.o: guest/linux/kern/%.c $(call linux_version,$(2)) guest/guest.mk guest/linux/image.mk | $$(kpi_include)/.made
	@mkdir -p $$(@D)
	$$(Q)$$(CC) $$(filter-out -O% $(coverage),$$(lib_cflags)) -O2 $(linux_design_words) -DLINUX_DESIGN -DLINUX_NAME='"$(1)"' -DLINUX_VERSION="\"$$$$(sed q $(call linux_version,$(2)))\"" -MMD -MP -c $$< -o $$@
-include $$(linux_own_outer:%=$(3)/$(1)/%.d)
linux_design_links.$(1) := $(call linux_design_folder,$(3),$(1))/$(1).o $(linux_design_takes:%=$(call linux_design_folder,$(3),$(1))/%.o) $(patsubst %,$(3)/$(1)/%.o,$(linux_design_objects)) \
    $(filter-out $(patsubst %,$(3)/%.o,$(linux_design_objects)),$(if $(filter pvops-2010,$(1)),$(patsubst $(3)/arch/x86/xen/setup.o,$(3)/designs/setup.o,$(4)),$(call linux_of_size,$(3),$(linux_design_size.$(1)),$(4)))) \
    $$(patsubst %,$(3)/$(1)/%.o,$$(linux_own_outer))
$(B)/guest/$(1).so: $$(linux_design_links.$(1)) $$(gate_sim) $$(lib)
	@mkdir -p $$(@D)
	$$(Q)$$(CC) $$(linux_ldflags) $(linux_design_link.$(1)) $$^ $$(guest_libs) -o $$@
	@rm -f $(B)/guest/$(1).missing
$(B)/guest/pv/$(1).elf: $$(linux_design_links.$(1)) $$(pv_objects) $$(lib) guest/pv/guest.lds guest/guest.mk
	@mkdir -p $$(@D)
	$$(Q)$$(call pv_link,$$(pv_guest)) $(linux_design_link.$(1)) $$(filter %.o %.a,$$^) -o $$@
images    += $(B)/guest/$(1).so
pv_images += $(if $(COVERAGE),,$(B)/guest/pv/$(1).elf)
unshipped += $(1).so
endef

# They stand over 6.1. Where its package is missing they say so, as its kernels do (guest/linux/image.mk).
ifdef linux_shared.linux-6.1
$(eval $(call linux_design_rules,build/linux-6.1/tree,$(call linux_folder,6.1),$(linux_shared.linux-6.1)))
else
all: $(linux_designs:%=$(B)/guest/%.missing)
$(linux_designs:%=$(B)/guest/%.missing):
	@mkdir -p $(@D) && printf 'linux-source-6.1\ndesign\n' >$@
endif
