# of: harness/tests/drivers/2018/uvm_physseg.c
# on: tour/grow-past-boot
# wants: progress
# leads: uvm_physseg_seg_alloc_from_slab
# As it is: each page is a segment, and each new one looks through all others.
