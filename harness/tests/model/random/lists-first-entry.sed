# A deliberate error in the model: a list is looked at where it begins, not where the call goes on. Random calls must find it.
# file: sim/hypercall/memory_op.c
# kind: lists
s/extent_start.p + start \* sizeof(uint64_t))/extent_start.p)/
