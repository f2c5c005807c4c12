#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The mutator's own test: it finds what sample.expected lists in sample.txt, each change is one and leaves the lines their
# numbers, the table counts, and a kill of a listed survivor is told.
#     self-test.sh BUILD      (with RECORD=1 it writes sample.expected anew)
here=harness/tests/mutants
build=$1
mutate=$build/harness/tests/mutants/mutate
work=$build/mutants/self-test
status=0
mkdir -p "$work"
complain() { echo "check-mutator: $*"; status=1; }

$mutate list 1 $here/sample.txt | cut -f 2- >"$work/list"
[ -z "$RECORD" ] || cp "$work/list" $here/sample.expected
diff $here/sample.expected "$work/list" || complain "the mutants of sample.txt differ from sample.expected"
$mutate list 2 $here/sample.txt | cut -f 2- | cmp -s - "$work/list" || complain "the seed changes more than the order"

lines=$(wc -l <$here/sample.txt)
cut -f 1 "$work/list" | while read -r number; do
    $mutate make "$number" $here/sample.txt >"$work/made.c"
    [ "$(wc -l <"$work/made.c")" -eq "$lines" ] || echo "mutant $number has other lines"
    ! cmp -s $here/sample.txt "$work/made.c" || echo "mutant $number changes nothing"
done >"$work/wrong"
[ ! -s "$work/wrong" ] || complain "$(cat "$work/wrong")"
$mutate make 9999 $here/sample.txt >"$work/made.c" 2>&1 && complain "there is a mutant 9999"
printf 'int f(void) { return (1; }\n' >"$work/broken.c"
$mutate list 1 "$work/broken.c" >"$work/said" 2>&1 && complain "a bracket without its mate is taken"

# The table, and what is held to "survivors".
printf 'killed\ta.c\tlock\t7\tf\tx => y\tscenarios/tour/shrink.scn\tno-leak\tnamed\t\nsurvived\ta.c\tlock\t8\tf\ty => z\t\t\nsurvived\ta.c\tlock\t9\tf\tu => v\t\t\nno-op\ta.c\tlock\t8\tf\tz => z\t\t\n' >"$work/found"
awk -F'\t' -f $here/table.awk $here/self-test.survivors "$work/found" | grep -q '^| lock | 4 | 0 | 2 | 1 | 1 | 50 % |$' ||
    complain "the table counts wrongly"
row=$(printf 'killed\ta.c\tlock\t7\tf\tx => y\tscenarios/tour/shrink.scn\tno-leak\tnamed') \
    awk -F'\t' -f $here/news.awk $here/self-test.survivors | grep -q '^news: ' || complain "a kill of a listed survivor is no news"
row=$(printf 'survived\ta.c\tlock\t7\tf\ty => y\t\t\t') \
    awk -F'\t' -f $here/news.awk $here/self-test.survivors | grep -q '^survives: a.c:7 ' || complain "a survivor that is not listed is no news"
exit $status
