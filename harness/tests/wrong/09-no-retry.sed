# of: guest/netbsd/balloon.c
# on: tour/host-dry
# wants: last-target-wins
# leads: balloon_thread
# A short answer is taken for the end.
s/^			pause_s = BALLOON_PAUSE_MIN;$/			pause_s = 0;/
