# of: harness/tests/drivers/2018/balloon.c
# on: tour/fail-mid-plug-100
# wants: p2m-m2p
# leads: vb_more
# Off by one: a frame in use goes back, and one of those to go back stays.
s/^		back = vb_xen(XENMEM_decrease_reservation, vb_mfns + i,$/		back = vb_xen(XENMEM_decrease_reservation, vb_mfns + i - 1,/
