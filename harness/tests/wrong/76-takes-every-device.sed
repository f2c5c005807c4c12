# of: guest/netbsd/balloon.c
# on: tour/shrink-and-grow-back
# wants: guest-contained
# leads: balloon_match
# Whatever is on the bus, it takes it for its own.
/^balloon_match(/,/^}/s/^		return 0;$/		return 1;/
