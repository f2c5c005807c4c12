# of: harness/tests/drivers/2016/uvm_physseg.c
# on: limits/a-thousand-plugs
# wants: segments
# leads: uvm_physseg_valid_p
# The handle that was good last is taken for good, though its segment was unplugged since.
/^segment_delete(/,/^}/{
/segment_lastok/d
}
