# A deliberate error in the model: an extent that is given up frees only its first half. Random calls must find it.
# file: sim/hypercall/memory_op.c
# kind: fragments
s/for (uint64_t i = 0; i + holes < pages; i++) {/for (uint64_t i = 0; i + holes < (pages > 8 ? pages \/ 2 : pages); i++) {/
