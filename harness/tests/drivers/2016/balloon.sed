# The file as it is declares a variable `name` where SYSCTLFN_ARGS, as sysctl(9) has it, declares a parameter of that name.
# No compiler takes that, with NetBSD's headers or ours. Its author has seen neither; so the variable gets another name.
/^balloon_sysctl(SYSCTLFN_ARGS)/,/^}/s/\bname\b/which/
