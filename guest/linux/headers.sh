#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Makes the headers that Linux's own build generates: its configuration, names that are the generic ones on x86, and what is
# computed from structures.
#     guest/linux/headers.sh TREE FOLDER COMPILER FLAG...       the flags compile a file of Linux's; the version is beside the tree
set -eu
tree=$1 folder=$2
shift 2
rm -rf "$folder"
mkdir -p "$folder/generated" "$folder/asm" "$folder/uapi/asm"

differences=$folder/generated/differences.h
sed '/^#/d' guest/linux/differences | while read -r name file pattern; do
	found=yes
	case $pattern in "! "*) found=no ;; esac
	[ -e "$tree/$file" ] || continue
	grep -qF -- "${pattern#! }" "$tree/$file" && seen=yes || seen=no
	[ "$seen" != "$found" ] || echo "#define LINUX_$name 1"
done >"$differences"

configuration=$folder/generated/autoconf.h
awk -v differences="$differences" '
	BEGIN { while ((getline < differences) > 0) differs[$2] }
	/^#/ || /^$/ { next }
	/ if [A-Z_]*$/ { if (!(("LINUX_" $NF) in differs)) next; sub(/ if [A-Z_]*$/, ""); print "#undef CONFIG_" substr($0, 1, index($0 "=", "=") - 1) }
	{ at = index($0, "="); print "#define CONFIG_" (at ? substr($0, 1, at - 1) " " substr($0, at + 1) : $0 " 1") }' guest/linux/config >"$configuration"
case $("$1" --version) in
*clang*)
	echo "#define CONFIG_CC_IS_CLANG 1" >>"$configuration"
	"$@" -dM -E -x c -nostdinc /dev/null 2>/dev/null | awk '/__clang_major__/ { major = $3 } END { print "#define CONFIG_CLANG_VERSION " major * 10000; print "#define CONFIG_GCC_VERSION 0" }' >>"$configuration"
	;;
*)
	echo "#define CONFIG_CC_IS_GCC 1" >>"$configuration"
	echo "#define CONFIG_GCC_VERSION $("$1" -dumpversion)0000" >>"$configuration"
	echo "#define CONFIG_CLANG_VERSION 0" >>"$configuration"
	;;
esac

# A header that x86 has not is the generic one.
generic() {
	for header in "$tree/$1"/*.h; do
		name=${header##*/}
		[ -e "$tree/$2/$name" ] || echo "#include <asm-generic/$name>" >"$folder/$3/$name"
	done
}
generic include/asm-generic arch/x86/include/asm asm
generic include/uapi/asm-generic arch/x86/include/uapi/asm uapi/asm

# Nothing here uses numbers of system calls, nor conversions of jiffies that HZ=250 doesn't have.
for name in unistd_64 unistd_32 unistd_x32 unistd_64_x32 unistd_32_ia32; do : >"$folder/asm/$name.h" >"$folder/uapi/asm/$name.h"; done
: >"$folder/generated/timeconst.h"
echo "#define UTS_RELEASE \"$(sed q "${tree%/tree}/version")\"" >"$folder/generated/utsrelease.h"

echo '#define RQ_nr_pinned 0' >"$folder/generated/rq-offsets.h"
# Entries of tables that are left out of the objects.
printf '#define %s\n' 'ALT_INSTR_SIZE 14' 'EXTABLE_SIZE 12' >"$folder/generated/asm-offsets.h"
: >"$folder/generated/bounds.h"
"$@" -S "$tree/kernel/bounds.c" -o "$folder/bounds.s"
sed -n 's/.*->\([A-Z_]*\) \$*\([0-9]*\).*/#define \1 \2/p' "$folder/bounds.s" >"$folder/generated/bounds.h"
[ -s "$folder/generated/bounds.h" ] || { echo "guest/linux/headers.sh: $tree/kernel/bounds.c says nothing" >&2; exit 1; }
