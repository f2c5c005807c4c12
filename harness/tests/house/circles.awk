# SPDX-License-Identifier: BSD-2-Clause
# Reads which file uses which (calls.awk, includes.sh) and prints the circles: sets of files of which each reaches
# each other one, as a line of sorted names.
{
	if ($2 != $4 && !(($2, $4) in known)) {
		known[$2, $4] = 1
		uses[$2, ++nr_uses[$2]] = $4
		files[$2]
		files[$4]
	}
}
function walk(start, file,   i) {
	for (i = 1; i <= nr_uses[file]; i++)
		if (!((start, uses[file, i]) in reaches)) {
			reaches[start, uses[file, i]] = 1
			walk(start, uses[file, i])
		}
}
END {
	for (file in files)
		walk(file, file)
	for (file in files) {
		if (!((file, file) in reaches) || file in told)
			continue
		nr = 0
		for (other in files)
			if ((file, other) in reaches && (other, file) in reaches) {
				told[other]
				for (i = nr++; i > 0 && circle[i] > other; i--)
					circle[i + 1] = circle[i]
				circle[i + 1] = other
			}
		line = circle[1]
		for (i = 2; i <= nr; i++)
			line = line " " circle[i]
		print line
	}
}
