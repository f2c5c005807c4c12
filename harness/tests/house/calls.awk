# SPDX-License-Identifier: BSD-2-Clause
# Which file calls which: reads the symbols of the objects of one program (nm -A -P) and prints one line for each
# symbol that a file uses and another file of the same program defines:
#     call USER SYMBOL DEFINER
# A use of a variable counts as a call. Calls through a pointer are not seen: that is how a lower room reaches an upper
# one which has registered itself.
#     build      the folder that the objects lie under, with its slash
#     assembly   names of the sources that end in .S, separated by blanks
BEGIN {
	nr_assembly = split(assembly, list, " ")
	for (i = 1; i <= nr_assembly; i++)
		is_assembly[list[i]] = 1
}
# build/sim/host/pool.o is sim/host/pool.c; build/guest-objects/hotplug/kern/pool.o is guest/netbsd/kern/pool.c.
function source(object,   name) {
	name = substr(object, length(build) + 1)
	sub(/\.o:?$/, "", name)
	sub(/^guest-objects\/(hotplug|static)\//, "guest/netbsd/", name)
	sub(/^guest-objects\//, "guest/", name)
	sub(/^balloon\..*/, "guest/netbsd/balloon", name)
	sub(/^physseg\..*/, "guest/netbsd/uvm_physseg", name)
	sub(/^guest\/stub_sim$/, "guest/abi/stub_sim", name)
	return (name ".S") in is_assembly ? name ".S" : name ".c"
}
index($1, build) == 1 && $3 == "U" { users[source($1), $2] = 1; next }
index($1, build) == 1 && $3 ~ /^[A-TV-Z]$/ { definer[$2] = source($1) }
END {
	for (use in users) {
		split(use, part, SUBSEP)
		if (part[2] in definer && definer[part[2]] != part[1])
			print "call", part[1], part[2], definer[part[2]]
	}
}
