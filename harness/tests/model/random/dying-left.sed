# A deliberate error in the model: a dying domain tells one frame too many. Random calls must find it.
# file: sim/hypercall/memory_op.c
# kind: dying
s/: dying->frames)/: dying->frames + 1u)/
