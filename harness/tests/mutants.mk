# SPDX-License-Identifier: BSD-2-Clause
# Mutants: one small error each in the code that the tests are to judge, made by a program and not by hand, and what kills
# them (docs/mutants.md).
#     make mutants                      60 of our driver and segment file, by what `ballast check-driver` runs
#     make mutants FILE=sim MUTANTS=300 SEED=7 FROM=1      of other files or folders; from which one on of the list
#     make mutants FILE=sim JOBS=2 QUICK=1               two at a time, each only by what takes milliseconds
#     make mutants FROM=again                           those that survived when they were tried last
#     make mutants FROM=unjudged                        those of them that harness/tests/mutants/survivors lacks
#     make mutants BY=segments FILE=guest/netbsd/uvm_physseg.c          by `ballast check-segments` alone, apart from the others; STRICT=1: by our own rules, too
#     make check-mutator                the mutator's own test; it is part of make check

MUTANTS ?= 60
SEED    ?= $(shell date +%s)
FROM    ?= 1
JOBS    ?= 1
FILE    ?= guest/netbsd/balloon.c guest/netbsd/uvm_physseg.c

mutator := $(B)/harness/tests/mutants/mutate
$(mutator): $(wildcard harness/tests/mutants/*.c) $(wildcard harness/tests/mutants/*.h) $(B)/flags
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) $(filter %.c,$^) -o $@

# What compiles and links a changed file, for the script.
mutants_recipe := $(B)/mutants/recipe
$(mutants_recipe): always
	@mkdir -p $(@D)
	@printf '%s\n' \
	    "model_compile='$(CC) $(CPPFLAGS) $(CFLAGS)'" \
	    "model_link='$(CC) $(CFLAGS) $(LDFLAGS)' model_libraries='$(LDLIBS)'" \
	    "model_sanitizers='$(sanitizers)'" \
	    "model_objects='$(library)' model_main='$(B)/harness/ballast/main.o'" \
	    "check_link='$(refusable:%=-Wl,--wrap=%)' check_libraries='$(shell pkg-config --libs check)'" \
	    "check_objects='$(B)/harness/tests/scarce.o $(B)/harness/tests/main.o $(patsubst %.c,$(B)/%.o,$(tests))'" \
	    "kernel_compile='$(CC) $(netbsd_cflags) -DDIAGNOSTIC -I.' kernel_counted='guest/compile-counted.sh $(blocks_left)'" \
	    "kernel_blocks='$(guest_blocks)' kernel_uncounted='$(uncounted)'" \
	    "kernel_hotplug='$(hotplug_cflags)' kernel_static='$(static_cflags)'" \
	    "kernel_link='$(CC) $(guest_ldflags) $(netbsd_wrap)' kernel_with='$(gate_sim) $(lib) $(guest_libs)'" \
	    "kernel_hotplug_objects='$(kern_hotplug_objects)' kernel_static_objects='$(kern_static_objects)'" \
	    "scenarios='$(replayed)' driver_scenarios='$(driver_scenarios)'" >$@

.PHONY: mutants check-mutator
mutants: all $(B)/check $(mutator) $(mutants_recipe)
	$(Q)QUICK='$(QUICK)' BY='$(BY)' STRICT='$(STRICT)' harness/tests/mutants/run.sh $(B) '$(SEED)' '$(FROM)' '$(MUTANTS)' '$(JOBS)' $(FILE)
check-mutator: all $(mutator) $(mutants_recipe)
	$(Q)harness/tests/mutants/self-test.sh $(B)
