# A deliberate error in the model: a target is counted without what is populated. Random calls must find it.
# file: sim/domain/pod.c
# kind: demand
s/uint64_t cache = pages - populated;/uint64_t cache = pages;/
