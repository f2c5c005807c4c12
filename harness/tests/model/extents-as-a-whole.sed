# A deliberate error in the model: an extent is marked on demand as a whole, not block by block. The real Xen must find it.
# file: sim/domain/pod.c
# scenario: scenarios/xen/pod-entries-stay-or-go.scn
s/__builtin_ctzll(gfn | left)/(63 - __builtin_clzll(left | (gfn == UINT64_MAX)))/
