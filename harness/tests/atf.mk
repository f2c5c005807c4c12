# SPDX-License-Identifier: BSD-2-Clause
# ATF programs in the manner of NetBSD's own: each t_*.c of a folder includes a segment file as it is, and runs in user
# space under kyua. build-atf.sh says how a program is built, and run-atf.sh what its verdicts come to.
#     make atf TESTS=dir PHYSSEG=path/uvm_physseg.c KPI_CFLAGS=-DDIAGNOSTIC TEST_CFLAGS=-DVM_PHYSSEG_MAX=32
#     RECORD=1 writes the folder's baseline anew

.PHONY: atf
atf_flags   = -std=gnu17 -O1 -g -fno-builtin -I guest/netbsd/user -idirafter guest/netbsd/kpi -idirafter $(kpi_include) \
    -D_KERNEL_OPT -D__XEN_INTERFACE_VERSION__=0x00030208
atf_objects := $(addprefix $(B)/atf/,services.uvm_hotplug.o services.static.o rbtree.o extent.o)
atf_options_uvm_hotplug := -DUVM_HOTPLUG
# The runtime's own trees and extents, to be linked with a C library, and what a test may leave to us.
$(B)/atf/services.%.o: guest/netbsd/user/services.c $(B)/flags $(wildcard guest/netbsd/user/*.h guest/netbsd/kpi/*/*.h) | $(kpi_include)/.made
	@mkdir -p $(@D)
	$(Q)$(CC) $(atf_flags) $(atf_options_$*) -Wall -c $< -o $@
$(B)/atf/%.o: guest/netbsd/kern/%.c $(B)/flags | $(kpi_include)/.made
	@mkdir -p $(@D)
	$(Q)$(CC) $(filter-out -fvisibility=hidden,$(netbsd_cflags)) $(hotplug_cflags) -I. $(guest_warnings) -c $< -o $@
atf: $(atf_objects)
	$(Q)CC='$(CC)' harness/tests/build-atf.sh $(B)/atf $(atf_flags)
