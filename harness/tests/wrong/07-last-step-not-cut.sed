# of: guest/netbsd/balloon.c
# on: limits/one-page-less
# wants: no-overshoot
# leads: balloon_step
# Each step is a whole one.
s/^		moved = balloon_shrink(sc, MIN(current - target, BALLOON_STEP));$/		moved = balloon_shrink(sc, BALLOON_STEP);/
