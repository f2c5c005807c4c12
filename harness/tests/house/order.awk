# SPDX-License-Identifier: BSD-2-Clause
# Reads the rooms from bottom to top, then which file uses which (calls.awk, includes.sh), and tells each call and
# each include that goes from a lower room to a higher one, or between two rooms of the same height.
#     awk -f order.awk ROOMS USES
function room(file,   name) {
	for (name = file; name != ""; name = substr(name, 1, length(name) - 1))
		if (name in height && (name == file || substr(file, length(name) + 1, 1) ~ /[\/.]/))
			return name
	return ""
}
FNR == NR {
	sub(/#.*/, "")
	for (i = 1; i <= NF; i++)
		height[$i] = FNR
	next
}
{
	from = room($2)
	to = room($4)
	if (from == "" && !($2 in homeless)) {
		homeless[$2]
		printf "%s stands in no room of harness/tests/house/rooms: add its folder there, at its height\n", $2
	}
	if (from == "" || to == "" || from == to || height[from] > height[to])
		next
	what = $1 == "call" ? "calls " $3 " of " $4 : "includes " $4
	how = height[from] == height[to] ? "stands beside" : "stands below"
	printf "%s %s: %s %s %s. Move what is asked for down, hand its answer in, or let the upper room register itself\n", \
	    $2, what, from, how, to
}
