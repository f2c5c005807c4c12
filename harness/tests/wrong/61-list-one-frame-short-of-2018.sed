# of: harness/tests/drivers/2018/balloon.c
# on: tour/shrink-and-grow-back
# wants: guest-contained
# leads: vb_xen
# The list of frames has one place less than a step has frames.
s/^static xen_pfn_t vb_mfns\[PAGE_SIZE \/ sizeof(xen_pfn_t)\];$/static xen_pfn_t vb_mfns[PAGE_SIZE \/ sizeof(xen_pfn_t) - 1];/
