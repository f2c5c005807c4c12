# of: guest/netbsd/balloon.c
# on: faults/decrease-short
# wants: no-leak
# leads: balloon_release
# Whatever Xen took, all pages count as given back.
/^balloon_release(/,/^}/s/^	return taken;$/	return nframes;/
