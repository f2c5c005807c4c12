#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# docs/claims.md: rows are numbered, each has a verdict of the five and shows it, a refuted one also where it would have held;
# its scenarios are there (`make check-scenarios` replays them), and its other commands run here. What a verdict has in
# backquotes must be in what they print; in rows without such a command it may be anything.
#     check-claims.sh BALLAST
ballast=$1
page=docs/claims.md
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
status=0
number=0

fail() { echo "$page: row $number: $*"; status=1; }
quotes() { printf '%s\n' "$1" | grep -o '`[^`]*`' | tr -d '`'; }

# Those over Linux are built where its package is.
"$ballast" list designs | grep -q '^pvops-2010 ' || { echo "check-claims: SKIP: the package linux-source-6.1 is not there"; exit 0; }

# A command's output, once for each that is the same.
said() {
    name=$(printf '%s' "$1" | cksum | tr ' ' -)
    if [ ! -e "$folder/$name" ]; then
        # Verdicts of a replay are its row's business: whether it could be run at all is ours.
        sh -c "\"$ballast\" ${1#ballast }" >"$folder/$name" 2>"$folder/errors" </dev/null
        case $? in 0 | 5) ;; *) fail "\`$1\` ends otherwise:"; cat "$folder/errors" ;; esac
    fi
    cat "$folder/$name"
}

grep '^| [0-9]' "$page" >"$folder/rows"
while IFS='|' read -r _ at who claim verdict shown rest; do
    number=$((number + 1))
    [ "$((at))" -eq "$number" ] || fail "is numbered$at"
    [ -z "$rest" ] || fail "has more than five columns"
    [ -n "${who# }" ] && [ -n "${claim# }" ] || fail "says nothing"
    case $verdict in
    ' confirmed'* | ' conditional'* | ' answered'*) [ "$shown" != ' – ' ] || fail "shows nothing" ;;
    ' refuted'*) case $verdict$shown in *'would have held'*) ;; *) fail "is refuted, and does not say where it would have held" ;; esac ;;
    ' not modelled'*) ;;
    *) fail "has no verdict:$verdict" ;;
    esac
    for scenario in $(printf '%s\n' "$verdict $shown" | sed 's/`[^`]*`//g' | grep -oE '\b(tour|designs|linux|limits|lifecycle|contention|physseg|ours|faults|xen)/[a-z0-9-]+'); do
        [ -e "scenarios/$scenario.scn" ] || fail "there is no scenarios/$scenario.scn"
    done
    quotes "$shown" | grep '^ballast ' >"$folder/commands"
    [ -s "$folder/commands" ] || continue
    while read -r command; do said "$command"; done <"$folder/commands" >"$folder/all"
    quotes "$verdict" >"$folder/quoted"
    while read -r quote; do
        grep -qw -e "$quote" "$folder/all" || fail "no command of its row prints $quote any more"
    done <"$folder/quoted"
done <"$folder/rows"
[ "$number" -gt 50 ] || { echo "$page: only $number rows were found"; status=1; }
exit $status
