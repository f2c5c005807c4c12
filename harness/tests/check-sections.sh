#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Compares objects that were compiled for sections of 4 MiB with those for x86-64's own: the files that guest/linux/image.mk lists
# may differ, and no others do. Says which must come into the list.
#     check-sections.sh FOLDER "FILE..." "LISTED..."       files without .c, as FOLDER has their objects
set -eu
folder=$1 files=$2 listed=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
wrong=0
for file in $files; do
	case " $listed " in *" $file "*) continue ;; esac
	objcopy -g "$folder/$file.o" "$work/own.o"
	objcopy -g "$folder/section-4m/$file.o" "$work/4m.o"
	cmp -s "$work/own.o" "$work/4m.o" ||
	    { echo "$file depends on the size of a section: put it into linux_sized or linux_sized_kern of guest/linux/image.mk"; wrong=1; }
done
exit $wrong
