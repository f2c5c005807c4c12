# SPDX-License-Identifier: BSD-2-Clause
# The guests' half of the build: freestanding objects that link twice, as a shared object for the simulator
# and as a PV image for the real Xen. `ballast build` compiles the driver and the segment file and links them with the
# kernel's objects, ours and a user's DRIVER= and PHYSSEG= by one recipe, which is written below.

empty :=
blank := $(empty) $(empty)

# Xen's public headers under the names that NetBSD's tree gave them over the years, beside its own <xen/xen.h>.
kpi_include := $(B)/include
xen_names   := xen-public host/xen xen/xen-public xen/xen3-public xen/include/public
$(kpi_include)/.made: guest/guest.mk
	@for name in $(xen_names); do mkdir -p $(kpi_include)/$$(dirname $$name) \
	    && ln -sfn /usr/include/xen $(kpi_include)/$$name; done && touch $@

compiler_include := $(shell $(CC) -print-file-name=include)
# Backtraces show each caller: there are frame pointers, and no call in tail position becomes a jump. A large frame
# must not reach over the guard behind a stack. There is no TLS (%fs is 0 on PV), so no stack protector. The same
# objects go into both links.
guest_cflags = -std=gnu17 -O$(OPT) -g -ffreestanding -nostdinc -isystem $(compiler_include) \
    -fpie $(if $(filter clang%,$(compiler)),-fdirect-access-external-data) \
    -fvisibility=hidden -mno-red-zone -mgeneral-regs-only -fno-stack-protector -fcf-protection=none \
    -fno-omit-frame-pointer -fstack-clash-protection -fno-optimize-sibling-calls -fno-asynchronous-unwind-tables -fno-strict-aliasing -fno-common $(guest_extra)
guest_warnings := -Wall -Wextra -Wshadow
# A user's file is not held to our warnings; but a function that nobody declared can't be linked anyway.
user_warnings  := -Wall -Werror=implicit-function-declaration
guest_ldflags  := -shared -nostdlib -Wl,-z,defs,-Bsymbolic,-z,now,-z,noexecstack,--build-id=none
guest_libs     :=
ifdef COVERAGE
profile        := $(B)/guest-objects/profile.o
guest_extra    := $(coverage) $(if $(filter mcdc,$(COVERAGE)),,-fprofile-update=single)
guest_libs     := $(if $(filter mcdc,$(COVERAGE)),$(profile) $(shell $(CC) -print-file-name=libclang_rt.profile-x86_64.a),-lgcov) -lc
endif
$(B)/guest-objects/profile.o: harness/tests/mcdc/profile.c $(B)/flags
	@mkdir -p $(@D)
	$(Q)$(CC) -fPIC -c $< -o $@

netbsd_cflags = $(guest_cflags) -I guest/netbsd/kpi -I $(kpi_include) -D_KERNEL -D_KERNEL_OPT \
    -D__XEN_INTERFACE_VERSION__=0x00030208
netbsd_wrap   := -Wl,--wrap=uvm_physseg_plug,--wrap=uvm_physseg_unplug
hotplug_cflags := -DUVM_HOTPLUG
static_cflags  :=

# config_found.c is linked only with a driver that calls it, and so it is an archive of its own.
kern_sources := $(filter-out %_test.c %/config_found.c,$(wildcard guest/netbsd/kern/*.c))
# Each basic block counts down, so that the simulator can end an endless loop; on the real Xen nobody counts. The
# compiler makes a call for it, which guest/compile-counted.sh turns into two instructions. clang would leave out the
# blocks that can be told from others, and a loop's own block is one of them.
comma        := ,
guest_blocks ?= -fsanitize-coverage=trace-pc$(if $(filter clang%,$(compiler)),$(comma)bb$(comma)no-prune)
blocks_left  := $(shell sed -n 's/^#define GUEST_BLOCKS_LEFT_OFFSET //p' guest/abi/boot.h)
guard_bytes   = $(shell sed -n 's/^#define GUARD_$(1)_BYTES *//p' guest/lib/guards.h)
# $(call counted,OBJECT,SOURCE): the compiler and its flags follow.
counted       = guest/compile-counted.sh $(blocks_left) $(1) $(2)
# Files whose functions are called for each page are not counted: it would take a third of their time. Their callers are.
uncounted    := $(addprefix kern/,uvm_page pmap mutex pool hypervisor audit services) \
    $(addprefix lib/,guards window string debug_port page_notes poison quarantine)
# The kernel's own assertions are compiled in every build, but in the files that are called for each page.
asserted      = $(if $(filter-out $(uncounted),$(1)),$(if $(filter mcdc,$(COVERAGE)),,-DDIAGNOSTIC))
# The code of the driver and of the segment file goes into a section of its own, by which reports and the kernel know it.
driver_section := --rename-section .text=driver_text --rename-section .text.unlikely=driver_text \
    --rename-section .text.hot=driver_text --rename-section .text.startup=driver_text
driver_cflags := -ftrivial-auto-var-init=pattern $(if $(filter gcc,$(compiler)),-fno-reorder-functions -fno-reorder-blocks-and-partition)

# The library that any guest may use is an archive: a kernel's link takes the objects that it asks for. The simulator's
# gate is not in it, since images for the real Xen have another one.
lib          := $(B)/guest-objects/lib.a
gate_sim     := $(B)/guest-objects/lib/gate_sim.o
lib_objects  := $(patsubst guest/%.c,$(B)/guest-objects/%.o,$(filter-out guest/lib/gate_sim.c,$(wildcard guest/lib/*.c)))
lib_assembly := $(patsubst guest/%.S,$(B)/guest-objects/%.o,$(wildcard guest/lib/*.S))
lib_cflags    = $(guest_cflags) -D__XEN_INTERFACE_VERSION__=0x00040e00 -isystem $(kpi_include)/host -I. $(guest_warnings) -Wconversion
$(lib_objects): $(B)/guest-objects/%.o: guest/%.c $(B)/flags guest/guest.mk guest/compile-counted.sh | $(kpi_include)/.made
	@mkdir -p $(@D)
	$(Q)$(if $(filter-out $(uncounted),$*),$(call counted,$@,$<)) $(CC) $(lib_cflags) $(if $(filter-out $(uncounted),$*),$(guest_blocks),-MMD -MP -c $< -o $@)
$(lib_assembly): $(B)/guest-objects/%.o: guest/%.S $(B)/flags
	@mkdir -p $(@D)
	$(Q)$(CC) -g -c $< -o $@
$(gate_sim): guest/lib/gate_sim.c $(B)/flags guest/guest.mk | $(kpi_include)/.made
	@mkdir -p $(@D)
	$(Q)$(CC) $(filter-out $(coverage),$(lib_cflags)) -MMD -MP -c $< -o $@
$(lib): $(lib_objects) $(lib_assembly)
	$(Q)rm -f $@ && ar rcs $@ $^
$(gate_sim): $(profile)
-include $(lib_objects:.o=.d) $(gate_sim:.o=.d)

kern_hotplug_objects := $(patsubst guest/netbsd/%,$(B)/guest-objects/hotplug/%.o,$(basename $(kern_sources)))
kern_static_objects  := $(patsubst guest/netbsd/%,$(B)/guest-objects/static/%.o,$(basename $(kern_sources)))
$(B)/guest-objects/hotplug/%.o: guest/netbsd/%.c $(B)/flags guest/guest.mk guest/compile-counted.sh | $(kpi_include)/.made
	@mkdir -p $(@D)
	$(Q)$(if $(filter-out $(uncounted),$*),$(call counted,$@,$<)) $(CC) $(netbsd_cflags) $(hotplug_cflags) $(call asserted,$*) -I. $(guest_warnings) $(if $(filter-out $(uncounted),$*),$(guest_blocks),-MMD -MP -c $< -o $@)
$(B)/guest-objects/static/%.o: guest/netbsd/%.c $(B)/flags guest/guest.mk guest/compile-counted.sh | $(kpi_include)/.made
	@mkdir -p $(@D)
	$(Q)$(if $(filter-out $(uncounted),$*),$(call counted,$@,$<)) $(CC) $(netbsd_cflags) $(static_cflags) $(call asserted,$*) -I. $(guest_warnings) $(if $(filter-out $(uncounted),$*),$(guest_blocks),-MMD -MP -c $< -o $@)
-include $(kern_hotplug_objects:.o=.d) $(kern_static_objects:.o=.d)

# The small worlds of the segment file (guest/abi/small_world.h): the objects that a file is linked with in place of a
# kernel. None is counted, and gcov's counters would be part of a world's state. What is around the file's own variables is
# linked before it and behind it.
world_sources := $(filter-out %/layout.c %/front.c %/back.c,$(wildcard guest/netbsd/world/*.c))
world_objects  = $(world_sources:guest/netbsd/%.c=$(B)/guest-objects/$(1)/%.o)
world_runtime  = $(addprefix $(B)/guest-objects/$(1)/kern/,rbtree.o extent.o)
world_built   := $(foreach variant,hotplug static,$(addprefix $(B)/guest-objects/$(variant)/world/,front.o back.o) $(call world_objects,$(variant)))
define world_rule
$(B)/guest-objects/$(1)/world/%.o: guest/netbsd/world/%.c $(B)/flags guest/guest.mk | $(kpi_include)/.made
	@mkdir -p $$(@D)
	$$(Q)$$(CC) $$(filter-out $(coverage),$$(netbsd_cflags)) $$($(1)_cflags) -I. $$(guest_warnings) -MMD -MP -c $$< -o $$@
endef
$(foreach variant,hotplug static,$(eval $(call world_rule,$(variant))))
-include $(world_built:.o=.d)

# The segment file alone, with each of its stores, for `make bench` (guest/abi/segment_finder.h). Nothing of it is counted.
finder_sources := guest/netbsd/uvm_physseg.c guest/netbsd/find/find.c guest/netbsd/kern/rbtree.c guest/lib/string.c
finders        := $(B)/finders/hotplug.so $(B)/finders/static.so
$(finders): $(B)/finders/%.so: $(finder_sources) $(wildcard guest/netbsd/kpi/*/*.h guest/lib/*.h guest/abi/*.h) $(B)/flags guest/guest.mk | $(kpi_include)/.made
	@mkdir -p $(@D)
	$(Q)$(CC) $(filter-out $(coverage) -fprofile-update=single,$(netbsd_cflags)) $($*_cflags) -DVM_PHYSSEG_MAX=131072 -I. $(guest_warnings) $(guest_ldflags) $(finder_sources) -o $@

# What a driver is linked with: the runtime as one object, in which only names that are NetBSD's are global. A driver may
# thus call its functions as it likes, and one that is missing is missed. The names stand in guest/netbsd/names.
kern_variants := hotplug static
$(foreach variant,$(kern_variants),$(eval kern_$(variant)_linked := $(B)/guest-objects/$(variant)/kern.o $(B)/guest-objects/$(variant)/found.a))
$(B)/guest-objects/names: guest/netbsd/names
	@mkdir -p $(@D)
	$(Q)sed -n '/^#/d; s/^[^:]*://p' $< | tr -s ' ' '\n' >$@
$(B)/guest-objects/hotplug/kern.o: $(kern_hotplug_objects)
$(B)/guest-objects/static/kern.o: $(kern_static_objects)
$(kern_variants:%=$(B)/guest-objects/%/kern.o): $(lib) $(B)/guest-objects/names guest/guest.mk
	$(Q)ld -r -o $@.all $(filter %.o,$^) $(lib)
	$(Q)objcopy --keep-global-symbols=$(B)/guest-objects/names $@.all $@ && rm $@.all
$(kern_variants:%=$(B)/guest-objects/%/found.a): $(B)/guest-objects/%/found.a: $(B)/guest-objects/%/kern/config_found.o
	$(Q)rm -f $@ && ar rcs $@ $<
-include $(kern_variants:%=$(B)/guest-objects/%/kern/config_found.d)

images     := $(addprefix $(B)/guest/,netbsd.so netbsd-static.so)
pv_images  := $(addprefix $(B)/guest/pv/,netbsd.elf netbsd-static.elf dom0.elf)
our_images := $(filter-out %/dom0.elf,$(images) $(if $(COVERAGE),,$(pv_images)))
pv_objects := $(addprefix $(B)/guest-objects/pv/,entry.o pv.o pvh_entry.o pvh.o)

# Images that may not be given away with the rest: they are built where they are used.
unshipped  :=

# Each other family of kernels has rules of its own, which add to images and pv_images. Where a package is missing they
# make $(B)/guest/NAME.missing with its name in it, and no image.
include $(wildcard guest/*/image.mk)

# The same objects once more, as images for the real Xen: only the gate differs.
.PHONY: pv
pv: $(pv_images)
	$(Q)guest/pv/check-link.sh $(pv_images)
$(B)/guest-objects/pv/%.o: guest/pv/%.c $(B)/flags guest/guest.mk $(kpi_include)/.made
	@mkdir -p $(@D)
	$(Q)$(CC) $(guest_cflags) -D__XEN_INTERFACE_VERSION__=0x00040e00 -isystem $(kpi_include)/host -I. $(guest_warnings) -Wconversion -MMD -MP -c $< -o $@
$(B)/guest-objects/pv/%.o: guest/pv/%.S $(B)/flags
	@mkdir -p $(@D)
	$(Q)$(CC) -I. -g -c $< -o $@
# The harness's own builder loads a guest at page 2, so that page 0 stays unmapped. The linker wants the symbol before
# the script that uses it.
pv_guest := -Wl,--defsym=pv_base=0x2000
# $(call pv_link,FIRST,FOLDER): FOLDER has the linker's script.
pv_link = $(CC) $(1) -static $(if $(filter gcc,$(compiler)),-no-pie) -nostdlib -Wl,-T,$(2)guest/pv/guest.lds,-z,defs,--build-id=none,-z,noexecstack,--no-warn-rwx-segments $(netbsd_wrap)

# dom0 for the real Xen, which issues the harness's hypercalls and has no kernel.
$(B)/guest/pv/dom0.elf: $(B)/guest-objects/pv/entry.o $(B)/guest-objects/pv/dom0.o $(lib) guest/pv/guest.lds guest/guest.mk
	@mkdir -p $(@D)
	$(Q)$(call pv_link) $(filter %.o %.a,$^) -o $@
# The recipe, by which `ballast build` makes images of the driver and the segment file (harness/builder/recipe.h says how
# it is read):
#     part NAME OURS IN-TREE      what a user may bring as --NAME, our file, and where it lies in the kernel's own tree
#     kernel NAME VARIANT [OPTION OTHER]     an image; with that option among the user's it is of the other variant
#     compile, flags.VARIANT      the compiler and its options;   ours, users: those for our files or a user's only
#     feature.VARIANT NAME PART SYMBOL     a kernel of that variant has the feature when the part's code calls the function
#     counted, blocks             what compiles a file so that its blocks are counted and its objects guarded, and the option for it
#     explain                     stands before a command that reads a user's file, and says what the kernel lacks
#     finish                      what is done to an object of the driver
#     link, objects.VARIANT, with      the linker, and the objects that are linked;   pv-link, pv-with: for the real Xen
#     copy NAME PATH              images that are the same whatever a user brings
#     script                      what is read besides
#     user-folder                 where images of a user's files go when nobody says where
define newline


endef
row   = $(foreach word,$(2),$(1) $(word)$(newline))
at    = $(patsubst guest/%,@tree/guest/%,$(patsubst $(kpi_include)%,@built/include%,$(patsubst $(B)/%,@built/%,$(1))))
tree := $(patsubst %/,%,$(subst $(blank),,$(foreach folder,$(subst /, ,$(B)),../)))
copy  = copy $(1) @built/guest/$(1)$(newline)$(if $(1:%.so=),,copy $(1:.so=.missing) @built/guest/$(1:.so=.missing)$(newline))
# A world for each way to compile the segment file. `world-layout` is compiled beside it, with its options.
define world_recipe
world-part physseg
world hotplug -UDIAGNOSTIC -UVM_PHYSSEG_MAX -DVM_PHYSSEG_MAX=8
world hotplug -DDIAGNOSTIC -UVM_PHYSSEG_MAX -DVM_PHYSSEG_MAX=2
world static -UDIAGNOSTIC -UVM_PHYSSEG_MAX -DVM_PHYSSEG_MAX=8
world static -DDIAGNOSTIC -UVM_PHYSSEG_MAX -DVM_PHYSSEG_MAX=3
world-layout @tree/guest/netbsd/world/layout.c
world-replay @tree/guest/netbsd/world/replay.h
$(call row,world-link,$(CC) $(guest_ldflags))
$(call row,world-front.hotplug,@built/guest-objects/hotplug/world/front.o)
$(call row,world-front.static,@built/guest-objects/static/world/front.o)
$(call row,world-back.hotplug,$(call at,$(B)/guest-objects/hotplug/world/back.o $(call world_objects,hotplug) $(call world_runtime,hotplug) $(lib)))
$(call row,world-back.static,$(call at,$(B)/guest-objects/static/world/back.o $(call world_objects,static) $(call world_runtime,static) $(lib)))
endef
define recipe
part driver guest/netbsd/balloon.c sys/arch/xen/xen/balloon.c
part physseg guest/netbsd/uvm_physseg.c sys/uvm/uvm_physseg.c
kernel netbsd hotplug -UUVM_HOTPLUG static
kernel netbsd-static static
$(call row,compile,$(call at,$(CC) $(netbsd_cflags) $(driver_cflags)) -fmacro-prefix-map=@tree/=)
$(call row,flags.hotplug,$(hotplug_cflags))
$(call row,flags.static,$(static_cflags))
feature.hotplug hotplug driver uvm_physseg_plug
$(call row,ours,$(guest_warnings))
$(call row,users,$(user_warnings))
counted @tree/guest/compile-counted.sh
counted --guard
counted @tree/guest/guard-objects.awk
counted $(call guard_bytes,FRONT)
counted $(call guard_bytes,BEHIND)
counted $(blocks_left)
$(call row,blocks,$(guest_blocks))
explain @tree/guest/compile-user.sh
$(call row,finish,objcopy $(driver_section))
$(call row,link,$(CC) $(guest_ldflags) $(netbsd_wrap))
$(call row,objects.hotplug,$(call at,$(kern_hotplug_linked)))
$(call row,objects.static,$(call at,$(kern_static_linked)))
$(call row,with,$(call at,$(gate_sim) $(lib) $(guest_libs)))
$(if $(COVERAGE),,$(call row,pv-link,$(call pv_link,$(pv_guest),@tree/))
$(call row,pv-with,$(call at,$(pv_objects) $(lib)))
script @tree/guest/pv/guest.lds)
$(foreach image,$(filter-out $(our_images),$(images) $(if $(COVERAGE),,$(pv_images))),$(call copy,$(image:$(B)/guest/%=%)))
user-folder @built/user
$(if $(COVERAGE),,$(world_recipe))
endef
# $(call put_rows,FILE,FIRST,TEXT): written when it would say something else. Lines without a word are left out. Several
# makes may do so at once.
this_make := $(shell echo $$PPID)
put_rows = $(file >$(1).$(this_make),$(2)$(newline)$(3)) sed -i '/^ *$$/d; s/^ *//' $(1).$(this_make); \
    if cmp -s $(1).$(this_make) $(1); then rm $(1).$(this_make); else mv $(1).$(this_make) $(1); fi
.PHONY: always
$(B)/guest-build: always
	@$(call put_rows,$@,tree $(tree),$(recipe))

# Our images. What depends on a header is compiled again when its content says so: `ballast build` looks itself.
built_with := $(B)/ballast $(B)/guest-build $(world_built) $(kern_hotplug_linked) $(kern_static_linked) $(gate_sim) $(lib) \
    $(if $(COVERAGE),,$(pv_objects))
$(our_images) &: $(built_with) $(wildcard guest/netbsd/*.c guest/netbsd/kpi/*/*.h guest/netbsd/kpi/*.h guest/abi/*.h guest/*.sh guest/*.awk guest/pv/guest.lds)
	$(Q)$(B)/ballast build --output $(B)/guest
