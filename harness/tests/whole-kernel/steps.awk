# SPDX-License-Identifier: BSD-2-Clause
# Makes of a scenario what init does in Debian's own kernel: `cat FILE` and `echo VALUE > FILE` of its guest, and the time in
# between. What is asked of the toolstack or expected is the scenario's own. With -v want=machine it prints MEMORY, MAXMEM and the
# host's memory instead.
function option(name,   found) {
	if (!match($0, " " name "=[^ ]*"))
		return ""
	found = substr($0, RSTART + 1, RLENGTH - 1)
	return substr(found, length(name) + 2)
}
/^[ \t]*(#|$)/ { next }
$1 == "host" { host = option("mem") }
$1 == "domain" { memory = option("memory"); maxmem = option("maxmem") }
{
	text = $0
	wait_s = 0
	if ($1 ~ /^\+[0-9]/) {
		wait_s = $1 ~ /ms$/ ? $1 / 1000 : $1 + 0
		sub(/^[ \t]*\+[^ \t]*/, "", text)
	}
	sub(/^[ \t]+/, "", text)
}
want == "machine" { next }
wait_s > 0 { print "sleep " wait_s }
text ~ /^[a-z0-9_-]+\$ / {
	sub(/^[^ ]* /, "", text)
	sub(/ -> .*/, "", text)
	if (text !~ /^(cat|echo) [^']*$/) {
		print FILENAME ":" FNR ": this step can't be done in Debian's own kernel: " text >"/dev/stderr"
		exit 1
	}
	if (text ~ /^cat /)
		text = "cat " $(index($1, "$") ? 3 : 4)
	print "step " FNR " '" text "'"
}
END { if (want == "machine") print memory, maxmem, host }
