# of: guest/netbsd/uvm_physseg.c
# on: faults/second-allocation-of-a-plug
# wants: rollback
# leads: physseg_plug_live
# When the segment can't be had, the struct vm_pages stay allocated.
/^		kmem_free(owner, size);$/d
