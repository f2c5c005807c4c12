# A deliberate error in the model: an address behind Xen's own is refused like one in it. Random calls must find it.
# file: sim/hypercall/list_place.c
# kind: lists
s/ \&\& va < HYPERVISOR_VIRT_END)/)/
