# of: harness/tests/drivers/2023/uvm_physseg.c
# on: limits/a-thousand-plugs
# wants: accounting
# leads: uvm_physseg_plug
# Unplug forgets the array that plug allocated for the segment.
/kmem_free(seg->ups_alloc, seg->ups_alloc_size)/s/kmem_free(seg->ups_alloc, seg->ups_alloc_size)/(void)seg->ups_alloc_size/
