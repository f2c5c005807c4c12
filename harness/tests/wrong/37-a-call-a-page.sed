# of: guest/netbsd/balloon.c
# on: limits/half-of-a-gigabyte
# wants: progress
# leads: balloon_shrink
# Each page goes back with a hypercall of its own: 512 times as many as the interface needs.
s/balloon_shrink(sc, MIN(current - target, BALLOON_STEP));$/balloon_shrink(sc, 1);/
