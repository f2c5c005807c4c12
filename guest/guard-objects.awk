# SPDX-License-Identifier: BSD-2-Clause
# Puts guards in front of and behind each static object of an assembly file that can be written to and is larger than a
# number, and a row about it into the section guarded_objects (guest/lib/guards.h). The file was compiled with
# -fdata-sections: an object has a label and data, and then comes a line of another kind. It is read twice, for gcc tells
# an object's size before its label and clang behind its data.
#     awk -v front=BYTES -v behind=BYTES -f guard-objects.awk FILE.s FILE.s
BEGIN {
    count = 0
    number_bytes = 8
}
NR == FNR {
    if ($1 == ".size") {
        split($2 $3, size, ",")
        bytes[size[1]] = size[2] + 0
    }
    next
}

# What a variable of a function is called differs: gcc says NAME.NUMBER, and clang FUNCTION.NAME.
function own_name(label) {
    sub(/\.[0-9]+$/, "", label)
    sub(/^.*\./, "", label)
    return label
}
function end_object() {
    if (object == "")
        return
    print "\t.zero\t" behind
    rows = rows "\t.quad\t" object ", " bytes[object] ", .Lguarded_name_" count "\n"
    names = names ".Lguarded_name_" count ":\n\t.asciz\t\"" own_name(object) "\"\n"
    object = ""
    count++
}

# Data, or nothing.
/^\t\.(zero|skip|space|fill|quad|8byte|long|4byte|int|value|short|2byte|byte|octa|string|ascii|asciz)([ \t]|$)/ || /^[ \t]*(#.*)?$/ {
    print
    next
}
{ end_object() }
/^\t\.(section|text|data|bss|pushsection|popsection|previous)/ {
    name = $1 == ".section" ? $2 : $1
    sub(/,.*/, "", name)
    writable = name ~ /^\.(data|bss)(\.|$)/ && name !~ /^\.data\.rel\.ro/
    align = 1
}
/^\t\.(align|balign|p2align)[ \t]/ { align = $1 == ".p2align" ? 2 ^ ($2 + 0) : $2 + 0 }
writable && /^[A-Za-z_][A-Za-z0-9_.$]*:/ && !/^__gcov/ {
    label = $1
    sub(/:.*/, "", label)
    if (bytes[label] > number_bytes) {
        print "\t.zero\t" (align > front ? align : front)
        object = label
    }
    align = 1
}
{ print }
END {
    end_object()
    if (count > 0)
        printf "\t.section\tguarded_objects,\"aw\",@progbits\n\t.balign\t8\n%s\t.section\t.rodata.guarded,\"a\",@progbits\n%s", rows, names
}
