# A deliberate error in the model: where the lists of an exchange lie is not looked at before its steps. Random calls must find it.
# file: sim/hypercall/exchange.c
# kind: lists
s/error == 0 && lists_are_refused/error > 0 \&\& lists_are_refused/
