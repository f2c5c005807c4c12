# SPDX-License-Identifier: BSD-2-Clause
# Linux's own balloon driver over its own memory management, out of Debian's packages of its source, or a tree that LINUX=
# names. Nothing of Linux is in this tree: the files are taken from the package's tarball and stay under build/. What is linked
# of them is Linux's, so the image is under the GPL, version 2 only: it is built on the user's machine, and never installed.
#
# Linux's files and the runtime are compiled once for each compiler, always with optimisation, since Linux's don't build
# without. Kernels of one version differ by a few words of Kconfig, and by the few objects that look at them.

linux_sources := $(file <guest/linux/sources)
linux_kern    := $(basename $(notdir $(filter-out %_test.c,$(wildcard guest/linux/kern/*.c))))
# Of the runtime's files these know guest/lib, and all others Linux's headers: guest/linux/kern/bridge.h stands between them.
linux_outer   := agent services ways_out
linux_ldflags  = $(guest_ldflags) -Wl,-z,text
linux_driver  := drivers/xen/balloon.c drivers/xen/xen-balloon.c drivers/xen/mem-reservation.c
# Files that look at a kernel's own words of Kconfig, and those of the runtime that say its name and what it can do.
linux_own       := drivers/xen/balloon mm/memory_hotplug
linux_own_outer := description start

# Kernels of a version: linux-N, as Debian configures it; added memory goes online by itself; no memory hot-plug; sections of another
# size than x86-64's 128 MiB.
linux_kinds             := own online static section-4m section-512m
linux_words.own         := -DCONFIG_XEN_BALLOON_MEMORY_HOTPLUG=1
# Newer versions have another word, which Debian sets: guest/linux/config.
linux_words.online      := $(linux_words.own) -DCONFIG_MEMORY_HOTPLUG_DEFAULT_ONLINE=1
linux_words.static      :=
linux_suffix.own        :=
linux_suffix.online     := -online
linux_suffix.static     := -static
linux_suffix.section-4m   := -section-4m
linux_suffix.section-512m := -section-512m

# A section's size is a constant of Linux's (guest/linux/shadow/asm/sparsemem.h). These files are compiled once more where it differs, for
# only their code depends on it, besides that of linux_own (of mm/sparse-vmemmap only newer versions'). `make check-sections` compiles all
# others, too, and compares.
linux_sized      := drivers/base/memory drivers/xen/unpopulated-alloc mm/mm_init mm/page_alloc mm/sparse mm/sparse-vmemmap
linux_sized_kern := backend choices memory
linux_sizes      := section-4m section-512m
linux_words_of_size.section-4m   := -DLINUX_SECTION_BITS=22
linux_words_of_size.section-512m := -DLINUX_SECTION_BITS=29
$(foreach size,$(linux_sizes),$(eval linux_words.$(size) := $(linux_words.own) $(linux_words_of_size.$(size))))
# $(call linux_of_size,FOLDER,SIZE,OBJECTS): the objects, those that depend on it being of that size.
linux_of_size = $(if $(filter $(2),$(linux_sizes)),$(foreach object,$(3),$(if $(filter $(linux_sized:%=$(1)/%.o) $(linux_sized_kern:%=$(1)/kern/%.o),$(object)),$(object:$(1)/%=$(1)/$(2)/%),$(object))),$(3))

# $(1): the tree. $(2): the folder of objects.
linux_flags = -nostdinc -std=gnu11 -O2 -g -D__KERNEL__ -fpie -mno-red-zone -mgeneral-regs-only -fno-stack-protector \
    -fcf-protection=none -fno-omit-frame-pointer -fno-optimize-sibling-calls -fno-strict-aliasing -fno-common -fshort-wchar \
    -funsigned-char -fms-extensions -fno-asynchronous-unwind-tables -fno-jump-tables -fno-delete-null-pointer-checks -ffreestanding \
    -fmacro-prefix-map=$(1)/= -Werror=implicit-function-declaration \
    -I guest/linux/shadow -isystem $(1)/arch/x86/include -isystem $(2)/headers -isystem $(1)/include \
    -isystem $(1)/arch/x86/include/uapi -isystem $(2)/headers/uapi -isystem $(1)/include/uapi \
    -include linux/compiler-version.h -include linux/kconfig.h -include linux/compiler_types.h -include guest/linux/shadow/hidden.h \
    $(if $(filter clang%,$(compiler)),-fdirect-access-external-data)
# With COVERAGE= the driver is counted, and the objects are in a folder of their own.
linux_counted = $(if $(COVERAGE),$(coverage) $(if $(filter mcdc,$(COVERAGE)),,-fprofile-update=single))
linux_folder  = build/linux-$(1)/$(compiler)$(if $(COVERAGE),-$(COVERAGE))
linux_names = -DKBUILD_MODFILE='"$(1)"' -DKBUILD_BASENAME='"$(1)"' -DKBUILD_MODNAME='"$(1)"' -D__KBUILD_MODNAME=kmod_$(1)

# A file of which guest/linux/finish.sh takes a part, and a name that shows that a version has this part.
linux_part.arch/x86/xen/enlighten := arch_xen_unpopulated_init
# A file in which something is counted.
linux_extra.mm/page_isolation := -include guest/linux/shadow/looked_at.h
# $(call linux_compile,TREE,FOLDER,WORDS): an object of Linux's. $* is its file without .c, from the tree on. What a version
# doesn't have is an empty object.
linux_compile = if [ ! -e $(1)/$*.c ] || ! grep -q '$(linux_part.$*)' $(1)/$*.c; then $(CC) -x c -c /dev/null -o $@; exit; fi; \
    $(if $(filter $*.c,$(linux_driver)),$(call counted,$@,$(1)/$*.c)) guest/linux/explain.sh $(CC) $(call linux_flags,$(1),$(2)) $(if $(filter $*.c,$(linux_driver)),$(linux_counted)) -w $(3) \
    $(linux_extra.$*) $(if $(linux_part.$*),-ffunction-sections -fdata-sections -include guest/linux/shadow/in_parts.h) \
    $(call linux_names,$(subst -,_,$(notdir $*))) $(if $(filter $*.c,$(linux_driver)),$(guest_blocks),-c $(1)/$*.c -o $@)

# $(call linux_compile_runtime,TREE,FOLDER,WORDS): one of the runtime's that knows Linux's headers. $* is its name. A task_struct of newer
# versions ends in a member of any size, and here it is a member itself: clang warns of that by default.
linux_compile_runtime = guest/linux/explain.sh $(CC) $(call linux_flags,$(1),$(2)) -iquote . -iquote $(1)/arch/x86/xen -iquote $(1)/drivers/xen -iquote $(1)/mm \
    $(3) $(call linux_names,$*) -Wall -Wextra -Wno-unused-parameter -Wno-sign-compare -Wno-missing-field-initializers \
    $(if $(filter clang%,$(compiler)),-Wno-gnu-variable-sized-type-not-at-end) -MMD -MP -c $< -o $@

# The first line of the file beside a tree is its version.
linux_version = $(1:%/tree=%/version)

# $(call linux_rules,NAME,TREE,FOLDER): the objects that all kernels of a version have.
define linux_rules
$(3)/headers/.made: guest/linux/headers.sh guest/linux/config guest/linux/differences $$(wildcard guest/linux/shadow/*.h guest/linux/shadow/asm/*.h) $(call linux_version,$(2))
	$$(Q)guest/linux/headers.sh $(2) $(3)/headers $$(CC) $$(call linux_flags,$(2),$(3))
	@touch $$@
$$(foreach source,$$(linux_sources),$$(if $$(wildcard $(2)/$$(source)),$$(eval $(3)/$$(source:.c=.o): $(2)/$$(source))))
linux_objects := $$(patsubst %.c,$(3)/%.o,$$(filter-out $$(linux_own:=.c),$$(linux_sources)))
$$(linux_objects): $(3)/%.o: $(3)/headers/.made guest/linux/finish.sh guest/linux/image.mk guest/compile-counted.sh
	@mkdir -p $$(@D)
	$$(Q)$$(call linux_compile,$(2),$(3))
	$$(Q)guest/linux/finish.sh $$*.c $$@
linux_runtime := $$(patsubst %,$(3)/kern/%.o,$$(filter-out $$(linux_outer) $$(linux_own_outer),$$(linux_kern)))
$$(linux_runtime): $(3)/kern/%.o: guest/linux/kern/%.c $(3)/headers/.made guest/linux/finish.sh guest/linux/image.mk
	@mkdir -p $$(@D)
	$$(Q)$$(call linux_compile_runtime,$(2),$(3))
	$$(Q)guest/linux/finish.sh $$< $$@
$$(foreach size,$$(linux_sizes),$$(eval $$(call linux_rules_of_size,$(2),$(3),$$(size))))
linux_bridge := $$(patsubst %,$(3)/kern/%.o,$$(linux_outer))
$$(linux_bridge): $(3)/kern/%.o: guest/linux/kern/%.c $(call linux_version,$(2)) guest/guest.mk guest/linux/image.mk | $$(kpi_include)/.made
	@mkdir -p $$(@D)
	$$(Q)$$(CC) $$(filter-out -O% $(coverage),$$(lib_cflags)) -O2 -MMD -MP -c $$< -o $$@
linux_assembly := $(3)/kern/entry.o $(3)/kern/never.o
$$(linux_assembly): $(3)/kern/%.o: guest/linux/kern/%.S
	@mkdir -p $$(@D)
	$$(Q)$$(CC) -g -c $$< -o $$@
-include $$(linux_runtime:.o=.d) $$(linux_bridge:.o=.d)
linux_shared.$(1) := $$(linux_objects) $$(linux_runtime) $$(linux_bridge) $$(linux_assembly)
$$(foreach kind,$$(linux_kinds),$$(eval $$(call linux_kernel,$(1)$$(linux_suffix.$$(kind)),$(2),$(3),$$(linux_words.$$(kind)),$$(call linux_of_size,$(3),$$(kind),$$(linux_shared.$(1))))))
$(B)/guest-build.$(1): always
	@$$(call put_rows,$$@,tree $$(tree),$$(call linux_recipe,$(1),$(2),$(3)))
all: $(B)/guest-build.$(1)
endef

# $(call linux_rules_of_size,TREE,FOLDER,SIZE): what is compiled for sections of another size. (The rules hold for all files.)
define linux_rules_of_size
$(linux_sources:%.c=$(2)/$(3)/%.o): $(2)/$(3)/%.o: $(2)/headers/.made guest/linux/finish.sh guest/linux/image.mk
	@mkdir -p $$(@D)
	$$(Q)$$(call linux_compile,$(1),$(2),$(linux_words_of_size.$(3)))
	$$(Q)guest/linux/finish.sh $$*.c $$@
$(patsubst %,$(2)/$(3)/kern/%.o,$(filter-out $(linux_outer) $(linux_own_outer),$(linux_kern))): $(2)/$(3)/kern/%.o: guest/linux/kern/%.c $(2)/headers/.made guest/linux/finish.sh guest/linux/image.mk
	@mkdir -p $$(@D)
	$$(Q)$$(call linux_compile_runtime,$(1),$(2),$(linux_words_of_size.$(3)))
	$$(Q)guest/linux/finish.sh $$< $$@
-include $(linux_sized_kern:%=$(2)/$(3)/kern/%.d)
endef

# $(call linux_kernel,NAME,TREE,FOLDER,WORDS,SHARED): one kernel.
define linux_kernel
$$(linux_own:%=$(3)/$(1)/%.o): $(3)/$(1)/%.o: $(3)/headers/.made guest/linux/finish.sh guest/linux/image.mk guest/compile-counted.sh
	@mkdir -p $$(@D)
	$$(Q)$$(call linux_compile,$(2),$(3),$(4))
	$$(Q)guest/linux/finish.sh $$*.c $$@
$$(linux_own_outer:%=$(3)/$(1)/%.o): $(3)/$(1)/%.o: guest/linux/kern/%.c $(call linux_version,$(2)) guest/guest.mk guest/linux/image.mk | $$(kpi_include)/.made
	@mkdir -p $$(@D)
	$$(Q)$$(CC) $$(filter-out -O% $(coverage),$$(lib_cflags)) -O2 $(4) -DLINUX_NAME='"$(1)"' -DLINUX_VERSION="\"$$$$(sed q $(call linux_version,$(2)))\"" -MMD -MP -c $$< -o $$@
-include $$(linux_own_outer:%=$(3)/$(1)/%.d)
$(B)/guest/$(1).so: $(5) $$(patsubst %,$(3)/$(1)/%.o,$$(linux_own) $$(linux_own_outer)) $$(gate_sim) $$(lib)
	@mkdir -p $$(@D)
	$$(Q)guest/linux/explain.sh $$(CC) $$(linux_ldflags) $$^ $$(guest_libs) -o $$@
	@rm -f $(B)/guest/$(1).missing
$(B)/guest/pv/$(1).elf: $(5) $$(patsubst %,$(3)/$(1)/%.o,$$(linux_own) $$(linux_own_outer)) $$(pv_objects) $$(lib) guest/pv/guest.lds guest/guest.mk
	@mkdir -p $$(@D)
	$$(Q)$$(call pv_link,$$(pv_guest)) $$(filter %.o %.a,$$^) -o $$@
images    += $(B)/guest/$(1).so
pv_images += $(if $(COVERAGE),,$(B)/guest/pv/$(1).elf)
unshipped += $(1).so
endef

# $(call linux_recipe,NAME,TREE,FOLDER): how `ballast build` makes images with a driver of the user's (guest/guest.mk says what
# each row is). The objects are those that make has compiled.
linux_at = $(call at,$(patsubst build/linux-%,@tree/build/linux-%,$(1)))
define linux_recipe
part driver $(2)/drivers/xen/balloon.c drivers/xen/balloon.c
$(foreach kind,$(linux_kinds),kernel $(1)$(linux_suffix.$(kind)) $(kind)$(newline))
$(call row,compile,$(call linux_at,$(CC) $(call linux_flags,$(2),$(3))))
$(call row,compile,-DKBUILD_MODFILE="balloon" -DKBUILD_BASENAME="balloon" -DKBUILD_MODNAME="balloon" -D__KBUILD_MODNAME=kmod_balloon)
$(call row,ours,-w)
$(call row,users,-Wno-pointer-sign)
$(foreach kind,$(linux_kinds),$(call row,flags.$(kind),$(linux_words.$(kind))))
counted @tree/guest/compile-counted.sh
counted $(blocks_left)
explain @tree/guest/linux/explain.sh
$(call row,blocks,$(guest_blocks))
$(call row,finish,@tree/guest/linux/finish.sh drivers/xen/balloon.c)
$(call row,link,$(CC) $(linux_ldflags))
$(foreach kind,$(linux_kinds),$(call row,objects.$(kind),$(call linux_at,$(call linux_of_size,$(3),$(kind),$(linux_shared.$(1))) $(patsubst %,$(3)/$(1)$(linux_suffix.$(kind))/%.o,$(filter-out drivers/xen/balloon,$(linux_own)) $(linux_own_outer)))))
$(call row,with,$(call at,$(gate_sim) $(lib) $(guest_libs)))
$(if $(COVERAGE),,$(call row,pv-link,$(call pv_link,$(pv_guest),@tree/))
$(call row,pv-with,$(call at,$(pv_objects) $(lib)))
script @tree/guest/pv/guest.lds)
$(foreach image,$(images),$(if $(filter $(foreach kind,$(linux_kinds),$(1)$(linux_suffix.$(kind)).so),$(notdir $(image))),,$(call copy,$(image:$(B)/guest/%=%))))
user-folder @built/user
endef

# $(call linux_package,N): the kernels of the package linux-source-N, or files that say what is missing.
define linux_package
ifneq ($$(wildcard /usr/src/linux-source-$(1).tar.xz),)
build/linux-$(1)/version: /usr/src/linux-source-$(1).tar.xz guest/linux/sources guest/linux/designs/sources guest/linux/extract.sh guest/linux/version.sh
	@echo "linux-$(1): taking files out of Debian's linux-source-$(1); an image made of them is under the GPL, version 2 only"
	@mkdir -p build/linux-$(1)
	$$(Q)guest/linux/extract.sh $$< build/linux-$(1) && touch $$@
$$(eval $$(call linux_rules,linux-$(1),build/linux-$(1)/tree,$$(call linux_folder,$(1))))
else
$$(foreach kind,$$(linux_kinds),$$(eval all: $(B)/guest/linux-$(1)$$(linux_suffix.$$(kind)).missing))
$(B)/guest/linux-$(1)%.missing:
	@mkdir -p $$(@D) && echo linux-source-$(1) >$$@
$(B)/guest/linux-$(1).missing:
	@mkdir -p $$(@D) && echo linux-source-$(1) >$$@
endif
endef
$(eval $(call linux_package,6.1))
$(eval $(call linux_package,6.12))
include guest/linux/designs/designs.mk

# The kernels linux-tree, of a tree of the user's. They are built when LINUX= names one, and are no part of what else is built;
# `make replay` then runs them.
ifneq ($(origin LINUX),undefined)
build/linux-tree/version: always
	$(Q)guest/linux/tree.sh build/linux-tree $(wildcard build/guest/linux-tree*.so build/*/guest/linux-tree*.so)
linux_packages := $(images)
$(eval $(call linux_rules,linux-tree,build/linux-tree/tree,$(call linux_folder,tree)))
all: $(filter-out $(linux_packages),$(images))
images := $(linux_packages)
replay: export MAKE_KERNEL := linux-tree
endif
