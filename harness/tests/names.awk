# SPDX-License-Identifier: BSD-2-Clause
# Prints "HEADER NAME" for each name that a header of `root` makes known to whoever includes it: macros, and the identifiers
# that stand outside of braces and parentheses, in an enum, or as (*NAME). It reads what `cc -E -dD` prints. Names that
# begin with an underscore are reserved and not printed. Types that are only used are printed as well.
function header(path) {
	return index(path, root) == 1 ? substr(path, length(root) + 1) : ""
}
function name(text) {
	if (at != "" && text !~ /^_/ && !(text in keyword))
		print at, text
}
BEGIN {
	split("auto break case char const continue default do double else enum extern float for goto if inline int long " \
	    "register restrict return short signed sizeof static struct switch typedef union unsigned void volatile while",
	    words, " ")
	for (i in words)
		keyword[words[i]]
}
/^# [0-9]+ "/ {
	split($0, parts, "\"")
	at = header(parts[2])
	next
}
/^#define / {
	macro = $2
	sub(/\(.*/, "", macro)
	name(macro)
	next
}
/^#/ { next }
{
	gsub(/"([^"\\]|\\.)*"|'([^'\\]|\\.)*'/, "")
	line = $0
	while (match(line, /[A-Za-z_][A-Za-z_0-9]*|[0-9][0-9A-Za-z_.]*|[{}();,=*]/)) {
		token = substr(line, RSTART, RLENGTH)
		line = substr(line, RSTART + RLENGTH)
		if (token == "{") {
			braces++
			enumerates = braces == 1 && of_enum
			wanted = 1
		} else if (token == "}") {
			braces--
			of_enum = 0
		} else if (token == "(")
			parens++
		else if (token == ")")
			parens--
		else if (token == ";" && braces == 0)
			of_enum = 0
		else if (token == ",")
			wanted = 1
		else if (token == "enum" && braces == 0)
			of_enum = 1
		else if (token ~ /^[A-Za-z_]/) {
			if (braces == 0 && (parens == 0 || (parens == 1 && last == "*" && second == "(")))
				name(token)
			else if (braces == 1 && enumerates && wanted) {
				name(token)
				wanted = 0
			}
		}
		second = last
		last = token
	}
}
