# SPDX-License-Identifier: BSD-2-Clause
# The guests' half of the build: freestanding objects that link twice, as a shared object for the simulator
# and as a PV image for the real Xen. A user's DRIVER= and PHYSSEG= take the very path that ours take.

# Xen's public headers under the names that NetBSD's tree gave them over the years, beside its own <xen/xen.h>.
kpi_include := build/include
xen_names   := xen-public host/xen xen/xen-public xen/xen3-public xen/include/public
$(kpi_include)/.made: guest/guest.mk
	@for name in $(xen_names); do mkdir -p $(kpi_include)/$$(dirname $$name) \
	    && ln -sfn /usr/include/xen $(kpi_include)/$$name; done && touch $@

compiler_include := $(shell $(CC) -print-file-name=include)
# Backtraces show each caller: there are frame pointers, and no call in tail position becomes a jump. A large frame
# must not reach over the guard behind a stack. There is no TLS (%fs is 0 on PV), so no stack protector. The same
# objects go into both links.
guest_cflags = -std=gnu17 -O$(OPT) -g -ffreestanding -nostdinc -isystem $(compiler_include) \
    -fpie $(if $(filter clang,$(compiler)),-fdirect-access-external-data) \
    -fvisibility=hidden -mno-red-zone -mgeneral-regs-only -fno-stack-protector -fcf-protection=none \
    -fno-omit-frame-pointer -fstack-clash-protection -fno-optimize-sibling-calls -fno-asynchronous-unwind-tables -fno-strict-aliasing -fno-common $(guest_extra)
guest_warnings := -Wall -Wextra -Wshadow
# A user's file is not held to our warnings; but a function that nobody declared can't be linked anyway.
user_warnings  := -Wall -Werror=implicit-function-declaration
guest_ldflags  := -shared -nostdlib -Wl,-z,defs,-Bsymbolic,-z,now,-z,noexecstack,--build-id=none
guest_libs     :=
ifdef COVERAGE
guest_extra    := --coverage -fprofile-update=single
guest_libs     := -lgcov -lc
endif

netbsd_cflags = $(guest_cflags) -I guest/netbsd/kpi -I $(kpi_include) -D_KERNEL -D_KERNEL_OPT \
    -D__XEN_INTERFACE_VERSION__=0x00030208
netbsd_wrap   := -Wl,--wrap=uvm_physseg_plug,--wrap=uvm_physseg_unplug
hotplug_cflags := -DUVM_HOTPLUG
static_cflags  :=

kern_sources := $(filter-out %_test.c,$(wildcard guest/netbsd/kern/*.c)) $(wildcard guest/netbsd/kern/*.S)
# Each basic block counts down, so that the simulator can end an endless loop; on the real Xen nobody counts. The
# compiler makes a call for it, which guest/compile-counted.sh turns into two instructions. clang would leave out the
# blocks that can be told from others, and a loop's own block is one of them.
comma        := ,
guest_blocks ?= -fsanitize-coverage=trace-pc$(if $(filter clang%,$(compiler)),$(comma)bb$(comma)no-prune)
blocks_left  := $(shell sed -n 's/^#define GUEST_BLOCKS_LEFT_OFFSET //p' guest/abi/boot.h)
# $(call counted,OBJECT,SOURCE): the compiler and its flags follow.
counted       = guest/compile-counted.sh $(blocks_left) $(1) $(2)
# Files whose functions are called for each page are not counted: it would take a third of their time. Their callers are.
uncounted    := $(addprefix kern/,uvm_page pmap mutex pool hypervisor audit services) \
    $(addprefix lib/,window string debug_port page_notes poison quarantine)
# The kernel's own assertions are compiled in every build, but in the files that are called for each page.
asserted      = $(if $(filter-out $(uncounted),$(1)),-DDIAGNOSTIC)
# The code of the driver and of the segment file goes into a section of its own, by which reports and the kernel know it.
driver_section = objcopy --rename-section .text=driver_text --rename-section .text.unlikely=driver_text \
    --rename-section .text.hot=driver_text --rename-section .text.startup=driver_text
driver_cflags := $(if $(filter gcc,$(compiler)),-fno-reorder-functions -fno-reorder-blocks-and-partition)

DRIVER  ?= guest/netbsd/balloon.c
PHYSSEG ?= guest/netbsd/uvm_physseg.c
KPI_CFLAGS ?=

# $(call without_blanks,VARIABLE) gives a name without blanks, a link, for a path that has some; or stops with a message.
quoted         = '$(subst ','\'',$(1))'
without_blanks = $(if $(word 2,$($(1))),$(or $(shell guest/without-blanks.sh $(call quoted,$($(1))) build/links),\
    $(error $(1)=$($(1)): there is no such file, or its own name has a blank (its folder's may have one))),$($(1)))
override DRIVER  := $(call without_blanks,DRIVER)
override PHYSSEG := $(call without_blanks,PHYSSEG)
ours := guest/netbsd/balloon.c guest/netbsd/uvm_physseg.c
user_key := $(if $(filter-out $(ours),$(DRIVER) $(PHYSSEG))$(KPI_CFLAGS),$(shell printf '%s' '$(DRIVER) $(PHYSSEG) $(KPI_CFLAGS)' | cksum | cut -d' ' -f1))

# The library that any guest may use is an archive: a kernel's link takes the objects that it asks for. The simulator's
# gate is not in it, since images for the real Xen have another one.
lib          := $(B)/guest-objects/lib.a
gate_sim     := $(B)/guest-objects/lib/gate_sim.o
lib_objects  := $(patsubst guest/%.c,$(B)/guest-objects/%.o,$(filter-out guest/lib/gate_sim.c,$(wildcard guest/lib/*.c)))
lib_cflags    = $(guest_cflags) -D__XEN_INTERFACE_VERSION__=0x00040e00 -isystem $(kpi_include)/host -I. $(guest_warnings) -Wconversion
$(lib_objects): $(B)/guest-objects/%.o: guest/%.c $(B)/flags guest/guest.mk guest/compile-counted.sh | $(kpi_include)/.made
	@mkdir -p $(@D)
	$(Q)$(if $(filter-out $(uncounted),$*),$(call counted,$@,$<)) $(CC) $(lib_cflags) $(if $(filter-out $(uncounted),$*),$(guest_blocks),-MMD -MP -c $< -o $@)
$(gate_sim): guest/lib/gate_sim.c $(B)/flags guest/guest.mk | $(kpi_include)/.made
	@mkdir -p $(@D)
	$(Q)$(CC) $(filter-out --coverage,$(lib_cflags)) -MMD -MP -c $< -o $@
$(lib): $(lib_objects)
	$(Q)rm -f $@ && ar rcs $@ $^
-include $(lib_objects:.o=.d) $(gate_sim:.o=.d)

# $(call netbsd_image,FILE,VARIANT,DRIVER,PHYSSEG,FOLDER,FLAGS,BY): one kernel. Kernels of the same VARIANT share the
# objects of kern/. BY is the script that says what a user's file lacks; for ours it is empty.
define netbsd_image
$(5)/balloon.$(2).o: $(3) $(B)/flags guest/guest.mk guest/compile-counted.sh $(kpi_include)/.made
	@mkdir -p $$(@D)
	$$(Q)$(7)$$(call counted,$$@,$$<) $$(CC) $$(netbsd_cflags) $$($(2)_cflags) $(if $(7),$$(user_warnings),$$(guest_warnings)) $$(driver_cflags) $$(guest_blocks) $(6)
	$$(Q)$$(driver_section) $$@
$(5)/physseg.$(2).o: $(4) $(B)/flags guest/guest.mk guest/compile-counted.sh $(kpi_include)/.made
	@mkdir -p $$(@D)
	$$(Q)$(7)$$(call counted,$$@,$$<) $$(CC) $$(netbsd_cflags) $$($(2)_cflags) $(if $(7),$$(user_warnings),$$(guest_warnings)) $$(driver_cflags) $$(guest_blocks) $(6)
	$$(Q)$$(driver_section) $$@
$(5)/guest/$(1): $(5)/balloon.$(2).o $(5)/physseg.$(2).o $$(kern_$(2)_objects) $(gate_sim) $(lib)
	@mkdir -p $$(@D)
	$$(Q)$(7)$$(CC) $$(guest_ldflags) $$(netbsd_wrap) $$^ $$(guest_libs) -o $$@
-include $(5)/balloon.$(2).d $(5)/physseg.$(2).d
endef

kern_hotplug_objects := $(patsubst guest/netbsd/%,$(B)/guest-objects/hotplug/%.o,$(basename $(kern_sources)))
kern_static_objects  := $(patsubst guest/netbsd/%,$(B)/guest-objects/static/%.o,$(basename $(kern_sources)))
$(B)/guest-objects/hotplug/%.o: guest/netbsd/%.c $(B)/flags guest/guest.mk guest/compile-counted.sh | $(kpi_include)/.made
	@mkdir -p $(@D)
	$(Q)$(if $(filter-out $(uncounted),$*),$(call counted,$@,$<)) $(CC) $(netbsd_cflags) $(hotplug_cflags) $(call asserted,$*) -I. $(guest_warnings) $(if $(filter-out $(uncounted),$*),$(guest_blocks),-MMD -MP -c $< -o $@)
$(B)/guest-objects/static/%.o: guest/netbsd/%.c $(B)/flags guest/guest.mk guest/compile-counted.sh | $(kpi_include)/.made
	@mkdir -p $(@D)
	$(Q)$(if $(filter-out $(uncounted),$*),$(call counted,$@,$<)) $(CC) $(netbsd_cflags) $(static_cflags) $(call asserted,$*) -I. $(guest_warnings) $(if $(filter-out $(uncounted),$*),$(guest_blocks),-MMD -MP -c $< -o $@)
$(B)/guest-objects/hotplug/%.o: guest/netbsd/%.S $(B)/flags
	@mkdir -p $(@D)
	$(Q)$(CC) -I. -g -MMD -MP -c $< -o $@
$(B)/guest-objects/static/%.o: guest/netbsd/%.S $(B)/flags
	@mkdir -p $(@D)
	$(Q)$(CC) -I. -g -MMD -MP -c $< -o $@
-include $(kern_hotplug_objects:.o=.d) $(kern_static_objects:.o=.d)

$(eval $(call netbsd_image,netbsd.so,hotplug,guest/netbsd/balloon.c,guest/netbsd/uvm_physseg.c,$(B),))
$(eval $(call netbsd_image,netbsd-static.so,static,guest/netbsd/balloon.c,guest/netbsd/uvm_physseg.c,$(B),))

images     := $(B)/guest/netbsd.so $(B)/guest/netbsd-static.so
pv_images  := $(B)/pv/netbsd.elf $(B)/pv/netbsd-static.elf $(B)/pv/dom0.elf
pv_objects := $(B)/guest-objects/pv/entry.o $(B)/guest-objects/pv/pv.o

# Each other family of kernels has rules of its own, which add to images and pv_images. Where a package is missing they
# make $(B)/guest/NAME.missing with its name in it, and no image.
include $(wildcard guest/*/image.mk)

# A user's files make images of the same names in a folder of their own; a file that isn't given is ours.
ifneq ($(user_key),)
user_folder := $(B)/user/$(user_key)
user_guests := $(user_folder)/guest
user_images := $(addprefix $(user_guests)/,netbsd.so netbsd-static.so probe.so)
$(eval $(call netbsd_image,netbsd-static.so,static,$(DRIVER),$(PHYSSEG),$(user_folder),$(KPI_CFLAGS),guest/compile-user.sh ))
ifneq ($(filter -UUVM_HOTPLUG,$(KPI_CFLAGS)),)
# Without the option both kernels are the static one: the types of handles differ.
$(user_guests)/netbsd.so: $(user_guests)/netbsd-static.so
	$(Q)cp $< $@
else
$(eval $(call netbsd_image,netbsd.so,hotplug,$(DRIVER),$(PHYSSEG),$(user_folder),$(KPI_CFLAGS),guest/compile-user.sh ))
endif
$(user_guests)/probe.so: $(B)/guest/probe.so
	@mkdir -p $(@D)
	$(Q)cp $< $@
endif

# The same objects once more, as images for the real Xen: only the gate differs.
.PHONY: pv
pv: $(pv_images)
	$(Q)guest/pv/check-link.sh $(pv_images)
$(B)/guest-objects/pv/%.o: guest/pv/%.c $(B)/flags guest/guest.mk $(kpi_include)/.made
	@mkdir -p $(@D)
	$(Q)$(CC) $(guest_cflags) -isystem $(kpi_include)/host -I. $(guest_warnings) -Wconversion -MMD -MP -c $< -o $@
$(B)/guest-objects/pv/%.o: guest/pv/%.S $(B)/flags
	@mkdir -p $(@D)
	$(Q)$(CC) -I. -g -c $< -o $@
# The harness's own builder loads a guest at page 2, so that page 0 stays unmapped. The linker wants the symbol before
# the script that uses it.
pv_guest := -Wl,--defsym=pv_base=0x2000
pv_link = $(CC) $(1) -static $(if $(filter gcc,$(compiler)),-no-pie) -nostdlib -Wl,-T,guest/pv/guest.lds,-z,defs,--build-id=none,-z,noexecstack,--no-warn-rwx-segments $(netbsd_wrap)
$(B)/pv/netbsd.elf: $(B)/balloon.hotplug.o $(B)/physseg.hotplug.o $(kern_hotplug_objects) $(pv_objects) $(lib) guest/pv/guest.lds guest/guest.mk
	@mkdir -p $(@D)
	$(Q)$(call pv_link,$(pv_guest)) $(filter %.o %.a,$^) -o $@
$(B)/pv/netbsd-static.elf: $(B)/balloon.static.o $(B)/physseg.static.o $(kern_static_objects) $(pv_objects) $(lib) guest/pv/guest.lds guest/guest.mk
	@mkdir -p $(@D)
	$(Q)$(call pv_link,$(pv_guest)) $(filter %.o %.a,$^) -o $@

# dom0 for the real Xen, which issues the harness's hypercalls and has no kernel.
$(B)/pv/dom0.elf: $(B)/guest-objects/pv/entry.o $(B)/guest-objects/pv/dom0.o $(lib) guest/pv/guest.lds guest/guest.mk
	@mkdir -p $(@D)
	$(Q)$(call pv_link) $(filter %.o %.a,$^) -o $@

# The user's images for `--on xen`, beside the guests' folder, where the harness looks for them.
ifneq ($(user_key),)
user_variant   := $(if $(filter -UUVM_HOTPLUG,$(KPI_CFLAGS)),static,hotplug)
user_pv_images := $(addprefix $(user_folder)/pv/,netbsd.elf netbsd-static.elf probe.elf dom0.elf)
$(user_folder)/pv/netbsd.elf: $(user_folder)/balloon.$(user_variant).o $(user_folder)/physseg.$(user_variant).o $(kern_$(user_variant)_objects)
$(user_folder)/pv/netbsd-static.elf: $(user_folder)/balloon.static.o $(user_folder)/physseg.static.o $(kern_static_objects)
$(user_folder)/pv/netbsd.elf $(user_folder)/pv/netbsd-static.elf: $(pv_objects) $(lib) guest/pv/guest.lds guest/guest.mk
	@mkdir -p $(@D)
	$(Q)guest/compile-user.sh $(call pv_link,$(pv_guest)) $(filter %.o,$^) $(filter %.a,$^) -o $@
$(user_folder)/pv/%.elf: $(B)/pv/%.elf
	@mkdir -p $(@D)
	$(Q)cp $< $@
endif
.PHONY: user-images
user-images: $(user_images)
