#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Takes out of a tarball of Linux what these kernels are built of, into FOLDER/tree, and says in FOLDER/version which it was: the
# exact version of the Debian package that the tarball is of, or what its Makefile says.
#     guest/linux/extract.sh TARBALL FOLDER
# Both appear whole or not at all.
set -eu
tarball=$1 folder=$2
top=$(basename "$tarball" | sed 's/\.tar\..*//')
temporary=$folder/tree.$$
trap 'rm -rf "$temporary" "$temporary.said"' EXIT
mkdir -p "$temporary"
case $tarball in
*.xz) unpack='xz -T2' ;;
*) unpack='gzip' ;;
esac
# Files that a version doesn't have are not missed; all else is an error.
LC_ALL=C tar -xf "$tarball" -I "$unpack" -C "$temporary" --strip-components=1 --wildcards \
    --exclude='*/dt-bindings' --exclude='*/include/drm' --exclude='*/include/media' --exclude='*/include/rdma' \
    --exclude='*/include/sound' --exclude='*/include/soc' --exclude='*/include/scsi' \
    "$top/Makefile" "$top/include" "$top/arch/x86/include" "$top/arch/x86/xen/*.h" "$top/mm/*.h" "$top/lib/*.h" \
    "$top/drivers/base/*.h" "$top/drivers/xen/xenbus/*.h" "$top/kernel/bounds.c" "$top/scripts/dtc/libfdt/*.h" \
    $(sed "s|^|$top/|" guest/linux/sources guest/linux/designs/sources) 2>"$temporary.said" || {
	grep -v 'Not found in archive\|Exiting with failure status' "$temporary.said" >&2 && exit 1
}
guest/linux/version.sh "$temporary" "$tarball" >"$temporary.said"
rm -rf "$folder/tree"
mv "$temporary" "$folder/tree"
mv "$temporary.said" "$folder/version"
