#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Writes each complete example of a document, a block that opens with ```scenario, to a file of its own in OUTDIR,
# called line-NNN.scn after the line it stands at. Examples of what must be refused are docs_test.c's.
set -eu

if [ $# -ne 2 ]; then
    echo "usage: $0 DOCUMENT OUTDIR" >&2
    exit 2
fi
mkdir -p "$2"
rm -f "$2"/line-*.scn
awk -v out="$2" '
    /^```/ {
        if (file != "") { close(file); file = "" }
        else if ($0 == "```scenario") { file = sprintf("%s/line-%03d.scn", out, NR); count++; next }
        next
    }
    file != "" { print > file }
    END { if (count == 0) { print "no examples found" > "/dev/stderr"; exit 1 } }
' "$1"
