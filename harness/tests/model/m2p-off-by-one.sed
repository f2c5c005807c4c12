# A deliberate error in the model: an M2P update stores the next pfn. The real Xen must find it.
# file: sim/hypercall/mmu.c
# scenario: scenarios/tour/grow-past-boot.scn
s/m2p\[mfn\] = update\(->\|\.\)val;/m2p[mfn] = update\1val + 1;/
