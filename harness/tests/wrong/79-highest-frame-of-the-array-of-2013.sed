# of: harness/tests/drivers/2013/uvm_physseg.c
# on: tour/shrink-and-grow-back
# wants: segments
# leads: uvm_physseg_get_highest_frame
# In the static array the end of the last segment is taken for its last frame.
/^uvm_physseg_get_highest_frame(/,/^}/s/return (end - 1);/return (end);/
