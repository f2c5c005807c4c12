# of: guest/netbsd/uvm_physseg.c
# on: tour/grow-past-boot
# wants: guest-contained
# leads: uvm_physseg_init
# One segment more than the array has is cleared at boot.
s/^	memset(physseg_boot, 0, sizeof(physseg_boot));$/	memset(physseg_boot, 0, sizeof(physseg_boot) + sizeof(physseg_boot[0]));/
