# of: harness/tests/drivers/2018/uvm_physseg.c
# on: tour/kmem-fails-in-plug
# wants: progress
# leads: uvm_physseg_plug
# When there is no memory for a slab, it is asked for until there is, or two thousand times.
s/^		seg->own = kmem_zalloc(sizeof(\*seg->own), KM_NOSLEEP);$/		for (int i = 0; i < 2000 \&\& seg->own == NULL; i++)\
			seg->own = kmem_zalloc(sizeof(*seg->own), KM_NOSLEEP);/
