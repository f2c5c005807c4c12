# SPDX-License-Identifier: BSD-2-Clause
# The tests: how they are built, and the stages of `make check`. Each stage is silent when all is well.

.PHONY: check check-units check-scenarios check-formats

# One program of all *_test.c; each defines `Suite *<name>_suite(void)`.
suites := $(patsubst %_test,%_suite,$(basename $(notdir $(tests))))
$(B)/gen/suites.h: $(tests) harness/tests/check.mk
	@mkdir -p $(@D)
	@{ for s in $(suites); do echo "SUITE($$s)"; done; } > $@
# Seconds of wall clock before a test or a replay counts as hung: no test depends on how busy a machine is, so that this
# stands in one place and is far more than any takes. A person who runs build/check may set CK_DEFAULT_TIMEOUT.
wait_s := $(shell cat harness/tests/wait_s)
$(B)/harness/tests/main.o: CPPFLAGS += -DTEST_WAIT_S='"$(wait_s)"'
$(B)/harness/tests/main.o: $(B)/gen/suites.h harness/tests/wait_s
# A test can refuse these requests: the linker leads each call to harness/tests/scarce.c first.
refusable := malloc calloc realloc reallocarray strdup open_memstream mmap mprotect memfd_create ftruncate
$(B)/check: $(B)/harness/tests/scarce.o $(B)/harness/tests/main.o $(patsubst %.c,$(B)/%.o,$(tests)) $(library)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) $(refusable:%=-Wl,--wrap=%) $^ $(LDLIBS) $(shell pkg-config --libs check) -o $@

# Our driver with a line that tells an address or a clock: an image of the same name in a folder of its own.
leaks := $(patsubst harness/tests/leaks/%.c,%,$(wildcard harness/tests/leaks/*.c))
leak_images := $(leaks:%=$(B)/leaks/%/netbsd.so)
$(B)/leaks/%/netbsd.so: harness/tests/leaks/%.c $(built_with)
	$(Q)$(B)/ballast build --driver $< --variant hotplug --output $(@D)

# `make check`: the stages one after the other, Check's program last, for its closing line is the end.
replayed := $(wildcard scenarios/*/*.scn)
# What is about Linux needs the package of its source.
without_linux := $(if $(filter %/linux-6.1.so,$(images)),,scenarios/linux/% scenarios/designs/% $(shell grep -l '^domain.* kernel=linux-6\.1' scenarios/*/*.scn))
linux_instead := $(if $(without_linux),$(patsubst %.so,%,$(notdir $(filter %/linux-6.12.so,$(images)))))
# Some show what only a newer version does.
without_newer := $(if $(filter %/linux-6.12.so,$(images)),,$(shell grep -l '^domain.* kernel=linux-6\.12' scenarios/linux/*.scn))
replayed := $(sort $(filter-out scenarios/bad/% scenarios/bench/% $(without_linux) $(without_newer),$(replayed)))
examples := $(B)/examples

# Most of the work is builds: as many jobs as processors, unless make was told how many.
at_once = $(if $(findstring jobserver,$(MAKEFLAGS)),,-j$(shell nproc))

# With TELL=1, as ./quickstart has it, each stage says when it begins.
tell = $(if $(TELL),@printf '%s  %s\n' "$$(date +%T)" '$(1)' >&2)

check:
	$(call tell,the rooms and their walls)
	$(Q)$(MAKE) --no-print-directory $(at_once) check-house
	$(call tell,the guests as images for the real Xen)
	$(Q)$(MAKE) --no-print-directory $(at_once) pv
	$(call tell,recordings are the same bytes from gcc and clang and whatever surrounds the run)
	$(Q)$(MAKE) --no-print-directory $(at_once) check-determinism
	$(call tell,all scenarios (with sanitizers))
	$(Q)$(MAKE) --no-print-directory $(at_once) SANITIZE=1 check-scenarios
	$(call tell,other programs read the results (with sanitizers))
	$(Q)$(MAKE) --no-print-directory $(at_once) SANITIZE=1 check-formats
	$(call tell,the HTML pages in a browser)
	$(Q)$(MAKE) --no-print-directory $(at_once) check-report
	$(call tell,the fuzzers)
	$(Q)$(MAKE) --no-print-directory $(at_once) check-fuzz
	$(call tell,the model beside the real Xen)
	$(Q)$(MAKE) --no-print-directory $(at_once) check-xen check-model
	$(call tell,drivers that hurt the harness (with sanitizers))
	$(Q)$(MAKE) --no-print-directory $(at_once) SANITIZE=1 check-hostile
	$(call tell,kernels with one fault in what they do with pages)
	$(Q)$(MAKE) --no-print-directory $(at_once) check-guest-faults
	$(call tell,drivers of other years and styles; drivers with one fault each; segment files; ATF programs; what is installed)
	$(Q)$(MAKE) --no-print-directory --output-sync=target $(at_once) check-drivers check-names check-idioms check-mutator check-files \
	    check-install check-pairs check-segments check-atf check-wrong WRONG='$(wrong_slice)'
	$(call tell,the unit tests (with sanitizers))
	$(Q)$(MAKE) --no-print-directory $(at_once) SANITIZE=1 check-units

# The rooms, their order and their walls: first, for it takes seconds (architecture.md says what it holds).
.PHONY: check-house
house_program := $(B)/harness/ballast/main.o $(library)
check-house: $(house_program) $(images)
	$(Q)harness/tests/house/self-test.sh $(B) $(house_program)
	$(Q)harness/tests/house/check-house.sh all $(B) '$(house_program)' \
	    '$(kern_hotplug_objects) $(lib_objects)' '$(probe_objects) $(lib_objects)'

check-units: $(B)/check all
	$(Q)BALLAST=$(B)/ballast BALLAST_GUESTS=$(B)/guest harness/tests/check-units.sh $(B)/check $(suites:%_suite=%)

# Replays the scenarios, and every example of the language's reference, none of which arms what never comes about; those that
# a driver has a part in also under a few seeds of a schedule.
scheduled := $(filter $(foreach f,tour faults contention limits lifecycle ours,scenarios/$(f)/%),$(replayed))
check-scenarios: all
	$(if $(without_linux),@echo "check-scenarios: SKIP of $(if $(linux_instead),,scenarios/linux and )scenarios/designs: the package linux-source-6.1 is not there")
	$(if $(linux_instead),$(Q)$(B)/ballast replay --strict --quiet --timeout $(wait_s) --jobs 2 --kernel $(linux_instead) $(wildcard scenarios/linux/*.scn))
	$(Q)harness/tests/extract-scenarios.sh docs/scenario.md $(examples)
	$(Q)$(B)/ballast replay --strict --quiet --timeout $(wait_s) --jobs 2 $(filter-out $(scheduled),$(replayed)) $(examples)/*.scn
	$(Q)$(B)/ballast replay --strict --quiet --timeout $(wait_s) --jobs 2 --schedules $(or $(SCHEDULES),2) $(scheduled)
	$(Q)harness/tests/check-linux.sh $(B) --heads

# Reads each output format with somebody else's program.
check-formats: all
	$(Q)harness/tests/check-formats.sh $(B)/ballast $(B)/guest $(B)/formats

# The HTML pages in Chromium, where that is there: by mouse, by keyboard, and as a screen reader has them. bench-report tells
# how long the longest task of a page with 100,000 events takes.
.PHONY: check-report bench-report
$(B)/browser: $(patsubst %.c,$(B)/%.o,$(wildcard harness/tests/browser/*.c))
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) $^ -ljansson -o $@
check-report: $(B)/browser all
	$(Q)harness/tests/check-report.sh $(B) $(wait_s)
bench-report: $(B)/browser all
	$(Q)harness/tests/bench-report.sh $(B) $(wait_s)

# Drivers of other years are compiled (with ALL=1: with each option, compiler and kernel) and replayed, and drivers with one fault each are replayed: the invariant that
# must see the fault sees it. All wrong drivers take a minute, so `make check` has a slice of them.
.PHONY: check-drivers check-wrong check-pairs
check-drivers: $(kpi_include)/.made
	$(Q)harness/tests/check-drivers.sh -I guest/netbsd/kpi -I $(kpi_include) -D_KERNEL -D_KERNEL_OPT \
	    -D__XEN_INTERFACE_VERSION__=0x00030208
# No name of ours is in a driver's way; and each way to attach works.
.PHONY: check-names check-idioms
check-names: all
	$(Q)harness/tests/check-names.sh $(B) -I guest/netbsd/kpi -I $(kpi_include) -D_KERNEL -D_KERNEL_OPT \
	    -D__XEN_INTERFACE_VERSION__=0x00030208
check-idioms: all
	$(Q)harness/tests/check-idioms.sh $(B)
.PHONY: check-files check-install
check-files: all
	$(Q)harness/tests/check-files.sh $(B)
check-install: all
	$(Q)harness/tests/check-install.sh
.PHONY: check-atf
check-atf: $(atf_objects)
	$(Q)harness/tests/check-atf.sh $(B)
# Every scenario on the pairs, with seeds: what each fails was judged, and anything else is news. Outside `make check`, for it
# takes a quarter of an hour; YEARS="2013 2021" runs some of them.
.PHONY: check-judged
check-judged: all
	$(Q)harness/tests/check-judged.sh $(B)/ballast $(YEARS)
# Each of them built, linked and run with each compiler and each set of options. Outside `make check`, too: 200 builds.
.PHONY: check-matrix
check-matrix: all
	$(Q)$(MAKE) --no-print-directory CC=clang all
	$(Q)harness/tests/check-matrix.sh $(B)
check-pairs: all
	$(Q)harness/tests/check-pairs.sh
	$(Q)harness/tests/check-quotes.sh $(B)/ballast
	$(Q)harness/tests/check-claims.sh $(B)/ballast

# Segment files in their small worlds: ours, two of other years (with ALL=1: all six), and ours with one fault each.
.PHONY: check-segments
check-segments: all
	$(Q)harness/tests/check-segments.sh $(B) $(if $(ALL),all,2018 2023)
check-wrong: all
	$(Q)harness/tests/check-wrong.sh $(B) $(WRONG)
wrong_slice := $(wildcard harness/tests/wrong/*[05]-*.sed) harness/tests/wrong/41-written-cleared-after-the-work.sed

# The same scenario with the same seed gives the same bytes, whichever the compiler and the optimisation.
.PHONY: check-determinism recordings
check-determinism:
	$(Q)$(MAKE) --no-print-directory recordings check-repeats check-leaks
	$(Q)$(MAKE) --no-print-directory OPT=0 recordings
	$(Q)$(MAKE) --no-print-directory CC=clang recordings
	$(Q)$(MAKE) --no-print-directory CC=clang OPT=0 recordings
	$(Q)harness/tests/compare-recordings.sh build/recordings build/gcc-O0/recordings build/clang/recordings build/clang-O0/recordings
recordings: all
	$(Q)rm -rf $(B)/recordings && mkdir -p $(B)/recordings
	$(Q)printf '%s\n' $(replayed) | xargs -P 2 -n 1 harness/tests/record.sh $(B)/ballast $(B)/recordings

# It does so whatever surrounds the run: folder, environment, address randomisation, jobs.
.PHONY: check-repeats check-leaks
repeated := $(addprefix scenarios/tour/,grow-past-boot.scn fail-mid-plug-100.scn sysctl-target-under-xm.scn)
check-repeats: all
	$(Q)harness/tests/check-repeats.sh $(B)/ballast $(B)/guest $(B)/repeats $(repeated)

# check-repeats has to notice a driver which tells an address or a clock.
check-leaks: all $(leak_images)
	$(Q)for leak in $(leaks); do \
	    ! harness/tests/check-repeats.sh $(B)/ballast $(B)/leaks/$$leak $(B)/leaks/$$leak/repeats $(firstword $(repeated)) 2>$(B)/leaks/$$leak/said \
	        && grep -q 'the recording differs' $(B)/leaks/$$leak/said \
	        || { cat $(B)/leaks/$$leak/said; echo "check-repeats.sh does not notice harness/tests/leaks/$$leak.c"; exit 1; }; \
	done

# What the tests reach; with a user's DRIVER= and PHYSSEG= in place of ours.
.PHONY: coverage coverage-pages
coverage: $(pv_images)
	$(Q)$(MAKE) --no-print-directory COVERAGE=1 OPT=0 coverage-pages
coverage-pages: all $(B)/check
	$(Q)guests=$$($(B)/ballast from-make build) && harness/tests/coverage.sh $(B) "$$guests" build/coverage $(replayed)
	@echo build/coverage/index.html

# Conditions that change a decision each by itself, in our two driver files and sim/: clang counts them from 18 on.
MCDC_CLANG ?= 19
.PHONY: mcdc mcdc-pages
mcdc: $(pv_images)
	@command -v clang-$(MCDC_CLANG) llvm-cov-$(MCDC_CLANG) >/dev/null \
	    || { echo "mcdc: SKIP: clang-$(MCDC_CLANG) is not there (apt install clang-$(MCDC_CLANG) llvm-$(MCDC_CLANG))"; exit 1; }
	$(Q)$(MAKE) --no-print-directory CC=clang-$(MCDC_CLANG) COVERAGE=mcdc OPT=0 EXTRA_CFLAGS=-w mcdc-pages
mcdc-pages: all $(B)/check
	$(Q)harness/tests/mcdc.sh $(MCDC_CLANG) $(B) build/mcdc $(replayed)

# Drivers that hurt the harness in each way that we know: the next scenario must not be affected.
.PHONY: check-hostile
hostile := processor memory locks endless system
check-hostile: all
	$(Q)for d in $(hostile); do \
	    guests=$$($(MAKE) -s --no-print-directory DRIVER=harness/tests/hostile/$$d.c guests) \
	    && harness/tests/hostile/check.sh $(B)/ballast $$d $$guests || exit; done
	$(Q)harness/tests/hostile/check-loaded.sh $(B)/ballast

# Compares the model with the real Xen. `make check` has a slice of it; all of it takes an hour or more.
.PHONY: check-xen check-xen-file xen-check
XEN_SEED ?= $(shell date +%s)
XEN_OPS  ?= 100000
agreed   := $(B)/agreed
# The slice holds what a driver does (the tour), what dom0 does to other domains, and a guest that Xen translates for.
dom0_does := claim-is-not-for-exchange destroy-with-foreign-maps foreign-maps-are-dom0s getdomaininfo-goes-on populate-on-behalf pvh-by-proxy \
    pvh-mapped-by-dom0
check-xen: all
	$(Q)harness/tests/has-xen.sh $(B)/ballast $@ || exit 0; \
	    $(B)/ballast replay --quiet --timeout $(wait_s) --on both $(wildcard scenarios/tour/*.scn) \
	        $(dom0_does:%=scenarios/xen/%.scn) \
	    && { $(B)/ballast xen-fuzz --seed 1 --ops 4000 >$(B)/xen-fuzz.log || { cat $(B)/xen-fuzz.log; exit 1; }; }
	$(Q)$(MAKE) --no-print-directory SANITIZE=1 check-xen-file
	$(Q)$(MAKE) --no-print-directory xenstore-check XEN_SEED=1 XEN_OPS=10000 agreed=$(B)/agreed-slice >$(B)/xenstore-check.log || { cat $(B)/xenstore-check.log; exit 1; }
# A Xen that is named by its file is booted again where a run needs a larger machine than the one before, or another processor, as the
# second of these two does. What was freed with the first Xen must not be used then.
xen_file = $(firstword $(wildcard $(shell sed -n 's/.*\.image = "\(.*\)".*/\1/p' guest/abi/xens.h)))
check-xen-file: all
	$(Q)harness/tests/has-xen.sh $(B)/ballast $@ || exit 0; \
	    $(B)/ballast xen-fuzz --xen $(xen_file) --seed 1 --ops 1010 >$(B)/xen-file.log 2>&1 || { cat $(B)/xen-file.log; exit 1; }
xen-check: all guest-faults
	$(Q)XEN='$(XEN)' harness/tests/has-xen.sh $(B)/ballast $@
	$(Q)XEN='$(XEN)' harness/tests/xen-check.sh $(B)/ballast $(agreed) $(XEN_SEED) $(XEN_OPS) $(replayed)
	$(Q)harness/tests/check-guest-faults.sh $(B) xen $(guest_faults)
	$(Q)harness/tests/check-qemu-killed.sh $(B)/ballast 7 scenarios/tour/grow-past-boot.scn
	$(Q)harness/tests/check-whole-kernel.sh $(B)

# How far the model agrees with either Xen and with xenstored: the figures of the last runs here, and the model by itself.
# KEEP=1 puts them into README.md and docs/real-xen.md.
.PHONY: agreement
agreement: all
	$(Q)harness/tests/agreement.sh $(agreed) model $(B)/ballast replay --jobs 2 --timeout $(wait_s) $(replayed)
	$(Q)harness/tests/agreement.sh $(agreed) $(if $(KEEP),keep)

# Debian's own kernel as dom0 of the real Xen beside our guest of the same version: 20 s of processor time. `make whole-kernel`
# takes that kernel out of Debian's packages first, into build/whole-kernel; nothing is installed.
.PHONY: whole-kernel check-whole-kernel
whole-kernel: all
	$(Q)harness/tests/whole-kernel/fetch.sh $(patsubst build/linux-%/version,%,$(wildcard build/linux-6.*/version $(if $(LINUX),build/linux-tree/version)))
check-whole-kernel: all
	$(Q)harness/tests/has-xen.sh $(B)/ballast $@ || exit 0; harness/tests/check-whole-kernel.sh $(B) $(SCENARIO)

# The comparison has to find errors: the model is made wrong on purpose, and must then differ from the real Xen.
.PHONY: check-model
model_errors := $(patsubst harness/tests/model/%.sed,%,$(wildcard harness/tests/model/*.sed))
$(B)/model/%/ballast: harness/tests/model/%.sed $(B)/harness/ballast/main.o $(library)
	@mkdir -p $(@D)
	$(Q)file=$$(sed -n 's/^# file: //p' $<) && sed -f $< $$file > $(@D)/changed.c \
	    && { ! cmp -s $$file $(@D)/changed.c || { echo "$< no longer changes $$file"; exit 1; }; } \
	    && $(CC) $(CPPFLAGS) $(CFLAGS) -c $(@D)/changed.c -o $(@D)/changed.o \
	    && $(CC) $(CFLAGS) $(LDFLAGS) $(@D)/changed.o $$(echo $(filter %.o,$^) | tr ' ' '\n' | grep -v "^$(B)/$${file%.c}.o$$") $(LDLIBS) -o $@
check-model: all $(model_errors:%=$(B)/model/%/ballast)
	$(Q)harness/tests/has-xen.sh $(B)/ballast $@ || exit 0; \
	for error in $(model_errors); do \
	    scenario=$$(sed -n 's/^# scenario: //p' harness/tests/model/$$error.sed); \
	    BALLAST_GUESTS=$(B)/guest $(B)/model/$$error/ballast replay --timeout $(wait_s) --on xen $$scenario >$(B)/model/$$error/said; \
	    grep -q 'model and real Xen differ' $(B)/model/$$error/said \
	        || { cat $(B)/model/$$error/said; echo "--on xen does not notice harness/tests/model/$$error.sed"; exit 1; }; \
	done

# The same by random calls: each error has to be found by `ballast xen-fuzz` within so many statements of the kind that it names.
# Not a part of `make check`: each takes half a minute of processor time.
.PHONY: check-random-errors
random_errors := $(patsubst harness/tests/model/random/%.sed,random/%,$(wildcard harness/tests/model/random/*.sed))
RANDOM_OPS    ?= 5000
check-random-errors: all $(random_errors:%=$(B)/model/%/ballast)
	$(Q)harness/tests/has-xen.sh $(B)/ballast $@ || exit 0; missed=0; \
	for error in $(random_errors); do \
	    kind=$$(sed -n 's/^# kind: //p' harness/tests/model/$$error.sed); \
	    BALLAST_GUESTS=$(B)/guest $(B)/model/$$error/ballast xen-fuzz --whole --kind $$kind --seed 1 --ops $(RANDOM_OPS) >$(B)/model/$$error/said; \
	    grep -q 'the model and the real Xen part' $(B)/model/$$error/said \
	        || { tail -3 $(B)/model/$$error/said; echo "xen-fuzz does not notice harness/tests/model/$$error.sed"; missed=1; }; \
	done; exit $$missed

# Our netbsd kernel with one file changed (check-guest-faults.sh): those that fail in the simulator, too, are replayed
# there; xen-check has the rest. It takes a second or two.
.PHONY: check-guest-faults guest-faults
guest_faults   := $(patsubst harness/tests/guest-faults/%.sed,%,$(wildcard harness/tests/guest-faults/*.sed))
# Of a FILE that a fault changes: how it is compiled, and the kernel's other objects.
faulty_file     = $(shell sed -n 's/^\# file: //p' harness/tests/guest-faults/$(1).sed)
faulty_cflags   = $(if $(filter guest/lib/%,$(1)),$(lib_cflags),$(netbsd_cflags) $(hotplug_cflags) $(guest_warnings))
our_objects     = $(addprefix $(B)/guest/objects/,driver.hotplug.o physseg.hotplug.o)
# $(call faulty_driver,NAME,FILE): a driver is built as a user's would be.
define faulty_driver
$(B)/guest-faults/$(1)/guest/netbsd.so: harness/tests/guest-faults/$(1).sed $(2) $(images) $(pv_images)
	@mkdir -p $$(@D)
	$$(Q)sed -f $$< $(2) >$(B)/guest-faults/$(1)/$(notdir $(2))
	$$(Q)! cmp -s $(2) $(B)/guest-faults/$(1)/$(notdir $(2)) || { echo "$$< no longer changes $(2)"; exit 1; }
	$$(Q)$(B)/ballast build --driver $(B)/guest-faults/$(1)/$(notdir $(2)) --output $$(@D)
endef
# $(call faulty_kernel,NAME,FILE): of any other file.
define faulty_kernel
$(B)/guest-faults/$(1)/guest/netbsd.so: harness/tests/guest-faults/$(1).sed $(2) $(images) $(pv_images)
	@mkdir -p $(B)/guest-faults/$(1)/guest/pv
	$$(Q)cp $(B)/guest/probe.so $(B)/guest/netbsd-static.so $(B)/guest-faults/$(1)/guest
	$$(Q)cp $(B)/guest/pv/probe.elf $(B)/guest/pv/dom0.elf $(B)/guest/pv/netbsd-static.elf $(B)/guest-faults/$(1)/guest/pv
	$$(Q)sed -f $$< $(2) >$(B)/guest-faults/$(1)/$(notdir $(2))
	$$(Q)! cmp -s $(2) $(B)/guest-faults/$(1)/$(notdir $(2)) || { echo "$$< no longer changes $(2)"; exit 1; }
	$$(Q)$$(CC) $$(call faulty_cflags,$(2)) -c $(B)/guest-faults/$(1)/$(notdir $(2)) -o $(B)/guest-faults/$(1)/faulty.o
	$$(Q)$$(call pv_link,$$(pv_guest)) $(B)/guest-faults/$(1)/faulty.o $$(our_objects) $$(kern_hotplug_objects) $$(pv_objects) $$(lib) -o $(B)/guest-faults/$(1)/guest/pv/netbsd.elf
	$$(Q)$$(CC) $$(guest_ldflags) $$(netbsd_wrap) $(B)/guest-faults/$(1)/faulty.o $$(our_objects) $$(kern_hotplug_objects) $$(gate_sim) $$(lib) $$(guest_libs) -o $$@
endef
$(foreach fault,$(guest_faults),$(eval $(call $(if $(filter %/balloon.c,$(call faulty_file,$(fault))),faulty_driver,faulty_kernel),$(fault),$(call faulty_file,$(fault)))))
guest-faults: all $(guest_faults:%=$(B)/guest-faults/%/guest/netbsd.so)
check-guest-faults: guest-faults
	$(Q)harness/tests/check-guest-faults.sh $(B) sim $(guest_faults)

# Linux's scenarios on drivers that are changed in one place each, which they have to see: 60 s of processor time, and not part
# of `make check`, which only looks at the scripts and the scenarios' heads. The scenarios are replayed with all others.
.PHONY: check-linux
check-linux: all
	$(Q)harness/tests/check-linux.sh $(B)

# Which of Linux's files, and of the runtime's, depend on the size of a section: those that guest/linux/image.mk lists, and no other. All
# are compiled for sections of 4 MiB. And the scenarios about sections-only fail on kernels that are changed in one place: sed scripts under
# harness/tests/sections, each of which names a file and a scenario. 30 s of processor time, and not part of `make check`.
.PHONY: check-sections
sized_folder  := $(call linux_folder,6.1)
sized_all     := $(linux_sources:%.c=%) $(patsubst %,kern/%,$(filter-out $(linux_outer) $(linux_own_outer),$(linux_kern)))
sized_listed  := $(linux_sized) $(linux_sized_kern:%=kern/%)
sized_changed := $(patsubst harness/tests/sections/%.sed,%,$(wildcard harness/tests/sections/*.sed))
changed_file   = $(shell sed -n 's/^\# file: //p' harness/tests/sections/$(1).sed)
define changed_sections
$(B)/sections/$(1)/sections-only.so: harness/tests/sections/$(1).sed $(2) all
	@mkdir -p $$(@D)
	$$(Q)ln -sf $(abspath $(B)/guest)/*.so $$(@D) && rm -f $$@ && sed -f $$< $(2) >$$(@D)/$(notdir $(2))
	$$(Q)! cmp -s $(2) $$(@D)/$(notdir $(2)) || { echo "$$< no longer changes $(2)"; exit 1; }
	$$(Q)$$(CC) $$(call linux_flags,build/linux-6.1/tree,$$(sized_folder)) $$(linux_words.online) $$(linux_words_of_size.section-4m) -iquote . -iquote $(dir $(2)) \
	    -iquote build/linux-6.1/tree/mm $$(call linux_names,changed) -w -c $$(@D)/$(notdir $(2)) -o $$(@D)/changed.o
	$$(Q)guest/linux/finish.sh $$(if $$(filter guest/linux/designs/%,$(2)),drivers/xen/balloon.c,$(2)) $$(@D)/changed.o
	$$(Q)$$(CC) $$(linux_ldflags) $$(@D)/changed.o $$(filter-out %/$(basename $(notdir $(2))).o,$$(linux_design_links.sections-only)) $$(gate_sim) $$(lib) $$(guest_libs) -o $$@
endef
ifdef linux_shared.linux-6.1
$(foreach change,$(sized_changed),$(eval $(call changed_sections,$(change),$(call changed_file,$(change)))))
check-sections: all $(sized_changed:%=$(B)/sections/%/sections-only.so) $(patsubst %,$(sized_folder)/section-4m/%.o,$(filter-out $(linux_own),$(sized_all)))
	$(Q)harness/tests/check-sections.sh $(sized_folder) "$(filter-out $(linux_own),$(sized_all))" "$(sized_listed)"
	$(Q)harness/tests/check-changed-sections.sh $(B) $(sized_changed)
else
check-sections:
	@echo "SKIP check-sections: it needs the package linux-source-6.1"
endif

# Random scenarios of Linux guests, as many as RUNS says, from the seed SEED on: some 40 ms of processor time each.
.PHONY: campaign-linux
campaign-linux: all
	$(Q)harness/tests/campaign-linux.sh $(B) $(if $(filter undefined,$(origin LINUX)),linux-6.1,linux-tree) $(or $(RUNS),200) $(or $(SEED),1)
