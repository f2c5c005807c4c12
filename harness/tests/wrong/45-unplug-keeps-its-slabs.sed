# of: guest/netbsd/uvm_physseg.c
# on: limits/a-thousand-plugs
# wants: accounting
# leads: physseg_plug_live
# The array of struct vm_pages of what was unplugged is not freed: after forty cycles that is few and large.
s/^		kmem_free(owner, owner->pp_size);$/		(void)owner;/
