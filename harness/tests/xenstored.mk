# SPDX-License-Identifier: BSD-2-Clause
# The model's xenstore beside Debian's own xenstored, which runs without a Xen over a shim of Xen's libraries.
#     make xenstore-check XEN_SEED=N XEN_OPS=N XENSTORED=PATH

.PHONY: xenstore-check
XENSTORED ?= /usr/lib/xen-4.17/bin/xenstored
xenstored_objects := $(addprefix $(B)/harness/tests/xenstored/,check.o play.o real.o requests.o)

# It runs inside of a program that knows nothing of sanitizers.
$(B)/xenstored-shim.so: harness/tests/xenstored/shim.c harness/tests/xenstored/pages.h $(B)/flags
	$(Q)$(CC) $(CPPFLAGS) -std=gnu17 -O2 $(WARNINGS) -fPIC -shared -fvisibility=hidden $< -o $@
$(B)/xenstore-check: $(xenstored_objects) $(library)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) $^ $(LDLIBS) -o $@
xenstore-check: $(if $(wildcard $(XENSTORED)),$(B)/xenstore-check $(B)/xenstored-shim.so)
	$(Q)[ -x "$(XENSTORED)" ] || { echo "$@: SKIP, $(XENSTORED) is not there: install Debian's package xen-utils-4.17" \
	    "(of Debian 12), or name another with XENSTORED=" >&2; exit 0; }; \
	    mkdir -p $(agreed) && { $(B)/xenstore-check "$(XENSTORED)" $(B)/xenstored-shim.so $(XEN_SEED) $(XEN_OPS) >$(agreed)/said; status=$$?; cat $(agreed)/said; } \
	    && harness/tests/agreement.sh $(agreed) xenstored && exit $$status

# The comparison has to find errors: our xenstore is made wrong on purpose, and must then differ. Not part of `make check`: it
# takes a minute or two.
.PHONY: check-xenstore-errors
xenstore_errors := $(patsubst harness/tests/xenstored/errors/%.sed,%,$(wildcard harness/tests/xenstored/errors/*.sed))
$(B)/xenstore-errors/%/xenstore-check: harness/tests/xenstored/errors/%.sed $(xenstored_objects) $(library)
	@mkdir -p $(@D)
	$(Q)file=$$(sed -n 's/^# file: //p' $<) && sed -f $< $$file > $(@D)/changed.c \
	    && { ! cmp -s $$file $(@D)/changed.c || { echo "$< no longer changes $$file"; exit 1; }; } \
	    && $(CC) $(CPPFLAGS) $(CFLAGS) -c $(@D)/changed.c -o $(@D)/changed.o \
	    && $(CC) $(CFLAGS) $(LDFLAGS) $(@D)/changed.o $$(echo $(filter %.o,$^) | tr ' ' '\n' | grep -v "^$(B)/$${file%.c}.o$$") $(filter %.a,$^) $(LDLIBS) -o $@
check-xenstore-errors: $(if $(wildcard $(XENSTORED)),$(xenstore_errors:%=$(B)/xenstore-errors/%/xenstore-check) $(B)/xenstored-shim.so)
	$(Q)[ -x "$(XENSTORED)" ] || { echo "$@: SKIP, $(XENSTORED) is not there: install Debian's package xen-utils-4.17" >&2; exit 0; }; \
	for error in $(xenstore_errors); do \
	    $(B)/xenstore-errors/$$error/xenstore-check "$(XENSTORED)" $(B)/xenstored-shim.so $(XEN_SEED) 40000 at-once >$(B)/xenstore-errors/$$error/said; \
	    grep -q 'xenstore and xenstored differ' $(B)/xenstore-errors/$$error/said \
	        || { echo "xenstore-check does not notice harness/tests/xenstored/errors/$$error.sed"; exit 1; }; \
	done
-include $(xenstored_objects:.o=.d)
