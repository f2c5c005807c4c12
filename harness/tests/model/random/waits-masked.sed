# A deliberate error in the model: an event of a masked port does not end a wait for it. Random calls must find it.
# file: sim/evtchn.c
# kind: waits
s/(news || polls_for(d, port))/(news || (!masked(d, port) \&\& polls_for(d, port)))/
