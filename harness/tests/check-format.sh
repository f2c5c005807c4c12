#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Is every C file of ours written as its room's .clang-format says? Versions of clang-format differ in details, so
# only version 14 counts. Drivers in the style of other authors keep the style of their authors.
#     check-format.sh [FILE...]     says which files differ (of all without any), and how to mend them
set -eu

formatter=clang-format-14
command -v $formatter >/dev/null || { echo "check-format: SKIP, $formatter (Debian's package of that name) isn't here" >&2; exit 0; }
[ $# -gt 0 ] || set -- $(git ls-files -- '*.c' '*.h' ':!harness/tests/drivers' ':!harness/tests/styles' ':!harness/tests/atf')
[ $# -gt 0 ] || { echo "check-format: git names no C file here" >&2; exit 1; }
# One process for all of them, which says a line for each place; a failure without such a line is its own.
status=0
said=$($formatter --dry-run -Werror "$@" 2>&1) || status=$?
[ $status -ne 0 ] || exit 0
wrong=$(printf '%s\n' "$said" | sed -n 's/^\([^ :]*\):[0-9]*:[0-9]*: error: .*clang-format-violations.*/\1/p' | sort -u)
[ -n "$wrong" ] || { printf '%s\n' "$said" >&2; exit 1; }
echo "not as .clang-format says:" $wrong >&2
echo "mend them:  $formatter -i" $wrong >&2
exit 1
