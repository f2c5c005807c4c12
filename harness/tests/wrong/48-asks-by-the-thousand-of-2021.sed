# of: harness/tests/drivers/2021/uvm_physseg.c
# on: tour/kmem-fails-in-plug
# wants: progress
# leads: physseg_hotplug
# A block that is refused is asked for with one page less, down to none.
s/^	const size_t size = offsetof/	size_t size = offsetof/
s/^	if ((pb = kmem_zalloc(size, KM_NOSLEEP)) == NULL)$/	while ((pb = kmem_zalloc(size, KM_NOSLEEP)) == NULL \&\&\
	    size > sizeof(struct vm_page))\
		size -= sizeof(struct vm_page);\
	if (pb == NULL)/
