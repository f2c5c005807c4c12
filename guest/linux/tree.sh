#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Takes the source that LINUX= names: FOLDER/tree is a link to a tree, or what was taken out of a tarball. FOLDER/version has the
# version, and below it where it is from; it stays as it is when both are the same as before. Else the images that were made of
# another tree go, so that none of them is replayed when this one can't be built.
#     LINUX=PATH guest/linux/tree.sh FOLDER IMAGE...        a relative path is meant from here or from MAKE_CALLER
set -eu
folder=$1
shift
case $LINUX in
/*) path=$LINUX ;;
*)
	path=$PWD/$LINUX
	[ -e "$path" ] || path=${MAKE_CALLER:-$PWD}/$LINUX
	;;
esac
[ -e "$path" ] || { echo "LINUX=$LINUX: there is no such folder or file; a tree of Linux's source is wanted, or its tarball" >&2; exit 1; }
path=$(realpath "$path")
mkdir -p "$folder"
new=$folder/version.$$
trap 'rm -f "$new"' EXIT
if [ -d "$path" ]; then
	guest/linux/version.sh "$path" "$path" >"$new"
	from=$path
else
	from="$path $(stat -c '%s %Y' "$path") $(cat guest/linux/sources guest/linux/designs/sources guest/linux/extract.sh | cksum)"
	sed -n 1p "$folder/version" >"$new" 2>/dev/null || :
fi
echo "$from" >>"$new"
cmp -s "$new" "$folder/version" && exit 0
rm -rf "$folder/tree" "$@"
if [ -d "$path" ]; then
	ln -s "$path" "$folder/tree"
else
	guest/linux/extract.sh "$path" "$folder"
	mv "$folder/version" "$new"
	echo "$from" >>"$new"
fi
mv "$new" "$folder/version"
echo "linux-tree: $(sed -n 1p "$folder/version"), $path; an image made of it is under the GPL, version 2 only"
