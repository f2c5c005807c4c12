# of: guest/netbsd/balloon.c
# on: tour/shrink
# wants: floor
# leads: balloon_sysctl_current
# The node current in pages.
s/^	u_quad_t kib = BALLOON_KIB(balloon_query(XENMEM_current_reservation));$/	u_quad_t kib = balloon_query(XENMEM_current_reservation);/
