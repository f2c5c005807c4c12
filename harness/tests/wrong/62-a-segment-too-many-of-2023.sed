# of: harness/tests/drivers/2023/uvm_physseg.c
# on: limits/physseg-max-exceeded
# wants: guest-contained
# leads: uvm_page_physload
# Nobody asks whether the array of segments that boot fills has room for one more.
s/^		if (ups_nboot == VM_PHYSSEG_MAX)$/		if (ups_nboot > VM_PHYSSEG_MAX)/
