#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# How far the model and what it is held to agree, as a table, out of the figures that xen-check.sh and xenstore-check left in
# FOLDER. Those of the last whole runs are in harness/tests/agreed, and README.md and docs/real-xen.md show their table.
#     agreement.sh FOLDER            prints the table
#     agreement.sh FOLDER keep       keeps the figures, and puts the table into both pages
#     agreement.sh FOLDER check      complains about a page that does not show it
#     agreement.sh FOLDER model COMMAND...     runs all scenarios on the model by itself, and leaves its figures
#     agreement.sh FOLDER xenstored            leaves those that FOLDER/said has of xenstore-check
folder=$1
kept=harness/tests/agreed
pages='README.md docs/real-xen.md'
sides='model xen-4.17 xen-4.20'

# The rows: the name of a figure, of the file that it stands in if not its side's own, and its words.
table() {
    awk -v folder="$1" -v sides="$sides" '
    function figure(side, name,   line, part, found) {
        found = "-"
        while ((getline line < (folder "/" side)) > 0) {
            split(line, part, " ")
            if (part[1] == name && part[2] != "")
                found = part[2] (name == "well" ? " %" : "")
        }
        close(folder "/" side)
        return found
    }
    function row(words, name, only,   i) {
        printf "%-36s", words
        for (i = 1; i <= count; i++)
            printf "%14s", only == "" ? figure(side[i], name) : side[i] ~ /4.17/ ? figure(only, name) : "-"
        printf "\n"
    }
    BEGIN {
        count = split(sides, side, " ")
        printf "%-36s%14s%14s%14s\n", "agreement", "the model", "Xen 4.17", "Xen 4.20"
        row("build", "booted")
        row("scenarios", "scenarios")
        row("  passed", "passed")
        row("  skipped", "skipped")
        row("  hypercalls that both answered", "hypercalls")
        row("  differences", "differences")
        row("random statements", "statements")
        row("  seed", "seed")
        row("  hypercalls that both answered", "random_hypercalls")
        row("  differences", "random_differences")
        row("requests to xenstored", "requests", "xenstored")
        row("  first seed", "seed", "xenstored")
        row("  answered as they were asked", "well", "xenstored")
        row("  differences", "differences", "xenstored")
    }'
}

# The target that leaves a side's figures.
run_of() {
    case $1 in
    xen-4.17) echo xen-check ;;
    xenstored) echo xenstore-check ;;
    xen-*) echo "xen-check XEN=${1#xen-}" ;;
    esac
}

# What a page shows: from the table's head to the first empty line.
shown() { sed -n '/^    agreement  /,/^$/{/^$/d;s/^    //;p;}' "$1"; }

case $2 in
model)
    shift 2
    mkdir -p "$folder" || exit 1
    "$@" >"$folder/said" || { cat "$folder/said"; exit 1; }
    sed -n 's/^\([0-9]*\) scenarios: \([0-9]*\) PASS$/scenarios \1\npassed \2\nskipped 0/p' "$folder/said" >"$folder/model"
    rm "$folder/said"
    ;;
xenstored)
    sed -n 's/^xenstore-check: \([0-9]*\) requests with seeds from \([0-9]*\) on, no difference; \([0-9]*\) %.*/requests \1\nseed \2\nwell \3\ndifferences 0/p' \
        "$folder/said" >"$folder/xenstored"
    [ -s "$folder/xenstored" ] || echo 'differences some' >"$folder/xenstored"
    rm "$folder/said"
    ;;
keep)
    mkdir -p $kept && cp "$folder"/* $kept/ || exit 1
    new=$(mktemp) || exit 1
    trap 'rm -f "$new" "$new.page"' EXIT
    table $kept | sed 's/^/    /' >"$new"
    for page in $pages; do
        sed -e "/^    agreement  /,/^\$/{/^    agreement  /r $new" -e '/^$/!d;}' $page >"$new.page" && cat "$new.page" >$page || exit 1
    done
    ;;
check)
    for page in $pages; do
        [ "$(shown $page)" = "$(table "$folder")" ] && continue
        echo "$page: its table of agreement is not that of $folder: harness/tests/agreement.sh $folder keep"
        exit 1
    done
    ;;
*)
    table "$folder"
    for side in xen-4.17 xen-4.20 xenstored; do
        [ -e "$folder/$side" ] || echo "no figures of $side in $folder; they are left there by:  make $(run_of $side)"
    done
    ;;
esac
