#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Takes Debian's own kernel, of the version that a tree of its source in build/linux-N has, and a shell for it, out of Debian's
# packages into build/whole-kernel. Nothing is installed: an installed kernel would become the one that this machine boots.
#     fetch.sh N...         6.1, 6.12; tree: of the version that LINUX= is of
set -eu
work=build/whole-kernel
mkdir -p "$work"
temporary=$(mktemp -d "$work/fetch.XXXXXX")
trap 'rm -rf "$temporary"' EXIT

# PACKAGE MEMBER DEST: out of what is installed, else out of the archive's file.
take() {
	rm -f "$temporary"/*
	if [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ] && [ -r "/$2" ]; then
		cp "/$2" "$temporary/taken"
	else
		echo "taking $2 out of Debian's package $1"
		(cd "$temporary" && apt-get -q download "$1") >"$temporary/said" 2>&1 || {
			cat "$temporary/said"
			echo "apt-get could not download $1; when its lists are old: apt-get update" >&2
			exit 4
		}
		dpkg-deb --fsys-tarfile "$temporary"/*.deb | tar -xO "./$2" >"$temporary/taken"
	fi
	[ -s "$temporary/taken" ] || { echo "Debian's package $1 has no $2" >&2; exit 4; }
	mv "$temporary/taken" "$3"
}

# Name and version of each of these packages, the newest that apt knows.
versions() {
	apt-cache show --no-all-versions "$@" | sed -n '/^Package: /{s///;h;}; /^Version: /{s///;H;x;s/\n/ /p;}'
}

[ -s "$work/busybox" ] || take busybox-static bin/busybox "$work/busybox"
chmod +x "$work/busybox"
for n; do
	[ -r "build/linux-$n/version" ] || { echo "linux-$n is not built; it needs the package linux-source-$n" >&2; continue; }
	source=$(sed q "build/linux-$n/version")
	[ "$(cat "$work/linux-$n.version" 2>/dev/null)" != "$source" ] || continue
	# The package of the same version, or else the newest.
	series=$n
	[ "$n" != tree ] || series=$(echo "$source" | cut -d . -f 1,2)
	images=$(apt-cache pkgnames "linux-image-$series." | grep -E '^linux-image-[0-9.]+[-+][0-9a-z.-]*amd64$' | grep -v -e '-rt-' -e '-cloud-') || true
	read -r image version <<-END
		$([ -z "$images" ] || versions $images | sort -V |
		    awk -v source="$source" '{ newest = $0 } $2 == source { same = $0 } END { print same != "" ? same : newest }')
	END
	[ -n "$image" ] || { echo "apt knows of no package linux-image-$series…; when its lists are old: apt-get update" >&2; exit 4; }
	take "$image" "boot/vmlinuz-${image#linux-image-}" "$work/linux-$n.vmlinuz"
	echo "$version" >"$work/linux-$n.version"
done
