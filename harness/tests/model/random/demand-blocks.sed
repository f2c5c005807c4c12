# A deliberate error in the model: an extent is looked at page by page, not block by block. Random calls must find it.
# file: sim/domain/pod.c
# kind: demand
s/(unsigned)__builtin_ctzll(gfn | left)/(unsigned)(0 * (gfn | left))/
