#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Lets an analyser read files, two at a time. Silent when it has nothing to say; anything that it says is a failure.
#     analyze.sh clang|gcc|tidy FLAGS... <FILES
if [ "$1" != --file ]; then
    exec xargs -P 2 -I FILE "$0" --file FILE "$@"
fi
file=$2 tool=$3
shift 3
case $tool in
clang) said=$(clang --analyze --analyzer-output text "$@" "$file" 2>&1) ;;
# malloc-leak: gcc 12 loses sight of memory that is put into a structure behind a pointer; the sanitizer in
# `make check` and valgrind look for leaks.
gcc) said=$(gcc -O1 -fanalyzer -Wno-analyzer-malloc-leak "$@" -c "$file" -o /dev/null 2>&1) ;;
tidy) said=$(clang-tidy --quiet "$file" -- "$@" 2>/dev/null) ;; # on standard error it only counts what it left out
esac
failed=$?
[ -z "$said" ] || printf '%s\n' "$said"
[ $failed = 0 ] && [ -z "$said" ]
