# of: harness/tests/drivers/2021/uvm_physseg.c
# on: tour/shrink-and-grow-back
# wants: segments
# leads: uvm_physseg_get_highest_frame
# The highest frame is taken for the one behind it.
/^uvm_physseg_get_highest_frame(/,/^}/s/return end - 1;/return end;/
