#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Compiles a guest's file with -fsanitize-coverage=trace-pc so that each block counts down by two instructions of
# its own, where the compiler would have it make a call; the call is left for the last block that may run. With
# --guard AWK FRONT BEHIND, static objects get guards around them (guest/guard-objects.awk).
#     guest/compile-counted.sh [--guard AWK FRONT BEHIND] OFFSET OBJECT SOURCE COMPILER FLAG...
#     OFFSET: of blocks_left in guest_image
set -e
guard=
if [ "$1" = --guard ]; then
	guard=$2 front=$3 behind=$4
	shift 4
fi
offset=$1 object=$2 source=$3
shift 3
assembly=${object%.o}.s
trap 'rm -f "$assembly" "$assembly.guarded"' EXIT
"$@" ${guard:+-fdata-sections} -MMD -MP -MT "$object" -S "$source" -o "$assembly"
sed -i "s/^	callq*	__sanitizer_cov_trace_pc.*/	subq	\$1, guest_image+$offset(%rip)\\n	jnz	99f\\n&\\n99:/" "$assembly"
if [ -n "$guard" ]; then
	awk -v front="$front" -v behind="$behind" -f "$guard" "$assembly" "$assembly" >"$assembly.guarded"
	mv "$assembly.guarded" "$assembly"
fi
"$@" -g0 -Wno-unused-command-line-argument -Wa,--no-warn -c "$assembly" -o "$object"
