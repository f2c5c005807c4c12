# A deliberate error in the model: an upcall that becomes due ends no wait for another port. Random calls must find it.
# file: sim/evtchn.c
# kind: waits
s/(news || polls_for(d, port))/((news \&\& !d->polling) || polls_for(d, port))/
