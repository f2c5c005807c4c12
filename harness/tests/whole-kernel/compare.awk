# SPDX-License-Identifier: BSD-2-Clause
# Compares what the commands of a scenario said in our guest, a table of said.awk's, with what they said in Debian's own kernel:
# lines `NUMBER STATUS: TEXT`. Prints the commands that said something else, in words, and last how many agree.
#     awk -f compare.awk -v scenario=FILE OURS THEIRS
# Text and status must be the same, with two exceptions: of an error only the reason counts, which stands last (each shell puts
# other words before it), and of /proc/meminfo how much MemTotal has changed since the first look, for a whole kernel keeps
# another part of its memory to itself.
function judged(number, status, text) {
	if (status != 0) {
		sub(/.*: /, "", text)
		sub(/nonexistent directory/, "No such file or directory", text) # in the words of busybox
		return "refused, " text
	}
	if (command[number] !~ /^cat \/proc\/meminfo/)
		return text
	sub(/[^0-9]*/, "", text)
	if (!(FILENAME in first_kb))
		first_kb[FILENAME] = text + 0
	return sprintf("MemTotal has changed by %d kB", text - first_kb[FILENAME])
}
NR == FNR {
	split($0, column, "\t")
	line[FNR] = column[2]
	command[FNR] = column[4]
	ours[FNR] = judged(FNR, column[5], column[6])
	nr = FNR
	next
}
{
	text = $0
	sub(/^[0-9]+ [0-9]+: ?/, "", text)
	theirs[$1] = judged($1, $2 + 0, text)
}
END {
	for (i = 1; i <= nr; i++) {
		if (i in theirs && theirs[i] == ours[i]) {
			nr_same++
			continue
		}
		nr_other++
		printf "%s:%d: `%s`: Debian's kernel says %s, ours `%s`\n", scenario, line[i], command[i],
		    i in theirs ? "`" theirs[i] "`" : "nothing", ours[i]
	}
	printf "%d commands agree, %d differ\n", nr_same, nr_other
	exit nr_other > 0 || nr_same == 0
}
