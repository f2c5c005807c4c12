# SPDX-License-Identifier: BSD-2-Clause
# The analysers, which read our code instead of running it, and valgrind, which runs the unit tests. None of them is
# part of `make check`: install clang-tidy, cppcheck and valgrind for them. Each is silent when all is well. An exception
# stands at its line of code with its reason, or below when it is about many lines.

.PHONY: analyze analyze-tidy analyze-cppcheck analyze-gcc analyze-clang valgrind
analyze: analyze-cppcheck analyze-clang analyze-gcc analyze-tidy

host_sources := $(wildcard $(rooms:=/*.c) harness/tests/*.c)
# clang-tidy and cppcheck read all of it; the compilers' analysers leave the tests out, for an error in a test shows itself.
host_tested  := $(filter-out %_test.c harness/tests/%,$(host_sources))
host_flags    = $(CPPFLAGS) -std=gnu17

# The guests are read as their compilers read them, without a C library, and the kernel in each of its variants.
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

# .clang-tidy lists the checks.
analyze-tidy: $(B)/gen/suites.h $(kpi_include)/.made
	$(call analyze,tidy,$(host_sources),clang)
analyze-clang: $(kpi_include)/.made
	$(call analyze,clang,$(host_tested),clang)
analyze-gcc: $(kpi_include)/.made
	$(call analyze,gcc,$(host_tested),gcc)

# varFuncNullUB: NULL is a pointer in C here. missingIncludeSystem: system headers aren't the subject.
# kern/pool.c: cppcheck doesn't see that the loop ends only when there is an item.
cppcheck_flags := -q --std=c11 --enable=warning,performance,portability --inline-suppr --error-exitcode=1 -j2 \
    -D__x86_64__ --suppress=missingIncludeSystem --suppress=varFuncNullUB
analyze-cppcheck:
	$(Q)cppcheck $(cppcheck_flags) -D_GNU_SOURCE -D__XEN_TOOLS__ -I. $(host_sources)
	$(Q)cppcheck $(cppcheck_flags) $(foreach check,nullPointerRedundantCheck nullPointerArithmeticRedundantCheck ctunullpointer,--suppress=$(check):guest/netbsd/kern/pool.c) \
	    -D_KERNEL -DUVM_HOTPLUG -D__GNUC__=12 -Iguest/netbsd/kpi -I$(kpi_include) -I. $(kernel_sources)
	$(Q)cppcheck $(cppcheck_flags) -I. $(bare_sources)

# Guests switch stacks, which valgrind can't follow: the suites that run guests are left to the sanitizers.
valgrind_suites ?= complaint lexer parser refusals scenario sizes suggest file options replay reading results samples \
    text_diff text_event text_failures text_picture xenstore ring pool fault recorder explanations ranges array random
valgrind: $(B)/check all
	$(Q)CK_FORK=no valgrind -q --leak-check=full --errors-for-leak-kinds=definite --error-exitcode=1 $(B)/check $(valgrind_suites)
