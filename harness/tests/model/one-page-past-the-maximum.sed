# A deliberate error in the model: an increase goes one page past the maximum, and no assertion of the model's own stops it.
# The real Xen must find it.
# file: sim/hypercall/memory_op.c
# scenario: scenarios/xen/increase-past-the-maximum.scn
s/d->maximum_pages - d->reservation_pages : 0/d->maximum_pages - d->reservation_pages + 1 : 0/
s/d->reservation_pages + pages > d->maximum_pages)/d->reservation_pages + pages > d->maximum_pages + 1)/
s/ && d->reservation_pages <= d->maximum_pages);/);/
