#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The pages for users quote reports with events and lines of a run, which move with every change. What docs/guests.md and
# docs/debugging.md quote of tour/fail-mid-plug-100 has to be what that run says now.
#     check-quotes.sh BALLAST
ballast=$1
scenario=scenarios/tour/fail-mid-plug-100.scn
pair=harness/tests/drivers/2015
status=0

# A quoted report is folded, and parts of it are left out: each of these parts of it is looked for in the run's own words.
folded() { tr -s ' \n' ' '; }
quoted() { # PAGE FROM TO: what stands there from the first words to the last
    folded <"$1" | sed -n "s/.*\($2.*$3\).*/\1/p" | sed "s/\($3\).*/\1/"
}
holds() { # PAGE PART SAID
    [ -n "$2" ] || { echo "$1: a part that is compared is not there any more"; status=1; return; }
    case $3 in *"$2"*) ;; *) echo "$1: the run no longer says: $2"; status=1 ;; esac
}

page=docs/guests.md
recording=$(mktemp) || exit 1
trap 'rm -f "$recording" "$recording.places"' EXIT
failed=$("$ballast" replay --record "$recording" --driver $pair/balloon.c --physseg $pair/uvm_physseg.c $scenario | folded)
holds $page "$(quoted $page 'FAIL scenarios\/tour\/fail-mid-plug-100.scn (1' 'events')" "$failed"
holds $page "$(quoted $page 'got 16896p' 'over')" "$failed"
holds $page "$(quoted $page 'no-leak: 413 frames' '(bln_thread)')" "$failed"
lost=$(quoted $page 'lost at event ' ':' | sed 's/[^0-9]*\([0-9]*\).*/\1/')
said=$("$ballast" replay --driver $pair/balloon.c --physseg $pair/uvm_physseg.c $scenario --until "$lost" | folded)
case $(grep -c -e "--until $lost --gdb" -e "^    event $lost, at 0.000040 s" $page) in
2) ;; *) echo "$page: the debugger's example isn't about event $lost"; status=1 ;; esac
holds $page "$lost 0.000040 s nb uvm_physseg_plug(0x4063, 1 page) -> false" "$said"

page=docs/debugging.md
event=$(sed -n 's/^    event \([0-9]*\), at.*/\1/p' $page) time=$(sed -n 's/^    event.* at \([0-9.]*\) s of.*/\1/p' $page)
line=$(sed -n 's/.*(npages=16, pfn=16483) at guest.netbsd.balloon.c:\([0-9]*\).*/\1/p' $page)
said=$("$ballast" replay $scenario --until "$event" | folded)
holds $page "$event $time s nb fault uvm_physseg_plug page=100 fires, 16 pages from 0x4063: false, before the call balloon.c:$line " "$said"
# README tells the story of balloon(4) by three of our runs and two of that pair. Its picture is shown whole.
page=README.md
quote=$(sed -n "s/^    //; /^nb, MiB/,/^ *\\$ command/p" $page)
said=$(env -u COLUMNS LC_ALL=C.UTF-8 "$ballast" replay --show=picture scenarios/tour/grow-past-boot.scn | sed 1d)
[ "$quote" = "$said" ] || { echo "$page: its picture is not what that run says now"; status=1; }
holds $page "$(quoted $page 'balloon0: memory .hot-plug. unsupported' '16384 pages\.')" \
    "$("$ballast" replay --show=log scenarios/tour/clip-without-hotplug.scn | folded)"
holds $page "$(quoted $page 'got 16896p' 'over')" "$failed"
holds $page "$(quoted $page 'no-leak: 413 frames' '(bln_plug_one)')" "$failed"
# What to type about a red run.
kinds=$(sed -n 's/^    build.ballast show --kind \([A-Z,]*\) run\.rec$/\1/p' $page)
holds $page "$(quoted $page ' [0-9][0-9]* 0.0[0-9]* s nb fault uvm_physseg_plug page=100' '(bln_plug_one)')" \
    "$("$ballast" show --kind "$kinds" "$recording" | folded)"
# How many basic blocks it takes depends on the compiler; what that means does not.
said=$("$ballast" replay --driver $pair/balloon.c --physseg $pair/uvm_physseg.c scenarios/tour/grow-past-boot.scn | folded)
holds $page "$(quoted $page 'its work grows' 'the run ends here')" "$said"
# And what the proposed ways to grow take beside one another, where those over Linux are built.
quote=$(sed -n 's/^    //; /^scenarios.tour.grow-past-boot.scn$/,/^$/p' $page | sed '/^$/d')
if "$ballast" list designs | grep -q '^pvops-2010 '; then
    said=$("$ballast" compare scenarios/tour/grow-past-boot.scn --designs all 2>/dev/null) # why some fail is not quoted
    [ "$quote" = "$said" ] || { echo "$page: its table of designs is not what compare says now"; status=1; }
fi
# Each design has its picture, which is shown whole, for each domain that the picture shows.
drawn() { # PAGE: its commands, a tab, and what stands below each up to the next line that is not indented, with newlines as \001
    awk '/^    build\/ballast replay --show=picture / { sub(/^ */, ""); if (command != "") print command "\t" below
            command = $0; below = ""; next }
        command != "" && /^    / { below = below substr($0, 5) "\001"; next }
        command != "" && /^./ { print command "\t" below; command = "" }
        END { if (command != "") print command "\t" below }' "$1"
}
page=docs/designs.md
if "$ballast" list designs | grep -q '^pvops-2010 '; then
    [ "$(drawn $page | wc -l)" -ge 19 ] || { echo "$page: some pictures are not there any more"; status=1; }
    drawn $page | {
        wrong=0
        while IFS=$(printf '\t') read -r command below; do
            said=$(env -u COLUMNS LC_ALL=C.UTF-8 sh -c "\"$ballast\" ${command#build/ballast }" 2>/dev/null | sed -n '/^[^ ]*, MiB /,$p' | tr '\n' '\001')
            [ "$said" = "$below" ] || { echo "$page: this no longer prints the picture below it: $command"; wrong=1; }
        done
        exit $wrong
    } || status=1
fi
# How far the model and either Xen agree stands in README and in docs/real-xen.md, out of the figures that are kept.
harness/tests/agreement.sh harness/tests/agreed check || status=1
exit $status
