# of: guest/netbsd/balloon.c
# on: tour/grow-past-boot
# wants: backed-before-use
# leads: balloon_plug
# No flush at all: the updates wait for somebody else's.
/^	xpq_flush_queue();$/d
