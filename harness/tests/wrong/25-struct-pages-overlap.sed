# of: guest/netbsd/uvm_physseg.c
# on: tour/grow-past-boot
# wants: segments guest-contained
# leads: physseg_init_pages
# Off by one: the last page of a segment gets the struct vm_page before it.
s/^		struct vm_page \*pg = &pgs\[i\];$/		struct vm_page *pg = \&pgs[i == npages - 1 \&\& i > 0 ? i - 1 : i];/
