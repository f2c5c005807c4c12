# of: guest/netbsd/uvm_physseg.c
# on: tour/kmem-fails-in-plug
# wants: guest-contained
# leads: physseg_plug_live
# No memory is a reason to refuse, not to die.
s/^	if (owner == NULL)$/	if (owner == NULL)\
		panic("%s: no memory", __func__);\
	if (owner == NULL)/
