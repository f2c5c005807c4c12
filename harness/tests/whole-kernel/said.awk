# SPDX-License-Identifier: BSD-2-Clause
# What a guest's commands said in a recording (`ballast show --format json --kind COMMAND`), as a table: number, line of the scenario,
# seconds since the command before, command, status and first line of what it said, with tabs in between. Commands that
# Debian's own kernel can't do as well end it with 1.
BEGIN { OFS = "\t" }
!/"text": "\$ / || /"text": "\$ audit / { next }
{
	text = $0
	sub(/.*"text": "\$ /, "", text)
	sub(/"},?$/, "", text)
	gsub(/\\"/, "\"", text)
	match(text, / -> [0-9]+/)
	command = substr(text, 1, RSTART - 1)
	status = substr(text, RSTART + 4, RLENGTH - 4)
	said = substr(text, RSTART + RLENGTH + 2)
	match($0, /"line": [0-9]+/)
	line = substr($0, RSTART + 8, RLENGTH - 8)
	match($0, /"time_ns": [0-9]+/)
	time_s = substr($0, RSTART + 11, RLENGTH - 11) / 1e9
	if (command !~ /^(cat|echo) [^']*$/) {
		print "line " line ": Debian's own kernel has no command for this: " command >"/dev/stderr"
		exit 1
	}
	print ++n, line, sprintf("%.3f", time_s - before_s), command, status, said
	before_s = time_s
}
