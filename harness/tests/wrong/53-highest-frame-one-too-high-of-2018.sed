# of: harness/tests/drivers/2018/uvm_physseg.c
# on: tour/shrink-and-grow-back
# wants: segments
# leads: uvm_physseg_get_highest_frame
# The highest frame is taken for the one behind it.
/^uvm_physseg_get_highest_frame(/,/^}/s/last->end - 1/last->end/
