# of: guest/netbsd/balloon.c
# on: tour/workload-keeps-data lifecycle/plugged-given-back-used-again
# wants: isolation
# leads: balloon_shrink
# Pages go to Xen with what was in them.
s/UVM_PGA_ZERO/0/
