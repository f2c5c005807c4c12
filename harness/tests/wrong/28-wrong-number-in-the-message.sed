# of: guest/netbsd/balloon.c
# on: tour/clip-without-hotplug
# wants: floor
# leads: balloon_clip
# The clipping message names another number of pages than it clips to.
s/^		    target, limit);$/		    target, limit + 1);/
