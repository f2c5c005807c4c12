# of: guest/netbsd/balloon.c
# on: tour/shrink
# wants: guest-contained
# leads: balloon_wait
# cv_wait with a lock that is not held.
/^	KASSERT(pause_s <= BALLOON_PAUSE_MAX);$/{
n
d
}
