# SPDX-License-Identifier: BSD-2-Clause
# ATF programs in the manner of NetBSD's own: each t_*.c of a folder includes a segment file as it is, and runs
# in user space under kyua, once with the option UVM_HOTPLUG and once without.
#     make atf TESTS=dir PHYSSEG=path/uvm_physseg.c       RECORD=1 writes the folder's baseline anew

.PHONY: atf
TESTS      ?= harness/tests/atf
override TESTS := $(call without_blanks,TESTS)
atf_folder  = $(B)/atf/$(shell printf '%s' '$(TESTS) $(PHYSSEG) $(KPI_CFLAGS)' | cksum | cut -d' ' -f1)
atf_cflags  = -std=gnu17 -O1 -g -fno-builtin -Wall -Wno-unused-function -I $(TESTS) -I $(dir $(PHYSSEG)) \
    -I guest/netbsd/user -idirafter guest/netbsd/kpi -idirafter $(kpi_include) -D_KERNEL_OPT \
    -D__XEN_INTERFACE_VERSION__=0x00030208
atf_kern    = $(B)/atf/rbtree.o $(B)/atf/extent.o
# The runtime's own trees and extents, to be linked with a C library.
$(B)/atf/%.o: guest/netbsd/kern/%.c $(B)/flags | $(kpi_include)/.made
	@mkdir -p $(@D)
	$(Q)$(CC) $(filter-out -fvisibility=hidden,$(netbsd_cflags)) $(hotplug_cflags) -I. $(guest_warnings) -c $< -o $@
atf: $(atf_kern) $(kpi_include)/.made
	$(Q)mkdir -p $(atf_folder)
	$(Q)$(CC) $(atf_cflags) -w -c guest/netbsd/user/services.c -o $(atf_folder)/services.o
	$(Q)for test in $(TESTS)/t_*.c; do for option in UVM_HOTPLUG STATIC; do \
	    name=$$(basename $$test .c).$$(echo $$option | tr A-Z a-z); \
	    $(CC) $(atf_cflags) -D$$option $(KPI_CFLAGS) $$test $(atf_folder)/services.o $(atf_kern) -latf-c \
	        -o $(atf_folder)/$$name || exit 1; done; done
	$(Q)RECORD=$(RECORD) harness/tests/run-atf.sh $(atf_folder) $(TESTS)/baseline
