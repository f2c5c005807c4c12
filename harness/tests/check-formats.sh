#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Can other programs read each output format? JSON is held to its schema by JSON::Validator, JUnit to its XSD by
# xmllint, and TAP is read by prove. The runs hold every verdict, and names and texts that need escaping.
# usage: check-formats.sh BALLAST GUESTS FOLDER, from the project's root. The folder is made anew.
set -eu

ballast=$(realpath "$1")
guests=$(realpath "$2")
folder=$3
schema=$(realpath docs/schema)
tests=$(realpath harness/tests)
scenarios=$(realpath scenarios)

rm -rf "$folder"
mkdir -p "$folder/guests"
cp harness/tests/formats/*.scn "$folder"
ln -s "$guests/netbsd.so" "$guests/probe.so" "$folder/guests"
cd "$folder"

fail() {
	printf 'check-formats: %s\n' "$*" >&2
	exit 1
}

# This name holds what is special in some format: quotes, markup, a TAP directive, a byte that is no UTF-8.
odd=$(printf 'odd <&"\047> # SKIP \\ \377.scn')
cp fail.scn "$odd"

# replay FORMAT EXPECTED-STATUS FILE...
replay() {
	format=$1 expected=$2 status=0
	shift 2
	BALLAST_GUESTS=guests "$ballast" replay --format "$format" "$@" >"results.$format" 2>errors || status=$?
	[ ! -s errors ] || { cat errors >&2; fail "--format $format writes to standard error"; }
	[ "$status" = "$expected" ] || fail "--format $format ends with $status, not $expected"
}

all="pass.scn error.scn fail.scn crash.scn"
for format in json junit tap; do
	replay $format 6 $all "$odd"
	sed 's/ time="[0-9.]*"//' results.$format >first # the time on this computer, which JUnit alone has
	replay $format 6 --jobs 2 $all "$odd"
	sed 's/ time="[0-9.]*"//' results.$format | cmp -s first - || fail "--format $format differs between two runs"
done

perl "$tests/validate-json.pl" "$schema/results.json" results.json || fail "results.json does not fit its schema"
xmllint --noout --nonet --schema "$schema/junit.xsd" results.junit 2>errors || { cat errors >&2; exit 1; }

# The parsers must also have understood the right results.
wanted='PASS ERROR FAIL CRASH FAIL'
seen=$(perl -MJSON::PP -0777 -ne 'print join " ", map { $_->{verdict} } @{decode_json($_)->{results}}' results.json)
[ "$seen" = "$wanted" ] || fail "results.json tells $seen, not $wanted"
seen=$(xmllint --xpath 'concat(count(//testcase), " ", count(//skipped), " ", count(//error), " ", count(//failure),
    " ", sum(//@tests), " ", sum(//@skipped), " ", sum(//@errors), " ", sum(//@failures))' results.junit)
[ "$seen" = '5 0 2 2 5 0 2 2' ] || fail "results.junit counts $seen"

# A job that was killed has left whole lines, and its end makes a document of them.
head -n 3 results.json >cut.json
printf ']}\n' >>cut.json
seen=$(perl -MJSON::PP -0777 -ne 's/,\s*\]\}\s*$/]}/; print join " ", map { $_->{verdict} } @{decode_json($_)->{results}}' cut.json)
[ "$seen" = "PASS ERROR" ] || fail "results.json, cut off and ended, tells $seen"
sed '/<\/testsuite>/q' results.junit >cut.junit
echo '</testsuites>' >>cut.junit
xmllint --noout --nonet --schema "$schema/junit.xsd" cut.junit 2>errors || { cat errors >&2; exit 1; }

# prove must find the failures that the file holds, no more and no fewer.
cp results.tap all.tap
if prove --source File --merge all.tap >proved 2>&1; then
	fail "prove sees no failure in results.tap"
fi
grep -q 'Failed tests:  2-5' proved && ! grep -q 'Parse error' proved || { cat proved >&2; fail "prove reads another TAP"; }
replay tap 0 pass.scn pass.scn
cp results.tap good.tap
prove --source File good.tap >proved 2>&1 || { cat proved >&2; fail "prove fails a run that passed"; }

# The events of a recording.
BALLAST_GUESTS=guests "$ballast" replay --quiet --record kept.rec fail.scn >/dev/null 2>&1 || true
"$ballast" show --format json kept.rec >events.json || fail "show --format json fails"
perl "$tests/validate-json.pl" "$schema/events.json" events.json || fail "events.json does not fit its schema"

# What a guest is told, and is not: faults without a call. Its trace is held to the schema as well.
BALLAST_GUESTS=guests "$ballast" replay --quiet --record told.rec "$scenarios/faults/xenstored-restarts.scn" || fail "a restart fails"
"$ballast" show --format json told.rec >events.json && "$ballast" show --format trace told.rec >told.json || fail "show fails"
perl "$tests/validate-json.pl" "$schema/events.json" events.json || fail "events.json of faults does not fit its schema"
perl "$tests/validate-json.pl" "$schema/trace.json" told.json || fail "the trace of faults does not fit its schema"

# What two kernels took, beside each other: numbers of one, and of one that has nothing to say of itself.
BALLAST_GUESTS=guests "$ballast" compare --format json pass.scn fail.scn --kernels netbsd,probe >compared.json 2>compared.said || fail "compare fails"
perl "$tests/validate-json.pl" "$schema/comparison.json" compared.json || fail "compared.json does not fit its schema"
seen=$(perl -MJSON::PP -0777 -ne 'print join " ", map { defined $_->{present_pages} ? "told" : "not" } @{decode_json($_)->{runs}}' \
    compared.json)
[ "$seen" = "told not told not" ] || fail "compared.json tells $seen"

# The same as a trace: it fits the format, and no slice of a thread or of the vcpu begins before the one before it has ended.
"$ballast" show --format trace kept.rec >trace.json || fail "show --format trace fails"
perl "$tests/validate-json.pl" "$schema/trace.json" trace.json || fail "trace.json does not fit its schema"
seen=$(perl -MJSON::PP -0777 -ne '
	my %end; my %count;
	for my $e (@{decode_json($_)->{traceEvents}}) {
		$count{$e->{ph}}++;
		next unless $e->{ph} eq "X";
		my $track = "$e->{pid}/$e->{tid}";
		$count{late}++ if $e->{ts} + 0.0005 < ($end{$track} // 0);
		$end{$track} = $e->{ts} + $e->{dur};
	}
	print join " ", map { "$_:" . (($count{$_} // 0) > 0 ? "some" : "none") } qw(X i C M late)' trace.json)
[ "$seen" = 'X:some i:some C:some M:some late:none' ] || fail "trace.json tells $seen"

# A run on the real Xen is a SKIP where there is no QEMU.
for format in json junit tap; do
	status=0
	PATH=/nonexistent BALLAST_GUESTS=guests "$ballast" replay --on xen --format $format pass.scn >results.$format || status=$?
	[ "$status" = 3 ] || fail "--format $format ends with $status where all is skipped"
done
perl "$tests/validate-json.pl" "$schema/results.json" results.json || fail "a SKIP does not fit the schema"
xmllint --noout --nonet --schema "$schema/junit.xsd" results.junit 2>errors || { cat errors >&2; exit 1; }
grep -q '^ok 1 - pass.scn # SKIP ' results.tap || fail "results.tap tells no SKIP"
cp results.tap skip.tap
prove --source File skip.tap >proved 2>&1 || { cat proved >&2; fail "prove fails a run that was skipped"; }

# When the output can't be written, that is no success.
if [ -w /dev/full ]; then
	for format in text json junit tap; do
		if BALLAST_GUESTS=guests "$ballast" replay --format $format pass.scn >/dev/full 2>errors; then
			fail "--format $format to a full disk ends with 0"
		fi
		grep -q "can't be written" errors || fail "--format $format to a full disk is silent"
	done
fi
