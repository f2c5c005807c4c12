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
	    $(B)/xenstore-check "$(XENSTORED)" $(B)/xenstored-shim.so $(XEN_SEED) $(XEN_OPS)
-include $(xenstored_objects:.o=.d)
