#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Runs the ATF programs that build-atf.sh made under kyua, and compares the verdicts with the baseline of the folder
# TESTS, which has a line for each test. Without a baseline a test that fails is a failure here.
#     run-atf.sh FOLDER      (with RECORD=1 in the environment the baseline is written anew)
# Exits with 0 when all is well, 1 when a test fails, 3 when kyua is not there, 5 when verdicts are not as in the baseline.
set -u
: "${TESTS:=harness/tests/atf}"
folder=$1 baseline=${TESTS%/}/baseline
command -v kyua >/dev/null || { echo "make atf: kyua is not there: apt-get install kyua libatf-dev"; exit 3; }

# kyua drops a program of which one description has more lines than one. Such a program stands behind a script that
# answers with one.
one_line() {
    awk '
        /^[A-Za-z.-]+: / || /^X-[A-Za-z0-9_-]+: / { if (held != "") print held; held = $0; blank = 0; next }
        /^$/ { blank++; next_is_case = 1; if (held != "") print held; held = ""; print; next }
        held != "" { held = held " " $0; next }
        { print }
        END { if (held != "") print held }'
}
for program in "$folder"/t_* "$folder"/ours/t_*; do
    [ -x "$program" ] || continue
    "$program" -l >"$folder/list" 2>/dev/null || continue     # kyua says what is wrong with it
    one_line <"$folder/list" >"$folder/lines"
    cmp -s "$folder/list" "$folder/lines" && continue
    name=$(basename "$program") at=$(dirname "$program")
    awk '/^ident: / { name = $2 } !/^[A-Za-z.-]+: / && !/^X-/ && !/^$/ { print name }' "$folder/list" | uniq |
        while read -r case; do
            echo "$name: the description of $case has a line break, which kyua refuses: given to it in one line"
        done
    mkdir -p "$at/behind"
    mv "$program" "$at/behind/$name"
    cp "$folder/lines" "$at/behind/$name.list"
    cat >"$program" <<'END'
#!/bin/sh
behind=$(cd "$(dirname "$0")" && pwd)/behind/$(basename "$0")
for argument; do case $argument in -l) exec cat "$behind.list" ;; esac; done
exec "$behind" "$@"
END
    chmod +x "$program"
done

# run FOLDER: a line `program:test verdict seconds` for each test.
run() {
    {
        printf 'syntax(2)\ntest_suite("ballast")\n'
        for program in "$1"/t_*; do
            [ -x "$program" ] && printf 'atf_test_program{name="%s"}\n' "$(basename "$program")"
        done
    } >"$1/Kyuafile"
    rm -f "$1/results.db"
    HOME=$1 kyua test -k "$1/Kyuafile" -r "$1/results.db" >"$1/log" 2>&1
    sed -n -e 's/ (core dumped)//' -e 's/^\([^ ]*:[^ ]*\)  ->  \(.*[^ ]\)  *\[\([0-9.]*\)s\]$/\1 \2 \3/p' "$1/log" | sort
}
run "$folder" >"$folder/timed"
sed 's/ [0-9.]*$//' "$folder/timed" >"$folder/said"
if [ ! -s "$folder/said" ]; then cat "$folder/log"; exit 1; fi

# Times of a user's file beside those of ours; they are in no baseline.
if grep -q '_load\.' "$folder/said" && ls "$folder"/ours/t_* >/dev/null 2>&1; then
    run "$folder/ours" >"$folder/ours/timed"
    echo 'seconds:                                          this file    ours'
    awk '{ time = $NF } NR == FNR { ours[$1] = time; next }
        $1 ~ /_load\./ { printf "    %-44s %10s %7s\n", $1, time, $1 in ours ? ours[$1] : "-" }' \
        "$folder/ours/timed" "$folder/timed"
fi

count=$(wc -l <"$folder/said")
failed=$(grep -Ecv '^[^ ]* (passed|skipped|expected_failure)' "$folder/said")
if [ -n "${RECORD:-}" ]; then
    cat "$folder/said"
    cp "$folder/said" "$baseline"
elif [ ! -f "$baseline" ]; then
    cat "$folder/said"
    echo "$count tests, $failed failed; no $baseline to compare with"
    [ "$failed" -eq 0 ] || exit 1
elif diff "$baseline" "$folder/said" >"$folder/diff"; then
    echo "$count tests, all as in $baseline"
else
    echo "not as in $baseline (< then, > now):"
    cat "$folder/diff"
    exit 5
fi
