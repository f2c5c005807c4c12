#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Runs a folder's ATF programs under kyua and compares the verdicts with a baseline that has a line for each test.
#     run-atf.sh FOLDER BASELINE      (with RECORD=1 in the environment the baseline is written anew)
folder=$1; baseline=$2
command -v kyua >/dev/null || { echo "make atf: kyua is not there: apt-get install kyua libatf-dev"; exit 3; }
{
    printf 'syntax(2)\ntest_suite("ballast")\n'
    for program in "$folder"/t_*; do
        case $program in *.o) ;; *) printf 'atf_test_program{name="%s"}\n' "$(basename "$program")" ;; esac
    done
} >"$folder/Kyuafile"
said=$folder/said
rm -f "$folder/results.db"
HOME=$folder kyua test -k "$folder/Kyuafile" -r "$folder/results.db" >"$folder/log" 2>&1
sed -n 's/^\([^ ]*:[^ ]*\)  ->  \(.*[^ ]\)  *\[[0-9.]*s\]$/\1 \2/p' "$folder/log" | sort >"$said"
if [ ! -s "$said" ]; then cat "$folder/log"; exit 1; fi
if [ -n "$RECORD" ] || [ ! -f "$baseline" ]; then
    cat "$said"
    [ -n "$RECORD" ] && cp "$said" "$baseline"
    exit 0
fi
if diff "$baseline" "$said" >"$folder/diff"; then
    echo "$(wc -l <"$said") tests, all as in $baseline"
else
    echo "not as in $baseline (< then, > now):"
    cat "$folder/diff"
    exit 5
fi
