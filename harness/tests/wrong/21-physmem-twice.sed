# of: guest/netbsd/uvm_physseg.c
# on: tour/grow-past-boot
# wants: accounting
# leads: uvm_physseg_plug
# physmem grows twice with each plug.
s/^	physmem += npages;$/	physmem += 2 * npages;/
