# of: harness/tests/styles/workqueue.c
# on: limits/bounds-in-both-units
# wants: floor
# leads: wqb_node
# The node min is held against a floor that is counted in pages.
s/if (kib < KIB(uvmexp.freemin + 256))$/if (kib < uvmexp.freemin + 256)/
