# of: guest/netbsd/balloon.c
# on: tour/grow-past-boot
# wants: expect
# leads: nowhere
# The reservation that goes to Xen is not cleared: its flags are what lies on the stack.
/^	memset(&reservation, 0, sizeof(reservation));$/d
