# SPDX-License-Identifier: BSD-2-Clause
# Kernels that stand for designs, proposed ways to grow past boot memory: each is a driver in designs/, with our segment code
# and the runtime that any driver is linked with (guest/guest.mk).

netbsd_designs := $(basename $(notdir $(wildcard guest/netbsd/designs/*.c)))
netbsd_design_variant = $(if $(filter netbsd-clip,$(1)),static,hotplug)

# $(call netbsd_design_object,VARIANT,FLAGS): as `ballast build` compiles a driver or segment code.
netbsd_design_object = guest/compile-counted.sh --guard guest/guard-objects.awk $(call guard_bytes,FRONT) $(call guard_bytes,BEHIND) \
    $(blocks_left) $@ $< $(CC) $(netbsd_cflags) $(driver_cflags) $($(1)_cflags) -iquote . $(guest_warnings) $(guest_blocks)

define netbsd_physseg_rule
$(B)/guest-objects/$(1)/designs/uvm_physseg.o: guest/netbsd/uvm_physseg.c $(B)/flags guest/guest.mk guest/compile-counted.sh guest/guard-objects.awk | $(kpi_include)/.made
	@mkdir -p $$(@D)
	$$(Q)$$(call netbsd_design_object,$(1)) && objcopy $$(driver_section) $$@
-include $(B)/guest-objects/$(1)/designs/uvm_physseg.d
endef
$(foreach variant,$(kern_variants),$(eval $(call netbsd_physseg_rule,$(variant))))

# $(call netbsd_design_rule,NAME,VARIANT)
define netbsd_design_rule
$(B)/guest-objects/$(2)/designs/$(1).o: guest/netbsd/designs/$(1).c $(B)/flags guest/guest.mk guest/netbsd/image.mk guest/compile-counted.sh guest/guard-objects.awk | $(kpi_include)/.made
	@mkdir -p $$(@D)
	$$(Q)$$(call netbsd_design_object,$(2)) && objcopy $$(driver_section) $$@
-include $(B)/guest-objects/$(2)/designs/$(1).d
$(B)/guest/$(1).so: $(B)/guest-objects/$(2)/designs/$(1).o $(B)/guest-objects/$(2)/designs/uvm_physseg.o $(kern_$(2)_linked) $(gate_sim) $(lib)
	@mkdir -p $$(@D)
	$$(Q)$(CC) $(guest_ldflags) $(netbsd_wrap) $$^ $(guest_libs) -o $$@
$(B)/guest/pv/$(1).elf: $(B)/guest-objects/$(2)/designs/$(1).o $(B)/guest-objects/$(2)/designs/uvm_physseg.o $(kern_$(2)_linked) $(pv_objects) $(lib) guest/pv/guest.lds
	@mkdir -p $$(@D)
	$$(Q)$$(call pv_link,$$(pv_guest)) $$(filter %.o %.a,$$^) -o $$@
images    += $(B)/guest/$(1).so
pv_images += $(if $(COVERAGE),,$(B)/guest/pv/$(1).elf)
endef
$(foreach design,$(netbsd_designs),$(eval $(call netbsd_design_rule,$(design),$(call netbsd_design_variant,$(design)))))
