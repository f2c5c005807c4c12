# A deliberate error in the model: an extent of two pages is given up from the frame behind it on. Random calls must find it.
# file: sim/hypercall/memory_op.c
# kind: fragments
s/release_page(call, first + i)/release_page(call, first + (pages == 2 ? 1 - i : i))/
