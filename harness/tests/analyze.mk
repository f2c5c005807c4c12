# SPDX-License-Identifier: BSD-2-Clause
# What reads our code instead of running it, and valgrind, which runs the unit tests slowly. None is part of
# `make check`: install clang-tidy, cppcheck and valgrind for them. Each is silent when all is well. An exception stands
# at its line with its reason, or below, when it is about every line.

.PHONY: analyze analyze-tidy analyze-cppcheck analyze-gcc valgrind
analyze: analyze-cppcheck analyze-gcc analyze-tidy

host_sources  := $(wildcard $(rooms:=/*.c) harness/tests/*.c)
guest_sources := $(wildcard guest/netbsd/*.c guest/netbsd/kern/*.c guest/probe/*.c)

# .clang-tidy says what is asked; clang --analyze's checkers are among it.
analyze-tidy: $(B)/gen/suites.h
	$(Q)printf '%s\n' $(host_sources) | xargs -P 2 -n 4 sh -c 'clang-tidy --quiet "$$@" -- $(subst ','\'',$(CPPFLAGS)) -std=gnu17 2>/dev/null' sh

# varFuncNullUB: NULL is a pointer in C here. missingIncludeSystem: system headers aren't the subject.
# Of kern/pool.c it doesn't see that the loop ends with an item only.
cppcheck_flags := -q --std=c11 --enable=warning,performance,portability --inline-suppr --error-exitcode=1 -j2 \
    -D__x86_64__ --suppress=missingIncludeSystem --suppress=varFuncNullUB
analyze-cppcheck:
	$(Q)cppcheck $(cppcheck_flags) -D_GNU_SOURCE -D__XEN_TOOLS__ -I. $(host_sources)
	$(Q)cppcheck $(cppcheck_flags) $(foreach check,nullPointerRedundantCheck nullPointerArithmeticRedundantCheck ctunullpointer,--suppress=$(check):guest/netbsd/kern/pool.c) \
	    -D_KERNEL -DUVM_HOTPLUG -D__GNUC__=12 -Iguest/netbsd/kpi -I$(kpi_include) -I. $(guest_sources)

# malloc-leak: gcc 12 loses sight of memory that is put into a structure behind a pointer; the sanitizer in
# `make check` and valgrind look for leaks.
analyze-gcc:
	$(Q)printf '%s\n' $(filter-out %_test.c harness/tests/%,$(host_sources)) | xargs -P 2 -n 4 sh -c 'for f; do \
	    gcc $(subst ','\'',$(CPPFLAGS)) -std=gnu17 -O1 -fanalyzer -Werror -Wno-analyzer-malloc-leak -c $$f -o /dev/null || exit 255; done' sh

# Guests switch stacks, which valgrind can't follow: the suites that run one are left to the sanitizers.
valgrind_suites ?= complaint complaints file lexer options parser places replay scenario sizes suggest reading results \
    text_diff text_event text_failures text_picture xenstore xenstore_ring host fault recorder explain ranges
valgrind: $(B)/check all
	$(Q)CK_FORK=no valgrind -q --leak-check=full --errors-for-leak-kinds=definite --error-exitcode=1 $(B)/check $(valgrind_suites)
