# SPDX-License-Identifier: BSD-2-Clause
# The table of what was found, for each operator: of the mutants that compile and are no no-ops, how many were killed.
# A survivor whose reason in "survivors" begins with "same: " is no error, and doesn't count.
#     awk -F'\t' -f table.awk survivors found
FNR == NR { if ($5 ~ /^same: /) same[$1, $2, $3, $4]; next }
NF > 5 {
    group = $2 ~ /^sim\// ? "sim" : $2 ~ /kern\// ? "guest/netbsd/kern" : $2
    groups[group]
    outcome = $1 == "survived" && (($2, $3, $5, $6) in same) ? "same" : $1
    all[group, $3]++; operators[$3]
    count[group, $3, outcome]++
    count[group, "all", outcome]++; all[group, "all"]++
    if ($1 == "killed") {
        if ($9 == "named") named[group]++
        words = split($8, word, " ")
        by[group, $7 == "segments" ? "the small world" : words ? word[1] : $7 ~ /^units/ ? "units" : "an error"]++
    }
}
function row(group, operator,   dead, alive) {
    dead = count[group, operator, "killed"]; alive = count[group, operator, "survived"]
    if (all[group, operator] == 0)
        return
    printf "| %s | %d | %d | %d | %d | %d | %s |\n", operator, all[group, operator], count[group, operator, "invalid"],
        count[group, operator, "no-op"] + count[group, operator, "same"], dead, alive,
        dead + alive ? sprintf("%d %%", 100 * dead / (dead + alive)) : "-"
}
END {
    n = split("delete negate off-by-one units undo lock ignore order field flag leak zeroing boundary all", order, " ")
    for (group in groups) {
        printf "\n%s\n\n| operator | made | do not compile | change nothing | killed | survived | killed of these |\n| --- | --- | --- | --- | --- | --- | --- |\n", group
        for (i = 1; i <= n; i++)
            row(group, order[i])
        printf "\nThe report names the changed function in %d of %d kills. Killed by:", named[group], count[group, "all", "killed"]
        for (key in by) {
            split(key, part, SUBSEP)
            if (part[1] == group)
                printf " %s %d,", part[2], by[key]
        }
        print ""
    }
}
