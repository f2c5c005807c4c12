# SPDX-License-Identifier: BSD-2-Clause
# Reads which rooms a room may know, then which file uses which (calls.awk, includes.sh), and tells each use of a
# room that may not be known.
#     awk -f wall.awk WALL USES
function begins(file, name) {
	return substr(file, 1, length(name)) == name && (length(file) == length(name) || name ~ /\/$/)
}
FNR == NR {
	sub(/#.*/, "")
	if (NF > 1) {
		rooms[++nr_rooms] = $1
		for (i = 2; i <= NF; i++)
			may[$1] = may[$1] " " $i
	}
	next
}
{
	room = ""
	for (i = 1; i <= nr_rooms; i++)
		if (begins($2, rooms[i]) && length(rooms[i]) > length(room))
			room = rooms[i]
	if (room == "" || begins($4, room))
		next
	nr = split(may[room], known, " ")
	for (i = 1; i <= nr; i++)
		if (begins($4, known[i]))
			next
	printf "%s %s: of other rooms %s may know only%s (harness/tests/house/wall)\n", \
	    $2, $1 == "call" ? "calls " $3 " of " $4 : "includes " $4, room, may[room]
}
