#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# A fuzzer's corpus is one text file with a line for each input, so that thousands of inputs are one file of the tree
# and a new one is one new line in a diff. A printable character stands for itself, a backslash for \\, and any other
# byte is written as \0ooo, in octal, as printf's %b reads it.
#     pack-corpus.sh pack FOLDER >FILE       the files of FOLDER as sorted lines, each input once
#     pack-corpus.sh unpack FILE FOLDER      FOLDER holds FILE's inputs and nothing else, named by their line
set -eu
export LC_ALL=C

# od prints each byte as three octal digits; of an input's lines the first says where it begins.
pack() {
	find "$1" -type f -size +0 | sort | while IFS= read -r input; do
		echo input
		od -An -v -to1 "$input"
	done | awk '
	function flush() { if (text != "") print text; text = "" }
	BEGIN { for (i = 32; i < 127; i++) shown[sprintf("%03o", i)] = sprintf("%c", i); shown["134"] = "\\\\" }
	/^input$/ { flush(); next }
	{ for (i = 1; i <= NF; i++) text = text ($i in shown ? shown[$i] : "\\0" $i) }
	END { flush() }' | sort -u
}

unpack() {
	rm -rf "$2"
	mkdir -p "$2"
	number=0
	while IFS= read -r line; do
		number=$((number + 1))
		printf '%b' "$line" >"$2/$number"
	done <"$1"
}

case ${1:-} in
pack) pack "$2" ;;
unpack) unpack "$2" "$3" ;;
*) echo "usage: pack-corpus.sh pack FOLDER | unpack FILE FOLDER" >&2; exit 1 ;;
esac
