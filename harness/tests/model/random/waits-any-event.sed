# A deliberate error in the model: a wait for several ports ends only with the last of them. Random calls must find it.
# file: sim/evtchn.c
# kind: waits
s/return d->nr_poll_ports != 1 || d->poll_port == port;/return d->poll_port == port;/
