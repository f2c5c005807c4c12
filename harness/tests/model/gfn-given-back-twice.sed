# A deliberate error in the model: a translated guest gives a gfn back that has no frame any more. The real Xen must find it.
# file: sim/hypercall/memory_op.c
# scenario: scenarios/xen/pvh-by-gfn.scn
s/            return NOTHING_THERE;/            return RELEASED;/
