# of: harness/tests/styles/workqueue.c
# on: faults/decrease-short
# wants: accounting
# leads: wqb_shrink
# A page that Xen does not take gets its frame back, and nobody frees it.
/^wqb_shrink(/,/^}/s/^		uvm_pagefree(pg);$//
