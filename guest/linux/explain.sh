#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Compiles or links what is Linux's or stands around it: the tools' own words first, then, for each name that this version of
# Linux needs and the runtime lacks, one line saying where it would go.
#     guest/linux/explain.sh COMPILER ARGUMENT...
messages=$(mktemp) || exit 1
trap 'rm -f "$messages" "$messages.o"' EXIT

# Of a link: the names that nobody defines. A linker stops at the first that is hidden, so the objects are asked.
undefined() {
	objects=
	for argument; do
		case $argument in
		-c) return ;;
		*.o | *.a) objects="$objects $argument" ;;
		esac
	done
	ld -r -o "$messages.o" --start-group $objects --end-group >/dev/null 2>&1 || return
	nm -u "$messages.o" | awk '$2 !~ /^(__start_|__stop_|_GLOBAL_OFFSET_TABLE_)/ { print "symbol " $2 }'
}

LC_ALL=C "$@" 2>"$messages"
status=$?
# The linker knows each hidden name that nobody defines twice: once by where it is used, and once as a relocation.
grep -v 'relocation .* against undefined hidden symbol' "$messages" >&2
[ $status -eq 0 ] && exit 0

{ undefined "$@"; sed -n \
    -e "s/.*error: \([^ ]*\): No such file or directory.*/header \1/p" \
    -e "s/.*'\([^' ]*\)' file not found.*/header \1/p" \
    -e "s/.*implicit declaration of function '\([^']*\)'.*/name \1/p" \
    -e "s/.*call to undeclared [a-z ]*function '\([^']*\)'.*/name \1/p" \
    -e "s/.*error: '\([^']*\)' undeclared.*/name \1/p" \
    -e "s/.*use of undeclared identifier '\([^']*\)'.*/name \1/p" \
    -e "s/.*conflicting types for '\([^']*\)'.*/differs \1/p" \
    "$messages"; } | awk '!seen[$0]++' | while read -r kind name; do
	case $kind in
	header) echo "ballast: this version of Linux includes <$name>; its folder belongs in guest/linux/extract.sh, and a generated one is made in guest/linux/headers.sh" ;;
	name) echo "ballast: $name is not declared; where this version needs another word of Kconfig, that belongs in guest/linux/config" ;;
	differs) echo "ballast: this version of Linux has another $name than the runtime; guest/linux/differences tells versions apart" ;;
	symbol) echo "ballast: this version of Linux needs $name; define it under guest/linux/kern (one that is never reached: in never.S), or list the file of Linux's that has it in guest/linux/sources" ;;
	esac >&2
done
exit $status
