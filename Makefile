# SPDX-License-Identifier: BSD-2-Clause
# Ballast's build. `make help` lists what a person would type. The guests are built by guest/guest.mk, and the stages
# of `make check` stand in harness/tests/check.mk.
#
# CC=gcc|clang, OPT=0|2, SANITIZE=1, COVERAGE=1 and FUZZ=1 each build in a folder of their own, so that objects of two
# kinds are never mixed: build/ itself is gcc at -O2.

# A user's own files and options, and what is replayed on them. Neither make nor a shell reads what is in these names: they
# go as they are through the environment to the program, which finds the files, builds them, and says what is wrong (atf: to
# harness/tests/build-atf.sh).
#     DRIVER, PHYSSEG: files, and folders of their headers     KPI_CFLAGS: options for them
#     NETBSD: a source tree that has them     LINUX: a source tree of Linux, or its tarball     SCENARIO: files
#     REPLAY_FLAGS: more for `ballast replay`     TESTS: a folder of ATF programs     TEST_CFLAGS: options for them
users := DRIVER PHYSSEG KPI_CFLAGS NETBSD LINUX SCENARIO SCHEDULES REPLAY_FLAGS TESTS TEST_CFLAGS RECORD
# A dollar sign in them is no variable of make's. This stands before the first $(shell), for make 4.4 expands what it exports
# for each of them.
$(foreach name,$(users),$(if $(filter undefined,$(origin $(name))),,$(eval override $(name) := $$(value $(name)))$(eval export $(name))))
# Relative names may be meant from where make was called, which make -C hides.
override MAKE_CALLER := $(value PWD)
# Names on make's command line, and those that mean something; an unknown one would test ours in silence.
override MAKE_GIVEN := $(foreach name,$(.VARIABLES),$(if $(filter command line,$(origin $(name))),$(name)))
override MAKE_KNOWN := $(users) CC OPT SANITIZE COVERAGE FUZZ V Q PREFIX DESTDIR EXTRA_CFLAGS CFLAGS CPPFLAGS \
    LDFLAGS LDLIBS MCDC_CLANG SECONDS FUZZ_SECONDS FUZZ_FLAGS BENCH_FLAGS XEN XEN_SEED XEN_OPS XENSTORED WRONG TELL driver_scenarios MUTANTS JOBS QUICK SEED RUNS FROM FILE BY STRICT YEARS BALLAST_GUESTS \
    MAKE MAKEFLAGS SHELL
export MAKE_CALLER MAKE_GIVEN MAKE_KNOWN

CC       = gcc
OPT     ?= 2
PREFIX  ?= /usr/local
DESTDIR ?=
V       ?= 0
Q       := $(if $(filter 1,$(V)),,@)
VERSION := $(shell sed -n 's/^## \([0-9][0-9.]*\).*/\1/p' CHANGELOG.md | head -n 1)

MAKEFLAGS += --no-builtin-rules
.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SUFFIXES:

compiler := $(notdir $(firstword $(CC)))
variant  := $(compiler)$(if $(filter-out 2,$(OPT)),-O$(OPT))$(if $(SANITIZE),-sanitize)$(if $(COVERAGE),-$(if $(filter mcdc,$(COVERAGE)),mcdc,coverage))$(if $(FUZZ),-fuzz)
B        := build$(if $(filter-out gcc,$(variant)),/$(variant))

WARNINGS := -Wall -Wextra -Wshadow -Wconversion -Werror=implicit-function-declaration
# With sanitizers gcc and clang take twice as long at -O2 as at -O1, and what they make of it is hardly faster. Guests are not compiled with
# them, and stay as they are.
our_opt  := $(if $(SANITIZE)$(FUZZ),1,$(OPT))
CFLAGS   := -std=c17 -O$(our_opt) -g $(WARNINGS) -fno-omit-frame-pointer $(EXTRA_CFLAGS)
CPPFLAGS := -D_GNU_SOURCE -I. -D__XEN_TOOLS__ -I$(B)/gen -DBALLAST_VERSION='"$(VERSION)"'
LDFLAGS  := -rdynamic -Wl,-z,now
LDLIBS   := -ldl -ldw -lelf -lxxhash -lpopt -lz -ljansson -lseccomp
# A guest's stack is memory that the model knows: the sanitizer may not move what lies on one to its own heap, as it does
# by default since gcc 13 and clang 15, to see uses after a return.
stacks_stay := $(if $(filter clang%,$(compiler)),-fsanitize-address-use-after-return=never,--param=asan-use-after-return=0)
sanitizers  := -fsanitize=address,undefined -fno-sanitize-recover=undefined $(stacks_stay)
ifdef SANITIZE
CFLAGS   += $(sanitizers)
LDFLAGS  += -fsanitize=address,undefined
CPPFLAGS += -DBALLAST_SANITIZED
endif
# Counted by gcov; or, with COVERAGE=mcdc, by clang of 19 or later, for conditions and decisions. Those of assertions can have
# one outcome only and are left out of them.
mcdc     := -fprofile-instr-generate -fcoverage-mapping -fcoverage-mcdc
coverage := $(if $(filter mcdc,$(COVERAGE)),$(mcdc),--coverage)
ifdef COVERAGE
CFLAGS   += $(coverage)
LDFLAGS  += $(filter-out -fcoverage-%,$(coverage))
CPPFLAGS += -DBALLAST_COVERAGE $(if $(filter mcdc,$(COVERAGE)),-DNDEBUG)
endif
ifdef FUZZ
CFLAGS   += -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined $(stacks_stay)
LDFLAGS  += -fsanitize=fuzzer-no-link,address,undefined
endif

rooms    := sim $(addprefix sim/,record kernel host domain hypercall xenstore toolstack invariants) reports \
    $(addprefix harness/,language image builder segments run xen ballast)
bench    := harness/bench/bench.c harness/bench/bench_count.c harness/bench/bench_find.c harness/bench/bench_floor.c
programs := harness/ballast/main.c $(bench)
sources  := $(filter-out %_test.c $(programs),$(wildcard $(rooms:=/*.c))) $(wildcard $(rooms:=/*.S))
tests    := $(wildcard $(rooms:=/*_test.c) harness/tests/*_test.c)
library  := $(patsubst %,$(B)/%.o,$(basename $(sources)))

include guest/guest.mk
include harness/tests/check.mk
include harness/tests/fuzz.mk
include harness/tests/xenstored.mk
include harness/tests/mutants.mk
include harness/tests/atf.mk
include harness/tests/analyze.mk

.PHONY: all clean install replay guests bench help
all: $(B)/ballast $(images) $(if $(COVERAGE),,$(pv_images)) $(B)/driver-scenarios

# A misspelt target is told which one is meant, if one is near. Of any other word, and of missing files, make itself tells. Those of the
# fuzzers are made by patterns, whose targets can't be phony.
goals   := $(foreach goal,$(MAKECMDGOALS),$(if $(findstring /,$(goal))$(wildcard $(goal)),,$(goal)))
targets := $(if $(goals),$(shell sed -n 's/^\.PHONY: *//p' $(filter Makefile %.mk,$(MAKEFILE_LIST))) \
    $(fuzz_targets:%=fuzz-%) $(fuzz_targets:%=pack-%))
strange := $(firstword $(filter-out $(targets),$(goals)))
near    := $(if $(strange),$(if $(wildcard $(B)/ballast),$(shell $(B)/ballast from-make target '$(subst ','\'',$(strange))' $(targets))))
$(if $(near),$(error No rule to make target '$(strange)'; did you mean `make $(near)`? `make help` lists the targets))

# Every object depends on the flags: when the command line changes, everything is built again.
flags_text := $(CC) $(CFLAGS) $(CPPFLAGS) $(LDFLAGS)
$(shell mkdir -p $(B) && { [ "$$(cat $(B)/flags 2>/dev/null)" = '$(subst ','\'',$(flags_text))' ] || \
    printf '%s\n' '$(subst ','\'',$(flags_text))' > $(B)/flags; })

$(B)/%.o: %.c $(B)/flags
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c $< -o $@
$(B)/%.o: %.S $(B)/flags
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) -g -MMD -MP -c $< -o $@

# Xen's toolstack headers want GNU C, and __XEN_TOOLS__ from whoever includes them.
$(B)/harness/xen/%.o: CFLAGS += -std=gnu17
$(B)/harness/xen/%.o: CPPFLAGS += -D__XEN_TOOLS__

# The program contains gdb's commands.
$(B)/harness/ballast/gdb.o: harness/ballast/ballast.gdb
# And the pages' style and scripts, with each script's SHA-256 in base64: a page's policy lets no other one run.
page_scripts  := $(addprefix $(B)/gen/html/,run.js index.js)
$(B)/gen/html/run.js: $(patsubst %,reports/html/run/%.js,data quantities paper steps timeline map lists event page input start)
$(B)/gen/html/index.js: reports/html/index.js
$(page_scripts): reports/html/tools.js
	@mkdir -p $(@D)
	@cat reports/html/tools.js $(filter-out reports/html/tools.js,$^) > $@
$(page_scripts:=.sha256): %.sha256: %
	@/usr/bin/printf "$$(sha256sum $< | cut -c 1-64 | sed 's/../\\x&/g')" | base64 | tr -d '\n' > $@
$(B)/reports/html_assets.o: reports/html/style.css $(page_scripts) $(page_scripts:=.sha256)
$(B)/reports/html_assets.o: CPPFLAGS += -Wa,-I$(B)/gen

$(B)/ballast: $(B)/harness/ballast/main.o $(library)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) $^ $(LDLIBS) -o $@
$(B)/bench: $(bench:%.c=$(B)/%.o) $(library)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) $^ $(LDLIBS) -o $@

-include $(library:.o=.d) $(patsubst %.c,$(B)/%.d,$(programs) $(tests) harness/tests/scarce.c)

# Several makes at once may find that something of ours has to be built first: one does it.
.PHONY: ready
ready:
	@mkdir -p $(B)
	+$(Q)flock $(B) $(MAKE) --no-print-directory all

# With one of their files a replay builds it first.
replay: ready
	$(Q)SCENARIO="$${SCENARIO-scenarios/tour/grow-past-boot.scn}" $(B)/ballast from-make replay

# Every scenario on a driver, each also under a few seeds of a schedule (SCHEDULES=4), as a table; SCENARIO= names others.
# Those of scenarios/linux and scenarios/designs are left out, which are about other kernels, and those of scenarios/ours: they ask for more than
# manual pages and Xen promise. Others may assert or comply
# where our files refuse, and use other words.
.PHONY: check-driver small always
driver_scenarios := $(sort $(filter-out scenarios/bad/% scenarios/bench/% scenarios/xen/% scenarios/contained/% scenarios/ours/% scenarios/linux/% scenarios/designs/%,$(wildcard scenarios/*/*.scn)))
$(B)/driver-scenarios: always
	@$(call put_rows,$@,tree $(tree),$(driver_scenarios:%=scenario @tree/%$(newline)))
check-driver: ready
	$(Q)$(B)/ballast from-make check-driver

# The segment file PHYSSEG=, or ours, in every way of its small worlds (docs/segments.md).
small: ready
	$(Q)$(B)/ballast from-make check-segments

# What a source tree has: its driver and segment file on every scenario, and its ATF suite over that segment file.
.PHONY: netbsd
netbsd: ready
	$(Q)[ -n "$$NETBSD" ] || { echo "make netbsd wants the tree: NETBSD=/usr/src" >&2; exit 4; }
	+$(Q)status=0; $(B)/ballast from-make check-driver || status=$$?; \
	    TESTS="$$NETBSD/tests/sys/uvm" PHYSSEG="$$NETBSD/sys/uvm/uvm_physseg.c" $(MAKE) --no-print-directory atf || status=$$?; \
	    exit $$status

# Builds DRIVER= and PHYSSEG= and prints the folder for `ballast replay --guest`.
guests: ready
	@$(B)/ballast from-make build

bench: $(B)/bench $(images) $(finders)
	$(Q)$(B)/bench --finders $(B)/finders $(BENCH_FLAGS)
	$(Q)harness/bench/bench-boots.sh $(B)/ballast
	$(Q)harness/bench/bench-days.sh $(B)/ballast

clean:
	$(Q)rm -rf build

install: all
	$(Q)install -D -m 755 $(B)/ballast $(DESTDIR)$(PREFIX)/bin/ballast
	$(Q)for image in $(filter-out $(unshipped:%=$(B)/guest/%),$(images)); do install -D -m 644 $$image $(DESTDIR)$(PREFIX)/lib/ballast/$${image##*/}; done
	$(Q)for image in $(filter-out $(unshipped:%.so=$(B)/guest/pv/%.elf),$(pv_images)); do install -D -m 644 $$image $(DESTDIR)$(PREFIX)/lib/ballast/pv/$${image##*/}; done
	$(Q)harness/builder/install.sh $(B) $(DESTDIR)$(PREFIX)/lib/ballast/build $(unshipped) $(unshipped:%.so=pv/%.elf)
	$(Q)install -D -m 644 docs/ballast.1 $(DESTDIR)$(PREFIX)/share/man/man1/ballast.1
	$(Q)for s in $(wildcard scenarios/tour/*.scn); do install -D -m 644 $$s $(DESTDIR)$(PREFIX)/share/ballast/$$s; done

help:
	@printf '%s\n' \
	'make                              build/ballast and the guests' \
	'make check                        all tests, sanitizers on; silent until Check'"'"'s closing line' \
	'     TELL=1                       says which tests it has come to, and when' \
	'make replay SCENARIO=FILE         replay one scenario' \
	'     DRIVER=balloon.c             with your balloon driver in place of ours; files and folders of headers' \
	'     PHYSSEG=uvm_physseg.c        with your segment code in place of ours' \
	'     KPI_CFLAGS=-DDIAGNOSTIC      options for those two files' \
	'     REPLAY_FLAGS=--show=log      more for `ballast replay` (see --help)' \
	'make check-driver DRIVER= PHYSSEG=  every scenario on them: what went wrong, by its causes' \
	'make guests DRIVER= PHYSSEG=       builds them and prints the folder for `ballast replay --guest`' \
	'make netbsd NETBSD=/usr/src       check-driver and atf on a source tree; NETBSD= goes with the others, too' \
	'make replay LINUX=path/to/linux   Linux of a source tree, or of its tarball, in place of each kernel' \
	'make atf TESTS=dir PHYSSEG=         ATF programs that include a segment file, under kyua' \
	'     TEST_CFLAGS=-DDIAGNOSTIC     options for them' \
	'make check-house                  rooms, their order and walls, file lengths, format: seconds' \
	'make coverage                     what the tests reach: build/coverage/index.html' \
	'make mcdc                         for which conditions they show that each alone changes a decision' \
	'make bench                        replays a second, ns and instructions a page, beside the memory floor' \
	'make mutants [FILE= MUTANTS=60 SEED=]  small errors in our files, and which of them the tests see' \
	'make check-linux                 the Linux scenarios on changed copies of its driver, which they must see' \
	'make check-sections                which of Linux'\''s files depend on the size of a section, as the build has it' \
	'make campaign-linux [RUNS=200 SEED=1]  random scenarios of Linux guests, and what they break; LINUX= as above' \
	'make fuzz [SECONDS=30]            each fuzzer that long, one after the other' \
	'make fuzz-pack                    what the fuzzers found into harness/tests/corpus, the least that covers as much' \
	'make analyze                      clang-tidy, cppcheck, gcc -fanalyzer and clang --analyze over our C' \
	'make valgrind                     the unit tests that run no guest, under valgrind' \
	'make xenstore-check               the model'\''s xenstore held to Debian'\''s xenstored: 100,000 random requests' \
	'make xen-check                    the model held to the real Xen: all scenarios and 100,000 random calls' \
	'make agreement [KEEP=1]           how far the model and either Xen agree: the figures of those two, as a table' \
	'make whole-kernel                 takes Debian'\''s own kernel out of its packages, into build/; installs nothing' \
	'make check-whole-kernel           that kernel as dom0 of the real Xen beside our Linux guest: what their files say' \
	'make pv                           the guests as images for the real Xen, and the check of their link' \
	'make install [DESTDIR= PREFIX=]   program, guests, manual page, tour' \
	'make clean                        away with build/' \
	'' \
	'CC=clang, OPT=0, SANITIZE=1, COVERAGE=1: each builds in a folder of its own under build/. V=1 shows commands.'
