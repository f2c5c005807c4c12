# of: guest/netbsd/balloon.c
# on: tour/host-dry
# wants: progress
# leads: balloon_thread
# Ten tries a second, whatever comes of them.
s/^			pause_s = MIN(pause_s \* 2, BALLOON_PAUSE_MAX);$/			pause_s = 1;/
