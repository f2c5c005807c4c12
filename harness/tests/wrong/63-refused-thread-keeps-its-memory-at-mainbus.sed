# of: harness/tests/styles/mainbus.c
# on: faults/thread-refused
# wants: rollback
# leads: mbb_attach
# When no thread can be had, the list of frames and the pool of records stay.
/^		kmem_free(sc->sc_list, MBB_LOT \* sizeof(xen_pfn_t));$/d
/^		pool_destroy(&sc->sc_pool);$/d
