#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Looks at the HTML pages of runs in Chromium: no error on its console, from the index's red verdict to the guilty event in at
# most three clicks, everything by the keyboard alone, the accessibility tree, wide and narrow, light and dark; and what a
# driver or a file's name could smuggle into a page stays text. Without Chromium it says so, and is done.
# usage: check-report.sh BUILD WAIT-SECONDS, from the project's root
set -eu

build=$1
wait_s=$2
folder=$build/report-check

chromium=$(command -v chromium || command -v chromium-browser || true)
if [ -z "$chromium" ]; then
	echo "check-report: SKIP: chromium is not installed"
	exit 0
fi

rm -rf "$folder"
mkdir -p "$folder/guests"

fail() {
	printf 'check-report: %s\n' "$*" >&2
	exit 1
}

# Reads commands of harness/tests/browser/browser.c.
browse() {
	profile=$(mktemp -d)
	status=0
	"$build/browser" "$chromium" "$profile" "$wait_s" || status=$?
	rm -rf "$profile"
	return $status
}

# A driver that leaks what it can't plug, and says something that would be markup and a script if it weren't escaped.
sed -f harness/tests/wrong/01-undo-one-page.sed guest/netbsd/balloon.c |
    sed 's#^	aprint_normal_dev(self, "current reservation#	aprint_normal_dev(self, "</script><script>alert(1)</script><img src=x onerror=alert(2)>\\n");\
&#' >"$folder/forgetful.c"
grep -q 'alert(1)' "$folder/forgetful.c" || fail "the driver can't be changed: guest/netbsd/balloon.c says something else now"
"$build/ballast" build --driver "$folder/forgetful.c" --variant hotplug --output "$folder/guests" >"$folder/built" 2>&1 || {
	cat "$folder/built" >&2
	fail "the driver does not compile"
}
odd="$folder/<img src=x onerror=alert(3)>.scn"
cp harness/tests/formats/fail.scn "$odd"
scenario=scenarios/tour/fail-mid-plug-100.scn
status=0
"$build/ballast" replay --guest "$folder/guests" --report "$folder/pages" $scenario scenarios/tour/shrink.scn "$odd" \
    harness/tests/formats/error.scn >"$folder/said" 2>&1 || status=$?
[ $status = 5 ] || { cat "$folder/said" >&2; fail "the runs end with $status, not 5"; }
guilty=$(sed -n "s#.*replay to there:.* $scenario .*--until ##p" "$folder/said")
[ -n "$guilty" ] || fail "the terminal names no event to replay to"
run=$folder/pages/scenarios-tour-fail-mid-plug-100.html
"$build/ballast" compare scenarios/tour/shrink.scn --kernels netbsd,netbsd-static --report "$folder/compared" >"$folder/said" ||
    fail "two kernels are not compared"
shrink=$folder/pages/scenarios-tour-shrink.html

# Each script compiles: an error is told with its file's line here, and only with the line of the whole page once it is in one.
#
# One after the other in one window, for starting it takes as long as all the rest. What isn't so is told with its expression.
#
# By mouse: the row of the leak is there once, its verdict leads to the guilty event, and from there to all there is to know.
browse <<EOF >"$folder/said" || fail "the pages are not as they should be: see above"
$(printf 'script %s\n' reports/html/*.js reports/html/run/*.js)
size 1300 900
open $folder/pages/index.html
want document.querySelectorAll("table:first-of-type tbody tr").length >= 3
want [...document.querySelectorAll("tbody tr")].filter((row) => row.textContent.includes("balloon_plug_run")).length === 1
click [...document.querySelectorAll("a.verdict.FAIL")].find((link) => link.closest("tr").textContent.includes("balloon_plug_run"))
want document.body.dataset.ready === "yes" && location.hash === "#event=$guilty"
clicks
want document.title.startsWith("FAIL ") && document.querySelector("#event h2").textContent === "Event $guilty"
want document.getElementById("event").textContent.includes("no-leak") && document.getElementById("event").textContent.includes("forgetful.c:")
want document.querySelector("#event .command code").textContent.endsWith("--seed 1 --until $guilty")
want document.getElementById("maptext").textContent.includes("has a frame and is in no segment: 2 MiB")
want document.querySelector("#list .now").id === "list$guilty" && document.querySelector("#scenario .now").textContent.includes("mem-set nb 128m")
click [...document.querySelectorAll("#event .link")].find((link) => link.textContent.startsWith("before: event"))
want document.querySelector("#event details pre").textContent.includes("mfn 0x") && document.querySelector("#event details").open
click document.querySelector("#pages").parentElement.querySelector("summary")
want /0x4000-0x\w+ +\d+ pages +hot-plugged/.test(document.getElementById("ranges").textContent)
click document.getElementById("line13")
want document.querySelector("#event dl").textContent.includes("line 13")
click document.querySelector("#log [role=option]")
want document.querySelector("#event dl").textContent.includes("says: ")
click document.getElementById("time")
want document.activeElement.id === "time"
click document.querySelector("nav a")
want document.body.dataset.ready === "yes" && document.title === "Ballast: runs"
click document.getElementById("showFAIL")
want document.querySelectorAll(".verdict.FAIL").length === 1
# By keyboard alone, from the index to the event and through the run.
open $folder/pages/index.html
tab document.activeElement.id === "words"
key l
key e
key a
key k
want document.getElementById("said").textContent.startsWith("1 cause")
tab document.activeElement.matches("a.verdict.FAIL")
key Enter
want document.body.dataset.ready === "yes" && location.hash === "#event=$guilty"
tab document.activeElement.id === "time"
key n
want Number(document.querySelector("#event h2").textContent.slice(6)) > $guilty
key p
want location.hash === "#event=$guilty"
key ArrowRight
want document.getElementById("time").getAttribute("aria-valuenow") === "$((guilty + 1))"
key +
key -
key Home
want location.hash === "#event=1"
tab document.activeElement.id === "scrub"
key End
want document.querySelector("#event h2").textContent === "Event " + document.getElementById("scrub").max
want /hot-plugged, free: \d\d.*given up: [\d.]+ MiB$/.test(document.getElementById("maptext").textContent)
tab document.activeElement.id === "words"
key v
key i
key o
key Enter
tab document.activeElement.id === "list"
key ArrowDown
key Home
want document.getElementById("list").getAttribute("aria-activedescendant") === "list1"
tab document.activeElement.id === "line11"
key Enter
want document.getElementById("line11").getAttribute("aria-current") === "true"
tab document.activeElement.id === "log"
key End
want document.querySelector("#log .now") !== null

# As it is read aloud; and no page is wider than its window, or light where the reader wants it dark.
open $run
tree
want document.getElementById("time").getAttribute("aria-valuetext").startsWith("event $guilty, 0.0000")
colours dark
want getComputedStyle(document.body).backgroundColor === "rgb(20, 23, 26)"
colours light
want getComputedStyle(document.body).backgroundColor === "rgb(251, 251, 249)"
size 360 800
want document.documentElement.scrollWidth <= 360
open $shrink
want document.querySelector("h1").textContent.startsWith("PASS") && document.getElementById("wrong") === null
want document.documentElement.scrollWidth <= 360
want /given up \d+ MiB/.test(document.getElementById("event").textContent)
open $folder/pages/index.html
want document.documentElement.scrollWidth <= 360

# Two kernels beside one another: what they took, and a page each.
open $folder/compared/index.html
want document.documentElement.scrollWidth <= 360
want document.querySelectorAll("table.compared tbody tr").length === 2 && document.querySelector("table.compared caption").textContent === "scenarios/tour/shrink.scn"
want [...document.querySelectorAll("table.compared tbody tr")].every((row) => /^\d/.test(row.cells[2].textContent) && row.cells.length === document.querySelectorAll("table.compared thead th").length)
want document.querySelectorAll("table.compared tbody a").length === 2
want [...document.querySelectorAll("table.more caption")].map((caption) => caption.textContent.split(":")[0]).join() === "steps,memory,host,growth"
want [...document.querySelectorAll("table.more")].every((table) => [...table.tBodies[0].rows].every((row) => row.cells.length === table.tHead.rows[0].cells.length))
want [...document.querySelectorAll("table.more")][3].tBodies[0].rows[0].cells[2].textContent === "436" && document.body.textContent.includes("recovered -: nothing was refused on purpose")
want (document.querySelectorAll("details").forEach((more) => { more.open = true; }), document.documentElement.scrollWidth <= 360)

# Text stays text: what a dialog or a picture that isn't there would say is an error of the run.
open $run
want document.getElementById("log").textContent.includes("</script><script>alert(1)</script><img src=x onerror=alert(2)>")
want document.querySelectorAll("img").length === 0 && document.querySelectorAll("script:not([type='application/json'])").length === 1
open $folder/pages/index.html
want document.body.textContent.includes("<img src=x onerror=alert(3)>.scn") && document.querySelectorAll("img").length === 0
EOF
grep -qx '[123] clicks' "$folder/said" || fail "the guilty event takes more than three clicks"
while read -r line; do
	grep -qF -- "$line" "$folder/said" || { cat "$folder/said" >&2; fail "the accessibility tree has no $line"; }
done <<EOF
heading "FAIL $scenario"
link "all runs"
group "command to replay it"
list "What went wrong"
button "no-leak broken
button "expect line 14 wants <= 16483p
slider "memory over time" is $guilty
region "Event $guilty"
button "previous mark"
slider "event" is $guilty
combobox "kind of event" is "all kinds"
listbox "events"
option " $guilty 0.
listbox "consoles"
table "Invariants"
rowheader "no-leak"
EOF

# And if one came in all the same, it would not run. This is also where errors are seen to be seen: one on the console, and one in
# a script of ours, which is named with its line.
printf 'const one = 1;\nmake("p"));\n' >"$folder/broken.js"
if browse <<EOF >/dev/null 2>"$folder/errors"; then
open $run
want (() => { const script = document.createElement("script"); script.textContent = "window.ran = 1"; document.body.append(script); return window.ran === undefined; })()
script $folder/broken.js
EOF
	fail "a script that is refused, or is none, is no error"
fi
grep -q 'Content Security Policy' "$folder/errors" || { cat "$folder/errors" >&2; fail "the page's policy lets any script run"; }
grep -qF "$folder/broken.js:2:10: SyntaxError" "$folder/errors" || { cat "$folder/errors" >&2; fail "an error in a script is told without its line"; }
rm -rf "$folder"
