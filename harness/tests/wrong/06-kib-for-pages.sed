# of: guest/netbsd/balloon.c
# on: tour/shrink
# wants: floor
# leads: balloon_set_target
# The target's KiB taken for units of 8 KiB.
s/^	size_t target = kib >> BALLOON_KIB_SHIFT;$/	size_t target = kib >> (BALLOON_KIB_SHIFT + 1);/
