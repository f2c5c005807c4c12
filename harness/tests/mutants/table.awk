# SPDX-License-Identifier: BSD-2-Clause
# The table of what was found, for each operator: of the mutants that compile and are no no-ops, how many were killed.
NF > 5 {
    group = $2 ~ /^sim\// ? "sim" : $2 ~ /kern\// ? "guest/netbsd/kern" : $2
    groups[group]
    all[group, $3]++; operators[$3]
    count[group, $3, $1]++
    count[group, "all", $1]++; all[group, "all"]++
    if ($1 == "killed") {
        if ($9 == "named") named[group]++
        killers[group, $7 ~ /^units/ ? "units" : $8]++
        words = split($8, word, " ")
        by[group, words ? word[1] : $7 ~ /^units/ ? "units" : "an error"]++
    }
}
function row(group, operator,   dead, alive) {
    dead = count[group, operator, "killed"]; alive = count[group, operator, "survived"]
    if (all[group, operator] == 0)
        return
    printf "| %s | %d | %d | %d | %d | %d | %s |\n", operator, all[group, operator], count[group, operator, "invalid"],
        count[group, operator, "no-op"], dead, alive, dead + alive ? sprintf("%d %%", 100 * dead / (dead + alive)) : "-"
}
END {
    n = split("delete negate off-by-one units undo lock ignore order field flag leak zeroing boundary all", order, " ")
    for (group in groups) {
        printf "\n%s\n\n| operator | made | do not compile | no-ops | killed | survived | killed of the rest |\n| --- | --- | --- | --- | --- | --- | --- |\n", group
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
