#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Builds each t_*.c of the folder TESTS as an ATF program over the segment file PHYSSEG (ours when it is empty): with the
# option UVM_HOTPLUG and without it, or the one way that the test says itself. A folder of its own for each TESTS,
# PHYSSEG and options has the programs; run-atf.sh runs them at the end.
#     build-atf.sh FOLDER FLAGS...      (FOLDER has the objects that each program gets)
# In the environment: TESTS, PHYSSEG (a file, then perhaps folders of headers), KPI_CFLAGS and TEST_CFLAGS, both of which
# a program gets, for it is one file with the other in it; CC.
set -u
set -f       # names are no patterns
ours=guest/netbsd/uvm_physseg.c
folder=$1 objects=$1; shift
fail() { echo "make atf: $*"; exit 1; }
absolute() { case $1 in /*) printf '%s\n' "$1" ;; *) printf '%s/%s\n' "$PWD" "$1" ;; esac; }

: "${TESTS:=harness/tests/atf}" "${CC:=cc}" "${KPI_CFLAGS:=}" "${TEST_CFLAGS:=}" "${PHYSSEG:=}"
[ -n "$PHYSSEG" ] || PHYSSEG=$ours
tests=${TESTS%/}
[ -d "$tests" ] || fail "TESTS=$TESTS: there is no such folder"
set +f
[ -e "$(set -- "$tests"/t_*.c; echo "$1")" ] || fail "TESTS=$TESTS: no t_*.c is in it"
set -f
tests=$(absolute "$tests")

# One name with blanks, or names between blanks: the segment file is the one that ends in .c.
segment='' headers=''
if [ -f "$PHYSSEG" ]; then
    segment=$(absolute "$PHYSSEG")
else
    for name in $PHYSSEG; do
        [ -e "$name" ] || fail "PHYSSEG=$PHYSSEG: there is no $name"
        if [ -d "$name" ]; then headers="$headers -I $(absolute "$name")"
        elif [ -z "$segment" ]; then segment=$(absolute "$name"); fi
    done
    [ -n "$segment" ] || fail "PHYSSEG=$PHYSSEG: no file is in it, only folders"
fi

key=$(printf '%s' "$CC $tests $PHYSSEG $KPI_CFLAGS $TEST_CFLAGS" | cksum | cut -d' ' -f1)
mkdir -p "$folder/$key" && rm -f "$folder/$key"/t_* && rm -rf "$folder/$key/ours" || exit 1
folder=$folder/$key

# A test includes "uvm/uvm_physseg.c", since NetBSD's lie in sys/uvm, or "uvm_physseg.c": either is a line that names the
# very file, whatever its name is. Beside it and one up is what else it includes that way.
stand_in() { # FOLDER SEGMENT
    mkdir -p "$1/sys/uvm" && printf '#include "%s"\n' "$2" >"$1/sys/uvm/uvm_physseg.c"
}
beside() { # FOLDER SEGMENT, then a command and its arguments
    at=$1 file=$2; shift 2
    "$@" -iquote "$at/sys" -iquote "$at/sys/uvm" -iquote "$(dirname "$file")" -iquote "$(dirname "$file")/.."
}
stand_in "$folder" "$segment"

# The options -D and -U that the folder's Makefile has for a test, as bsd.prog.mk would give them.
makefile_options() { # TEST
    [ -f "$tests/Makefile" ] || return 0
    sed -n -e ':join' -e '/\\$/{N;s/\\\n/ /;b join' -e '}' \
        -e "s/^CPPFLAGS\(\.$1\.c\)\{0,1\}[[:blank:]]*+\{0,1\}=//p" "$tests/Makefile" | tr -s ' \t' '\n\n' | sed -n '/^-[DU][^$]*$/p'
}
compile() { # FOLDER SEGMENT TEST ARGUMENT...
    at=$1 file=$2 test=$3; shift 3
    # Where a check stands is told without the folder, so that a baseline holds anywhere.
    beside "$at" "$file" "$CC" $flags $headers -I "$tests" -Wall -Wno-unused-function -Wno-return-type \
        -fmacro-prefix-map="$tests/=" $options "$tests/$test.c" "$@"
}
says_hotplug() { compile "$folder" "$segment" "$1" $2 -E -dM 2>/dev/null | grep -q '^#define UVM_HOTPLUG'; }
objects() { echo "$objects/services.$1.o $objects/rbtree.o $objects/extent.o"; }
# What NetBSD's tests look at inside of its own segment file, by our file's names; and a name that was a shorter one once.
our_names='-Duvm_physseg_graph=physseg_by_frame -Dnentries=rbt_count -Duvm_physseg_valid=uvm_physseg_valid_p'
names=
[ "$segment" != "$(absolute $ours)" ] || names=$our_names
program() { # TEST VARIANT OPTION
    compile "$folder" "$segment" "$1" $3 $names -o "$folder/$1.$2" $(objects "$2") -latf-c 2>"$folder/messages" && status=0 || status=1
    cat "$folder/messages" >&2
    [ $status -eq 0 ] && return
    echo "make atf: $tests/$1.c does not build with $segment, as $2${options:+, with$(printf ' %s' $options)}"
    grep -qE "error: .\\<(uvm|panic|KASSERT|PAGE_SIZE)\\>|undeclared.*(uvm|panic)\\>" "$folder/messages" &&
        echo "make atf: a test brings its own struct uvm, panic and the like, as NetBSD's do; TEST_CFLAGS=-D_KERNEL shows" \
            "it the kernel's"
    grep -qE "uvm_physseg_(alloc|free|graph)|vm_nphysmem|struct uvm_physseg\>" "$folder/messages" &&
        echo "make atf: the test looks inside of NetBSD's own uvm_physseg.c, and can be built over that file only"
    exit 1
}
flags=$*
set +f
for file in "$tests"/t_*.c; do
    set -f
    test=$(basename "$file" .c)
    options="$(makefile_options "$test") $KPI_CFLAGS $TEST_CFLAGS"
    options=$(echo $options)
    with=no without=yes
    says_hotplug "$test" -DUVM_HOTPLUG && with=yes
    says_hotplug "$test" '' && without=no
    case $with$without in
    yesyes) program "$test" uvm_hotplug -DUVM_HOTPLUG; program "$test" static '' ;;
    yesno) echo "$test: UVM_HOTPLUG is said in it or its options, so it is built with that, and not without"
        program "$test" uvm_hotplug '' ;;
    *) echo "$test: UVM_HOTPLUG is undone in it or its options, so it is built without that, and not with"
        program "$test" static '' ;;
    esac
    # A test of speed is built over our file, too, where the test does without another file's own names. Our count of
    # segments has another name than NetBSD's.
    case $test in *_load)
        [ "$segment" = "$(absolute $ours)" ] && continue
        stand_in "$folder/ours" "$(absolute $ours)"
        for variant in uvm_hotplug static; do
            [ -f "$folder/$test.$variant" ] || continue
            option=; [ "$with$without$variant" = yesyesuvm_hotplug ] && option=-DUVM_HOTPLUG
            compile "$folder/ours" "$ours" "$test" $option $our_names -o "$folder/ours/$test.$variant" \
                $(objects "$variant") -latf-c 2>"$folder/ours/messages" ||
                echo "$test: does not build over our segment file: no times of ours"
        done ;;
    esac
done
exec "$(dirname "$0")/run-atf.sh" "$folder"
