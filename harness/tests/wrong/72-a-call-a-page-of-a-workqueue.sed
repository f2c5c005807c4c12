# of: harness/tests/styles/workqueue.c
# on: limits/half-of-a-gigabyte
# wants: progress
# leads: wqb_shrink
# Each page goes back with a hypercall of its own.
s/moved = wqb_shrink(sc, MIN(now - target, STEP));/moved = wqb_shrink(sc, 1);/
