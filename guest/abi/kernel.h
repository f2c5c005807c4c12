/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A kernel's description of itself: plain text in a section of its image. The parser of scenarios, the
 * machine, the invariants and the reports learn from it what they need to know of a kernel, so that none of
 * them has to know a kernel by name. It is data: it is read out of the file, and no image is loaded or run for it.
 *
 * Each line is a row, ended by a newline. A row begins with a word of KERNEL_ROWS; the rest is in the form given
 * there, with single blanks between words. Where the form shows ` | `, what follows it is text. Rows may come in any
 * order. There are no comments: a row that is not understood is an error, with a sentence.
 *
 * sim/kernel/kernel.h has the struct that is made of it. guest/probe/description.c is the smallest description.
 */
#ifndef GUEST_ABI_KERNEL_H
#define GUEST_ABI_KERNEL_H

/* The section's name, in the shared object and in the image for the real Xen. */
#define KERNEL_SECTION ".ballast.kernel"

/* Puts a text of rows there: `static const char rows[] KERNEL_DESCRIPTION = "family …\n" …;` Rows of several objects
 * follow one another without a gap; only the last object of a link may end them with a NUL. */
#define KERNEL_DESCRIPTION __attribute__((section(KERNEL_SECTION), used, aligned(1)))

#define KERNEL_BYTES_MAX    16384u
#define KERNEL_SITES_MAX    40u
#define KERNEL_CALLS_MAX    32u
#define KERNEL_COMMANDS_MAX 32u
#define KERNEL_SAYS_MAX     32u
#define KERNEL_FEATURES_MAX 8u
#define KERNEL_FILES_MAX    16u
#define KERNEL_WAIVERS_MAX  8u
#define KERNEL_CHOICES_MAX  24u
#define CALL_PARAMETERS_MAX 5u

/*
 * X(ID, "word", TIMES, "form", "meaning"). TIMES: ONE must be there, and only once; ONE_OR_NONE; ANY.
 *
 * site      CLASS is interface or hostile, as in guest/abi/sites.h. `pages`: the caller says which pfns it is
 *           about, so that page= can mark one. `errno`: a refusal may be any error number, else it is ENOMEM.
 *           `ends=plug`, `ends=unplug`: the note that tells of the call's return is NOTE_PLUG_END or
 *           NOTE_UNPLUG_END. `bars=nothing`: a refusal keeps the driver neither from its target nor from
 *           reading it. A kernel's sites are numbered in the order of their rows, from FAULT_SITE_OF_KERNEL.
 * call      a function that a scenario may call, `DOM call FUNCTION pfn=16 pages=4`, with all its parameters.
 * command   a command that is typed inside it, `DOM$ NAME ...`. With a row or more, these are all that there are.
 * node      where a user reads one of the driver's values: the name of a sysctl, or the path of a file in sysfs.
 * counter   a counter of struct port_counters (guest/abi/port.h) that this kernel keeps, and what its own
 *           people call it. One without a row is not kept, and no invariant looks at it.
 * segments  plug and unplug take multiples of PAGES pages; WALK names the functions by which the runtime walks
 *           over segments, for messages.
 * image     how much of the domain's memory its boot image takes: FIXED pages, and BYTES for each page that the
 *           domain may ever have. Its P2M and page tables are not counted.
 * p2m       builder: the kernel uses the P2M that the domain's builder made, at start_info->mfn_list, until it publishes
 *           another (PORT_P2M in guest/abi/port.h).
 *           nobody: that table means nothing, and no invariant looks at it.
 * file      what took the place of a part of the kernel that users bring: `ours`, or a HASH of a file's content and
 *           the file's base name. The build writes it. `options`: those of them that users gave for these files.
 * design    the kernel stands for one of the ways to grow past boot memory that people proposed: its name, the month or year, and
 *           what it does. The first row counts: a driver's own (guest/abi/design.h) stands before its kernel's.
 * choice    NAME=VALUE on a domain's line in a scenario, of which this kernel knows: it puts TEXT on the kernel's command
 *           line, or takes the kernel whose name is this one's with SUFFIX behind it; without either the kernel is so already.
 * waiver    what this kernel breaks of the invariant does not count against a run, and is printed below the verdict. It is for
 *           designs whose point it is; one that has a file of a user's in place of its own driver has none.
 * says      a sentence on the console, anywhere in a line: see KERNEL_SAYINGS and sim/kernel/kernel_sentence.h.
 */
#define KERNEL_ROWS(X) \
    X(FAMILY, "family", ONE, "NAME", "the kernels that it is one of") \
    X(VERSION, "version", ONE, "TEXT", "whose interface it has") \
    X(ABOUT, "about", ONE, "TEXT", "one line for `ballast list kernels`") \
    X(SITE, "site", ANY, "NAME CLASS [pages|bytes] [errno] [ends=NOTE] [bars=nothing] | REFUSAL | SOURCE", \
        "a place where a scenario's fault may refuse") \
    X(CALL, "call", ANY, "FUNCTION [PARAMETER ...]", "a function that a scenario may call") \
    X(COMMAND, "command", ANY, "NAME", "a command that can be typed inside it") \
    X(NODE, "node", ANY, "min|current|target|max NAME pages|kib|bytes", \
        "one of the driver's nodes, and its unit") \
    X(FUNCTION, "function", ANY, "plug|unplug NAME", "what its own people call the function") \
    X(COUNTER, "counter", ANY, "COUNTER NAME", "a counter that it keeps, and what its own people call it") \
    X(SEGMENTS, "segments", ONE_OR_NONE, "PAGES WALK", \
        "the grain of its segments or sections, and how they are walked") \
    X(IMAGE, "image", ONE, "FIXED BYTES", "what its boot image takes of the domain's memory") \
    X(P2M, "p2m", ONE_OR_NONE, "builder|nobody", "whose P2M it is") \
    X(FEATURE, "feature", ANY, "NAME", "something that a scenario may need") \
    X(FILE, "file", ANY, "PART ours|HASH [NAME]", "whose code a part of it is") \
    X(OPTIONS, "options", ONE_OR_NONE, "TEXT", "what that code was compiled with") \
    X(DESIGN, "design", ANY, "NAME DATE TEXT", "a proposed way to grow that it stands for") \
    X(CHOICE, "choice", ANY, "NAME VALUE [cmdline TEXT|kernel SUFFIX]", \
        "a choice that a scenario has, as NAME=VALUE") \
    X(WAIVER, "waiver", ANY, "INVARIANT TEXT", "an invariant that it breaks by intent, and why") \
    X(SAYS, "says", ANY, "SAYING PATTERN", "a sentence on its console that means something")

/* What a scenario may need of a kernel, with `needs`: X(ID, "name", "what a kernel with it can do"). */
#define KERNEL_FEATURES(X) \
    X(HOTPLUG, "hotplug", "grow past its boot memory by plugging pages") \
    X(PVH, "pvh", "run where Xen translates its addresses (type=pvh)") \
    X(HYPERCALLS, "hypercalls", "issue the raw hypercalls that a scenario asks for") \
    X(HVM, "hvm", "take its memory map from a firmware (type=hvm)")

enum kernel_feature {
#define X(id, name, meaning) KERNEL_FEATURE_##id,
    KERNEL_FEATURES(X)
#undef X
        NR_KERNEL_FEATURES
};

enum kernel_row {
#define X(id, word, times, form, meaning) KERNEL_ROW_##id,
    KERNEL_ROWS(X)
#undef X
        NR_KERNEL_ROWS
};

/*
 * What a sentence may announce: X(ID, "saying", "numbers that its pattern has to have", "meaning"). A number
 * in a pattern is {NAME}, or {NAME:pages} or {NAME:kib} if the sentence itself says the number's unit.
 */
#define KERNEL_SAYINGS(X) \
    X(MOVING, "moving", "current target", "it sets out for a target") \
    X(REACHED, "reached", "", "it is where it wanted to be") \
    X(SHORT, "short", "current target", "it could not reach the target, and is at `current`") \
    X(CLIPPED, "clipped", "from to", \
        "the target `from` can't be reached for good, and `to` takes its place") \
    X(BELOW_MIN, "below-min", "target limit", "the target is refused: it is below the driver's minimum") \
    X(ABOVE_MAX, "above-max", "target limit", "the target is refused: it is above the driver's maximum") \
    X(INCOMPLETE, "incomplete", "asked got", \
        "of `asked` extents a reservation call did `got`, and that is why the target is not reached") \
    X(PLUGGED, "plugged", "", "pages were plugged, those from the frame `first` to `last`")

enum kernel_saying {
#define X(id, word, numbers, meaning) KERNEL_SAYS_##id,
    KERNEL_SAYINGS(X)
#undef X
        NR_KERNEL_SAYINGS
};

/* The numbers of a sentence. */
#define KERNEL_NUMBERS(X) \
    X(CURRENT, "current") \
    X(TARGET, "target") \
    X(FROM, "from") \
    X(TO, "to") \
    X(LIMIT, "limit") \
    X(ASKED, "asked") \
    X(GOT, "got") \
    X(FIRST, "first") \
    X(LAST, "last")

enum kernel_number {
#define X(id, word) KERNEL_NUMBER_##id,
    KERNEL_NUMBERS(X)
#undef X
        NR_KERNEL_NUMBERS
};

#endif
