# of: guest/netbsd/balloon.c
# on: tour/shrink
# wants: p2m-m2p
# leads: balloon_shrink
# Shrinking leaves the P2M as it was.
s/^		xpmap_ptom_unmap(VM_PAGE_TO_PHYS(pg));$//
