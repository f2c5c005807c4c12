# SPDX-License-Identifier: BSD-2-Clause
# Compares what the steps of a scenario said in Debian's own kernel with what they said in ours: lines `LINE STATUS: TEXT` of
# both, after one another. Prints the steps that said something else, in words, and last how many agreed.
#     awk -f compare.awk -v scenario=FILE SCENARIO THEIRS OURS
# Text and status must be the same, with two exceptions: of an error only the reason counts, which stands last (each shell puts
# other words before it), and of /proc/meminfo how much MemTotal has changed since the first look, for a whole kernel keeps
# another part of its memory to itself.
FNR == 1 { nr_files++ }
nr_files == 1 {
	command[FNR] = $0
	sub(/^[^$]*\$ /, "", command[FNR])
	sub(/ -> .*/, "", command[FNR])
	next
}
{
	line = $1
	status = $2 + 0
	text = $0
	sub(/^[0-9]+ [0-9]+: ?/, "", text)
	if (status != 0)
		sub(/.*: /, "", text)
	else if (command[line] ~ /^cat \/proc\/meminfo/) {
		sub(/[^0-9]*/, "", text)
		if (!(nr_files in first_kb))
			first_kb[nr_files] = text + 0
		text = sprintf("MemTotal has changed by %d kB", text - first_kb[nr_files])
	}
	text = (status == 0 ? "" : "refused, ") text
	if (nr_files == 2) {
		theirs[line] = text
		order[++nr_lines] = line
	} else
		ours[line] = text
}
END {
	for (i = 1; i <= nr_lines; i++) {
		line = order[i]
		if (line in ours && theirs[line] == ours[line]) {
			nr_same++
			continue
		}
		differ++
		printf "%s:%d: `%s`: Debian's kernel says `%s`, ours %s\n", scenario, line, command[line], theirs[line],
		    line in ours ? "`" ours[line] "`" : "nothing"
	}
	for (line in ours)
		if (!(line in theirs)) {
			differ++
			printf "%s:%d: `%s`: Debian's kernel says nothing, ours `%s`\n", scenario, line, command[line], ours[line]
		}
	printf "%d steps agree, %d differ\n", nr_same, differ
	exit differ > 0 || nr_same == 0
}
