# of: guest/netbsd/balloon.c
# on: faults/decrease-short
# wants: accounting
# leads: balloon_release
# Pages that Xen does not take get their frames back, and nobody frees them.
/^balloon_shrink_less(/,/^}/s/^		uvm_pagefree(pg);$/		(void)pg;/
