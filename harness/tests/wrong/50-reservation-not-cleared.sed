# of: guest/netbsd/balloon.c
# on: tour/grow-past-boot
# wants: guest-contained
# leads: balloon_reserve
# The reservation that goes to Xen is not cleared: its flags are what lies on the stack.
/^	memset(&reservation, 0, sizeof(reservation));$/d
