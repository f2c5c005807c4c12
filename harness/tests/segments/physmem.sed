# A page too many is counted in physmem with each plug.
s/^	physmem += npages;$/	physmem += npages + 1;/
