# A deliberate error in the model: a dying domain gets ports. Random calls must find it.
# file: sim/hypercall/evtchn_op.c
# kind: dying
s/        return -EINVAL; \/\* a dying domain gets no port more \*\//        return -EPERM;/
