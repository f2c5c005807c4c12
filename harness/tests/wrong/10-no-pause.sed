# of: guest/netbsd/balloon.c
# on: tour/fail-mid-plug-1
# wants: progress
# leads: balloon_work
# What was refused is tried again at once, for ever.
s/^\t\t (outcome == BALLOON_REFUSED && before == BALLOON_MOVED));$/\t\t outcome == BALLOON_REFUSED);/
