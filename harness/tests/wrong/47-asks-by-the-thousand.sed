# of: guest/netbsd/uvm_physseg.c
# on: tour/kmem-fails-in-plug
# wants: progress
# leads: physseg_plug_live
# When kmem(9) has no room for a plug's structures it is asked again, a thousand times, before plug returns false.
s/^	owner = kmem_zalloc(size, KM_NOSLEEP);$/&\
	for (int i = 0; owner == NULL \&\& i < 1000; i++)\
		owner = kmem_zalloc(size, KM_NOSLEEP);/
