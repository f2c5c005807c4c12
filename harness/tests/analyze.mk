# SPDX-License-Identifier: BSD-2-Clause
# What reads our code instead of running it, and valgrind, which runs the unit tests slowly. None is part of
# `make check`: install clang-tidy, cppcheck and valgrind for them. Each is silent when all is well. An exception stands
# at its line with its reason, or below, when it is about every line.

.PHONY: analyze analyze-tidy analyze-cppcheck analyze-gcc analyze-clang valgrind
analyze: analyze-cppcheck analyze-clang analyze-gcc analyze-tidy

host_sources := $(wildcard $(rooms:=/*.c) harness/tests/*.c)
# The compilers read what runs for hours and meets bytes from outside: a test that is wrong fails. clang-tidy reads all.
host_tested  := $(filter-out %_test.c harness/tests/%,$(host_sources))
host_flags    = $(CPPFLAGS) -std=gnu17

# The guests as their compilers see them, without a C library; the kernel in each of its variants.
kernel_sources := $(filter-out %_test.c,$(wildcard guest/netbsd/*.c guest/netbsd/kern/*.c))
bare_sources   := $(wildcard guest/probe/*.c guest/pv/*.c guest/lib/*.c)
alone_flags     = -std=gnu17 -ffreestanding -nostdinc -I. -isystem $(shell $(1) -print-file-name=include)
kernel_flags    = $(alone_flags) -I guest/netbsd/kpi -I $(kpi_include) -D_KERNEL -D_KERNEL_OPT -D__XEN_INTERFACE_VERSION__=0x00030208
bare_flags      = $(alone_flags) -isystem $(kpi_include)/host -D__XEN_INTERFACE_VERSION__=0x00040e00 -D__XEN_TOOLS__
kernel_variants = "-DUVM_HOTPLUG" "-DUVM_HOTPLUG -DDIAGNOSTIC -DDEBUG" "-UUVM_HOTPLUG"

# $(call analyze,TOOL,HOST SOURCES,COMPILER)
define analyze
	$(Q)printf '%s\n' $(2) | harness/tests/analyze.sh $(1) $(host_flags)
	$(Q)for variant in $(kernel_variants); do \
	    printf '%s\n' $(kernel_sources) | harness/tests/analyze.sh $(1) $(call kernel_flags,$(3)) $$variant || exit; done
	$(Q)printf '%s\n' $(bare_sources) | harness/tests/analyze.sh $(1) $(call bare_flags,$(3))
endef

# .clang-tidy says what is asked.
analyze-tidy: $(B)/gen/suites.h $(kpi_include)/.made
	$(call analyze,tidy,$(host_sources),clang)
analyze-clang: $(kpi_include)/.made
	$(call analyze,clang,$(host_tested),clang)
analyze-gcc: $(kpi_include)/.made
	$(call analyze,gcc,$(host_tested),gcc)

# varFuncNullUB: NULL is a pointer in C here. missingIncludeSystem: system headers aren't the subject.
# Of kern/pool.c it doesn't see that the loop ends with an item only.
cppcheck_flags := -q --std=c11 --enable=warning,performance,portability --inline-suppr --error-exitcode=1 -j2 \
    -D__x86_64__ --suppress=missingIncludeSystem --suppress=varFuncNullUB
analyze-cppcheck:
	$(Q)cppcheck $(cppcheck_flags) -D_GNU_SOURCE -D__XEN_TOOLS__ -I. $(host_sources)
	$(Q)cppcheck $(cppcheck_flags) $(foreach check,nullPointerRedundantCheck nullPointerArithmeticRedundantCheck ctunullpointer,--suppress=$(check):guest/netbsd/kern/pool.c) \
	    -D_KERNEL -DUVM_HOTPLUG -D__GNUC__=12 -Iguest/netbsd/kpi -I$(kpi_include) -I. $(kernel_sources)
	$(Q)cppcheck $(cppcheck_flags) -I. $(bare_sources)

# Guests switch stacks, which valgrind can't follow: the suites that run one are left to the sanitizers.
valgrind_suites ?= complaint complaints file lexer options parser places replay scenario sizes suggest reading results \
    text_diff text_event text_failures text_picture xenstore xenstore_ring host fault recorder explain ranges
valgrind: $(B)/check all
	$(Q)CK_FORK=no valgrind -q --leak-check=full --errors-for-leak-kinds=definite --error-exitcode=1 $(B)/check $(valgrind_suites)
