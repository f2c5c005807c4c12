# SPDX-License-Identifier: BSD-2-Clause
# The fuzzers: libFuzzer, with clang. Each target starts from its committed corpus, one file of
# harness/tests/corpus that is unpacked under build/; the scenario parser starts from the scenarios, too, and the
# reader of recordings from the samples.
#     make fuzz SECONDS=600     each target that long, one after the other; what it finds stays under build/
#     make fuzz-pack            the corpora anew: those committed and those found, without what adds no coverage

SECONDS ?= 30
# In `make check`.
FUZZ_SECONDS ?= 10
FUZZ_FLAGS ?=
fuzz_targets := $(patsubst harness/tests/fuzz_%.c,%,$(wildcard harness/tests/fuzz_*.c))
fuzz_seeds_scenario  := $(addprefix scenarios/,bad tour faults xen)
fuzz_seeds_recording := harness/tests/samples

.PHONY: fuzz fuzz-build fuzz-pack check-fuzz
fuzz:
	$(Q)$(MAKE) --no-print-directory CC=clang FUZZ=1 fuzz-build
	$(Q)$(MAKE) --no-print-directory CC=clang FUZZ=1 $(fuzz_targets:%=fuzz-%)
# Each fuzzer for a while, two at a time unless make was told how many.
check-fuzz:
	$(Q)$(MAKE) --no-print-directory CC=clang FUZZ=1 fuzz-build
	$(Q)$(MAKE) --no-print-directory $(if $(findstring jobserver,$(MAKEFLAGS)),,-j2) \
	    CC=clang FUZZ=1 SECONDS=$(FUZZ_SECONDS) $(fuzz_targets:%=fuzz-%)
fuzz-pack:
	$(Q)$(MAKE) --no-print-directory CC=clang FUZZ=1 fuzz-build
	$(Q)$(MAKE) --no-print-directory CC=clang FUZZ=1 $(fuzz_targets:%=pack-%)

fuzz-build: $(fuzz_targets:%=$(B)/fuzz/%) $(images)
	@:
$(B)/fuzz/%: $(B)/harness/tests/fuzz_%.o $(library)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) -fsanitize=fuzzer $(LDFLAGS) $^ $(LDLIBS) -o $@
$(B)/fuzz/committed/%/.unpacked: harness/tests/corpus/%.txt harness/tests/pack-corpus.sh
	$(Q)harness/tests/pack-corpus.sh unpack $< $(@D) && touch $@
fuzz-%: $(B)/fuzz/% $(B)/fuzz/committed/%/.unpacked
	@mkdir -p $(B)/fuzz/crashes/$* $(B)/fuzz/found/$*
	$(Q)BALLAST_GUESTS=$(B)/guest $(B)/fuzz/$* -max_total_time=$(SECONDS) -verbosity=0 -print_final_stats=0 -close_fd_mask=1 \
	    $(FUZZ_FLAGS) -artifact_prefix=$(B)/fuzz/crashes/$*/ $(B)/fuzz/found/$* \
	    $(B)/fuzz/committed/$* $(fuzz_seeds_$*) >$(B)/fuzz/$*.log 2>&1 \
	    || { tail -n 40 $(B)/fuzz/$*.log; exit 1; }
# What the seeds reach needs no input of its own: they lie in the folder that is merged into, and leave it again.
pack-%: $(B)/fuzz/% $(B)/fuzz/committed/%/.unpacked
	@rm -rf $(B)/fuzz/merged/$* && mkdir -p $(B)/fuzz/merged/$* $(B)/fuzz/found/$*
	$(Q)for seed in $(wildcard $(fuzz_seeds_$*:=/*.scn) $(fuzz_seeds_$*:=/*.rec)); do \
	    cp $$seed $(B)/fuzz/merged/$*/seed-$$(echo $$seed | tr / -) || exit; done
	$(Q)BALLAST_GUESTS=$(B)/guest $(B)/fuzz/$* -set_cover_merge=1 $(B)/fuzz/merged/$* \
	    $(B)/fuzz/committed/$* $(B)/fuzz/found/$* >$(B)/fuzz/$*.log 2>&1 || { tail -n 40 $(B)/fuzz/$*.log; exit 1; }
	$(Q)rm -f $(B)/fuzz/merged/$*/seed-*
	$(Q)harness/tests/pack-corpus.sh pack $(B)/fuzz/merged/$* >$(B)/fuzz/$*.txt && mv $(B)/fuzz/$*.txt harness/tests/corpus/$*.txt
.PRECIOUS: $(B)/fuzz/% $(B)/fuzz/committed/%/.unpacked
.SECONDARY: $(fuzz_targets:%=$(B)/harness/tests/fuzz_%.o)
-include $(fuzz_targets:%=$(B)/harness/tests/fuzz_%.d)
