# of: harness/tests/drivers/2021/balloon.c
# on: faults/decrease-short
# wants: accounting
# leads: balloon_memory_op
# A page that Xen does not take gets its frame back, and nobody frees it.
/Xen did not take this one/,/uvm_pagefree/s/^		uvm_pagefree(pg);$/		(void)pg;/
