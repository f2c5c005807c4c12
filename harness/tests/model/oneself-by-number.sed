# A deliberate error in the model: a domain is itself also by its number where frames' owners are named. The real Xen must
# find it.
# file: sim/hypercall/target.c
# scenario: scenarios/xen/machphys-names.scn
s/return domid != DOMID_SELF && \*target == d ? -ESRCH : refused;/return refused;/
