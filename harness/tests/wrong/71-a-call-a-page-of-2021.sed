# of: harness/tests/drivers/2021/balloon.c
# on: limits/half-of-a-gigabyte
# wants: progress
# leads: balloon_inflate
# Each page goes back with a hypercall of its own.
/^balloon_inflate(/,/^}/s/^	n = MIN(n, BALLOON_BATCH);$/	n = 1;/
