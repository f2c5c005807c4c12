# SPDX-License-Identifier: BSD-2-Clause
# The probe's two images, from the same objects. Any family of kernels whose folder has an image.mk is built like this:
# guest/guest.mk includes them all.

probe_objects := $(patsubst guest/%.c,$(B)/guest-objects/%.o,$(filter-out %_test.c,$(wildcard guest/probe/*.c)))
$(B)/guest-objects/probe/%.o: guest/probe/%.c $(B)/flags guest/guest.mk guest/probe/image.mk $(kpi_include)/.made
	@mkdir -p $(@D)
	$(Q)$(CC) $(guest_cflags) -D__XEN_INTERFACE_VERSION__=0x00040e00 -D__XEN_TOOLS__ -isystem $(kpi_include)/host -I. $(guest_warnings) -MMD -MP -c $< -o $@
-include $(probe_objects:.o=.d)
$(B)/guest/probe.so: $(probe_objects) $(gate_sim) $(lib)
	@mkdir -p $(@D)
	$(Q)$(CC) $(guest_ldflags) $^ $(guest_libs) -o $@
$(B)/guest/pv/probe.elf: $(probe_objects) $(pv_objects) $(lib) guest/pv/guest.lds guest/guest.mk
	@mkdir -p $(@D)
	$(Q)$(call pv_link,$(pv_guest)) $(filter %.o %.a,$^) -o $@

images    += $(B)/guest/probe.so
pv_images += $(B)/guest/pv/probe.elf
