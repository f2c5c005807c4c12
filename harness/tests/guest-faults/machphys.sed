# The driver queues the M2P's updates and doesn't flush the queue: Xen has not seen them when the pages are used.
# file: guest/netbsd/balloon.c
# scenarios: tour/grow-past-boot
# wants: backed-before-use
/^	xpq_flush_queue();$/d
