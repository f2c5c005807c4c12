#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Takes out of a Debian package's tarball of Linux what this kernel is built of, and says in .version which it was.
#     guest/linux/extract.sh TARBALL FOLDER
# The tarball is /usr/src/linux-source-N.tar.xz of the package linux-source-N. The folder appears whole or not at all.
set -eu
tarball=$1 folder=$2
package=$(basename "$tarball" .tar.xz)
temporary=$folder.$$
trap 'rm -rf "$temporary"' EXIT
mkdir -p "$temporary"
tar -xf "$tarball" -I 'xz -T2' -C "$temporary" --strip-components=1 --wildcards \
    --exclude='*/dt-bindings' --exclude='*/include/drm' --exclude='*/include/media' --exclude='*/include/rdma' \
    --exclude='*/include/sound' --exclude='*/include/soc' --exclude='*/include/scsi' --exclude='*/include/crypto' \
    "$package/Makefile" "$package/include" "$package/arch/x86/include" "$package/arch/x86/xen/*.h" "$package/mm/*.h" "$package/lib/*.h" \
    "$package/drivers/base/*.h" "$package/drivers/xen/xenbus/*.h" "$package/kernel/bounds.c" \
    $(sed "s|^|$package/|" guest/linux/sources)
dpkg-query -W -f '${Version}\n' "$package" >"$temporary/.version" 2>/dev/null ||
    sed -n 's/^VERSION = //p; s/^PATCHLEVEL = /./p; s/^SUBLEVEL = /./p' "$temporary/Makefile" | tr -d '\n' >"$temporary/.version"
rm -rf "$folder"
mv "$temporary" "$folder"
