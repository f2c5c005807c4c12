# of: harness/tests/drivers/2018/balloon.c
# on: tour/shrink-and-grow-back
# wants: no-overshoot
# leads: vb_more
# The cache keeps constructed entries, and their pages with them: they never reach UVM again.
/^	pool_cache_invalidate(sc->vb_cache);$/d
