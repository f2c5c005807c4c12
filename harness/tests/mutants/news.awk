# SPDX-License-Identifier: BSD-2-Clause
# Holds a mutant's outcome to the file "survivors": FILE OPERATOR FUNCTION WHAT, and why it survives, with tabs. A kill of
# one that is listed is news, and so is a survivor that is not.     row=ROW awk -F"\t" -f news.awk survivors
BEGIN { split(ENVIRON["row"], is, "\t") }
!/^#/ && $1 == is[2] && $2 == is[3] && $3 == is[5] && $4 == is[6] { why = $5 }
END {
    mutant = sprintf("%s:%d (%s), %s: %s", is[2], is[4], is[5], is[3], is[6])
    if (why != "" && is[1] == "killed")
        printf "news: killed by %s, though \"%s\" is said in harness/tests/mutants/survivors: %s\n", is[7], why, mutant
    else if (why == "" && is[1] == "survived")
        printf "survives: %s\n", mutant
    else
        exit 0
    exit 1
}
