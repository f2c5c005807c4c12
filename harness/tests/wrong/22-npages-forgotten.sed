# of: guest/netbsd/uvm_physseg.c
# on: ours/unplug-what-was-given-back
# wants: accounting
# leads: uvm_physseg_unplug
# Unplugged pages stay in uvmexp.npages.
/^	uvmexp.npages -= (int)physseg_navail(seg, start, end);$/d
