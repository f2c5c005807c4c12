# of: guest/netbsd/uvm_physseg.c
# on: ours/unplug-what-was-given-back
# wants: accounting
# leads: uvm_physseg_unplug
# Unplugged pages stay in physmem.
/^	physmem -= end - start;$/d
