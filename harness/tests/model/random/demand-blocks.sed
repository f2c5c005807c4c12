# A deliberate error in the model: an extent is looked at as a whole, not block by block. Random calls must find it.
# file: sim/domain/pod.c
# kind: demand
s/__builtin_ctzll(gfn | left)/(63 - __builtin_clzll(left | (gfn == UINT64_MAX)))/
