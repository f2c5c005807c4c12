# of: guest/netbsd/balloon.c
# on: tour/shrink-and-grow-back
# wants: backed-before-use
# leads: balloon_refill
# The queue of M2P updates is flushed when the pages are in use already.
/^		balloon_bind(VM_PAGE_TO_PHYS(pg), sc->sc_mfns\[i\]);$/,/^	return got > 0;$/{
/^	xpq_flush_queue();$/d
s/^	return got > 0;$/	xpq_flush_queue();\
	return got > 0;/
}
