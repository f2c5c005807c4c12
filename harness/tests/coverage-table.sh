#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Prints what `make coverage` reached as a table: a line for each file of a driver, then one for each room.
# usage: coverage-table.sh [keep] <INFO, from the project's root; INFO is lcov's, all tests in it. With keep it stands in
# docs/coverage.md afterwards.
set -eu

page=docs/coverage.md
table=$(awk -v here="$(pwd -P)/" '
function of(file) {
	if (index(file, here) == 1)
		file = substr(file, length(here) + 1)
	if (file ~ /^guest\/(netbsd\/(kern|kpi)|probe|lib)\//)
		return "2 " (file ~ /probe/ ? "guest/probe/" : file ~ /lib\// ? "guest/lib/" : "guest/netbsd/kern/")
	if (file ~ /^harness\/tests\//)
		return "1 " file
	if (file ~ /^harness\/(xen\/|ballast\/xen_fuzz)/)
		return "3 harness/xen/, xen_fuzz.c"
	if (file ~ /^sim\/invariants\//)
		return "3 sim/invariants/"
	if (match(file, /^(harness|reports|sim)\//))
		return "3 " substr(file, 1, RLENGTH)
	return "1 " file
}
# A file has a record for each test that reached it: a line counts when one of the tests reached it.
/^SF:/ { place = of(substr($0, 4)); file = $0; places[place] }
/^DA:/ { split(substr($0, 4), at, ","); see("lines", file " " at[1], at[2]) }
/^BRDA:/ { split(substr($0, 6), at, ","); see("branches", file " " at[1] " " at[2] " " at[3], at[4]) }
function see(what, which, count) {
	if (!((what, which) in seen)) {
		seen[what, which] = 0
		all[what, place]++
	}
	if (count != "-" && count > 0 && !seen[what, which]) {
		seen[what, which] = 1
		reached[what, place]++
	}
}
function share(what, place,   n) {
	n = all[what, place]
	return n ? sprintf("%6.1f %% of %5d", 100 * reached[what, place] / n, n) : sprintf("%17s", "-")
}
END { for (place in places) printf "%s\t%s\t%s\n", place, share("lines", place), share("branches", place) }
' | sort | awk -F '\t' '
BEGIN { printf "%-44s %17s   %17s\n", "", "lines reached", "branches reached" }
{ printf "%-44s %s   %s\n", substr($1, 3), $2, $3 }')
printf '%s\n' "$table"
[ "${1:-}" = keep ] || exit 0
new=$(mktemp)
trap 'rm -f "$new" "$new.page"' EXIT
# The page has our two drivers and our own rooms.
printf '%s\n' "$table" | sed -n '\,^ ,p; \,^guest/netbsd/[a-z_]*\.c,p; \,^\(harness\|reports\|sim\)/,p' | sed 's/^/    /' >"$new"
sed -e "/^ *lines reached /,/^\$/{/^ *lines reached /r $new" -e '/^$/!d;}' "$page" >"$new.page"
cat "$new.page" >"$page"
