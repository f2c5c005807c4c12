# of: guest/netbsd/balloon.c
# on: tour/clip-without-hotplug
# wants: floor
# leads: balloon_clip
# The clipping message names another number of pages than it clips to.
s/^		    "clipping reservation %zu => %zu pages.\\n", target, limit);$/		    "clipping reservation %zu => %zu pages.\\n", target,\
		    limit + 1);/
