# A deliberate error in the model: a frame that can't be mapped has another error number. The real Xen must find it.
# file: sim/domain/reservation.c
# scenario: scenarios/xen/decrease-mapped.scn
s/return EBUSY;/return EINVAL;/
