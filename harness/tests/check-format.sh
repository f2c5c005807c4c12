#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Is every C file of ours written as its room's .clang-format says? Versions of clang-format differ in details, so
# it is version 14 or nobody. Drivers in the style of other authors keep the style of their authors.
#     check-format.sh          says which files differ, and how to mend them
set -eu

formatter=clang-format-14
command -v $formatter >/dev/null || { echo "check-format: SKIP, $formatter (Debian's package of that name) isn't here" >&2; exit 0; }
files=$(git ls-files -- '*.c' '*.h' ':!harness/tests/drivers' ':!harness/tests/atf')
[ -n "$files" ] || { echo "check-format: git names no C file here" >&2; exit 1; }
wrong=
for file in $files; do
	$formatter "$file" | cmp -s - "$file" || wrong="$wrong $file"
done
[ -z "$wrong" ] || { printf 'not as .clang-format says:%s\nmend them:  %s -i%s\n' "$wrong" $formatter "$wrong" >&2; exit 1; }
