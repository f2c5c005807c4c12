# of: guest/netbsd/balloon.c
# on: faults/decrease-short
# wants: guest-contained
# leads: balloon_shrink
# What Xen did not take is freed, and ballooned as well.
s/^		if (i < taken) {$/		if (i >= taken)\
			uvm_pagefree(pg);\
		if (true) {/
