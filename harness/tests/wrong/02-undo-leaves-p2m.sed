# of: guest/netbsd/balloon.c
# on: tour/fail-mid-plug-100
# wants: p2m-m2p
# leads: balloon_plug
# The P2M of the part that failed still names the frames that go back.
/^		xpmap_ptom_unmap(ptoa(pfn + i));$/d
