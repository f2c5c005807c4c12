# A deliberate error in the model: an exchange of superpages is refused. Random calls must find it.
# file: sim/hypercall/exchange.c
# kind: fragments
s/larger > limit/larger + 1 > limit/
