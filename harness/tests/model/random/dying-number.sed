# A deliberate error in the model: the number of a dying domain is free. Random calls must find it.
# file: sim/domain/domain.c
# kind: dying
s/ || zombie_of(\&m->host, domid) != NULL//
