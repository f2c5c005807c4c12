# of: guest/netbsd/uvm_physseg.c
# on: tour/grow-past-boot
# wants: guest-contained
# leads: physseg_plug_live
# The struct vm_pages of a plug are written 16 bytes past what was allocated for them, and stay: no kmem_free looks.
s/^	size = sizeof(\*owner) + npages \* sizeof(struct vm_page);$/	size = sizeof(*owner) + npages * sizeof(struct vm_page) - 16;/
