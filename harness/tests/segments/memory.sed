# memory: the allocation for the struct vm_pages of a plug is too short by what stands in front of them.
s/size = sizeof(\*owner) + npages \* sizeof(struct vm_page)/size = npages * sizeof(struct vm_page)/
