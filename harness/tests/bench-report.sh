#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# How long the longest task of the page's thread takes on the page of a run with more than 100,000 events: while it opens, and
# for each thing that a reader does. By wall clock, which a busy machine makes longer, and by processor time, of which none may
# take more than 50 ms.
# usage: bench-report.sh BUILD WAIT-SECONDS, from the project's root
set -eu

build=$1
wait_s=$2
folder=$build/report-bench

chromium=$(command -v chromium || command -v chromium-browser || true)
if [ -z "$chromium" ]; then
	echo "bench-report: SKIP: chromium is not installed"
	exit 0
fi
rm -rf "$folder"
mkdir -p "$folder/profile"
sed 's/2900h/4350h/; s/2920h/4370h/' scenarios/lifecycle/months-of-uptime.scn >"$folder/long.scn"
"$build/ballast" replay --quiet --timeout 1000 --report "$folder/pages" "$folder/long.scn"
# The range's value is set as dragging it does, and scrolling and choosing as a mouse does.
"$build/browser" "$chromium" "$folder/profile" "$wait_s" >"$folder/said" <<EOF
size 1300 900
trace
open $(ls "$folder"/pages/*long.html)
longest opening
click document.querySelector("[aria-label='next mark']")
key Enter
key Enter
longest next mark
click document.getElementById("time")
longest a click in the timeline
key ArrowRight
key PageDown
key End
key Home
key End
longest keys
key +
key +
key +
key -
longest zoom
say (() => { const range = document.getElementById("scrub"); range.value = 90000; range.dispatchEvent(new Event("input")); return "events: " + range.max; })()
key ArrowRight
longest forward in the map
say (() => { const range = document.getElementById("scrub"); range.value = 45000; range.dispatchEvent(new Event("input")); return range.value; })()
key ArrowRight
longest back in the map
click document.getElementById("scale")
longest time to scale
say (() => { document.getElementById("list").scrollTop = 1000000; return 1; })()
key ArrowRight
longest scrolling
say (() => { const kind = document.getElementById("kind"); kind.value = "HYPERCALL"; kind.dispatchEvent(new Event("change")); return 1; })()
key ArrowRight
longest choosing a kind
click document.getElementById("words")
key x
key y
key z
key Enter
want document.getElementById("said").textContent.startsWith("no event")
longest finding nothing
EOF
grep -E 'events:|processor' "$folder/said"
awk '/processor/ { sub(/ ms of processor.*/, ""); if ($NF > 50) bad = 1 } END { exit bad }' "$folder/said" || {
	echo "bench-report: a task takes more than 50 ms of processor time" >&2
	exit 1
}
rm -rf "$folder"
