# of: harness/tests/drivers/2016/uvm_physseg.c
# on: limits/a-thousand-plugs
# wants: accounting
# leads: slab_add
# A slab of which no page is in use any more keeps its memory.
/^slab_free(/,/^}/s/^		kmem_free(slab->mem, slab->size);$//
