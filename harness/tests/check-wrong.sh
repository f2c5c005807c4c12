#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Wrong drivers, one fault each, and the invariant that must see it. Each file under wrong/ is a sed script
# for the file after "of:", replayed on the scenarios after "on:"; one of the words after "wants:" (invariants,
# or expect) must be reported, and what is reported has to name the function after "leads:", in the line itself or
# in the rows below it that say who called it.
#     check-wrong.sh BUILD NAME...   (names of files under wrong/, all without any)
build=$1; shift
here=harness/tests/wrong
work=$build/wrong; mkdir -p "$work"
[ $# -gt 0 ] || set -- $here/*.sed
status=0
# What is said of the invariants named, and how the guest died.
told() {
    awk -v names=" $1 " '/^  [a-z0-9-]+: / { word = $1; sub(/:$/, "", word); wanted = index(names, " " word " ") }
        !/^ / { wanted = 0 } wanted || /^      \|  *(in|from) /' "$2"
}
for script in "$@"; do
    said() { sed -n "s/^# $1: //p" "$script"; }
    file=$(said of); name=$(basename "$script" .sed)
    driver=guest/netbsd/balloon.c; physseg=guest/netbsd/uvm_physseg.c
    case $file in harness/*) driver=$(dirname "$file")/balloon.c; physseg=$(dirname "$file")/uvm_physseg.c ;; esac
    mkdir -p "$work/$name"
    sed -f "$script" "$file" >"$work/$name/$(basename "$file")"
    if [ -n "$(sed '/^#/d' "$script")" ] && cmp -s "$file" "$work/$name/$(basename "$file")"; then
        echo "$name: the script no longer changes $file"; status=1; continue
    fi
    case $file in
    */balloon.c) driver=$work/$name/balloon.c ;;
    *) physseg=$work/$name/uvm_physseg.c ;;
    esac
    scenarios=$(for s in $(said on); do echo "scenarios/$s.scn"; done)
    if ! make -s DRIVER="$driver" PHYSSEG="$physseg" user-images >"$work/$name/make.log" 2>&1; then
        echo "$name: does not compile:"; cat "$work/$name/make.log"; status=1; continue
    fi
    make -s DRIVER="$driver" PHYSSEG="$physseg" SCENARIO="$(echo $scenarios)" REPLAY_FLAGS="--timeout 60" replay \
        >"$work/$name/said" 2>&1
    caught=no
    for word in $(said wants); do
        grep -q -E "^  $word: |: $word failed" "$work/$name/said" && caught=yes
    done
    if [ $caught = no ]; then
        echo "$name: no $(said wants) on $(said on); it said:"
    elif [ -n "$(said leads)" ] && told "$(said wants)" "$work/$name/said" | grep -q -F -w -e "$(said leads)"; then
        continue
    else
        echo "$name: $(said wants) is reported, and doesn't lead to \"$(said leads)\"; it said:"
    fi
    grep -v 'replay to there\|in the debugger' "$work/$name/said" | head -n 12
    status=1
done
exit $status
