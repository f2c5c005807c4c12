# A deliberate error in the model: address bits that name no page are no reason to refuse a call. The real Xen must find it.
# file: sim/hypercall/memory_op.c
# scenario: scenarios/xen/flags-of-a-decrease.scn
s/if (bits != 0 && bits <= PAGE_BITS)/if (bits > UINT8_MAX)/
