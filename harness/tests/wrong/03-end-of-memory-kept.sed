# of: guest/netbsd/balloon.c
# on: tour/kmem-fails-in-plug
# wants: rollback
# leads: balloon_plug_run
# pmap_pa_end stays where success would have put it.
/^	pmap_pa_end = pa_end;$/d
