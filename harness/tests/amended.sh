#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Prints where a driver file is that can be compiled: the file itself, or, when NAME.sed beside NAME.c says what is wrong
# with it, a copy in WORK that was changed so.
#     amended.sh FILE WORK
changes=${1%.c}.sed
[ -e "$changes" ] || { echo "$1"; exit; }
copy=$2/$(basename "$(dirname "$1")")
mkdir -p "$copy" && cp "$(dirname "$1")"/*.[ch] "$copy" && sed -f "$changes" "$1" >"$copy/$(basename "$1")" &&
    { ! cmp -s "$1" "$copy/$(basename "$1")" || { echo "$changes no longer changes $1" >&2; exit 1; }; } &&
    echo "$copy/$(basename "$1")"
