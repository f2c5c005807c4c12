# of: guest/netbsd/uvm_physseg.c
# on: ours/segments-by-hand
# wants: segments
# leads: uvm_physseg_plug
# A range that is plugged already is plugged again.
s/^	return seg != NULL && seg->ps_start < end;$/	return seg != NULL \&\& seg->ps_start < end \&\& false;/
