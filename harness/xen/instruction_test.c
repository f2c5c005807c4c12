/* SPDX-License-Identifier: BSD-2-Clause */
/* What assemblers make of each instruction, in memory that %rdx points at. */
#include "harness/xen/instruction.h"

#include <check.h>

static const struct {
    const char *text;
    unsigned char code[INSTRUCTION_BYTES_MAX];
    bool writes_back;
} instructions[] = {
    {"or %rax,(%rdx)", {0x48, 0x09, 0x02}, true},
    {"or (%rdx),%rax", {0x48, 0x0b, 0x02}, false},
    {"cmp %rax,(%rdx)", {0x48, 0x39, 0x02}, false},
    {"mov %rax,(%rdx)", {0x48, 0x89, 0x02}, false},
    {"mov (%rdx),%rax", {0x48, 0x8b, 0x02}, false},
    {"addl $1,(%rdx)", {0x83, 0x02, 0x01}, true},
    {"cmpl $0,(%rdx)", {0x83, 0x3a, 0x00}, false},
    {"lock addw $256,%gs:(%rdx)", {0x65, 0x66, 0xf0, 0x81, 0x02, 0x00, 0x01}, true},
    {"xchg %rax,(%rdx)", {0x48, 0x87, 0x02}, true},
    {"shll (%rdx)", {0xd1, 0x22}, true},
    {"incl (%rdx)", {0xff, 0x02}, true},
    {"call *(%rdx)", {0xff, 0x12}, false},
    {"negq (%rdx)", {0x48, 0xf7, 0x1a}, true},
    {"testl $1,(%rdx)", {0xf7, 0x02, 0x01, 0x00, 0x00, 0x00}, false},
    {"lock bts %rax,(%rdx)", {0xf0, 0x48, 0x0f, 0xab, 0x02}, true},
    {"btsl $3,(%rdx)", {0x0f, 0xba, 0x2a, 0x03}, true},
    {"btl $3,(%rdx)", {0x0f, 0xba, 0x22, 0x03}, false},
    {"lock cmpxchg %rcx,(%rdx)", {0xf0, 0x48, 0x0f, 0xb1, 0x0a}, true},
    {"lock cmpxchg16b (%rdx)", {0xf0, 0x48, 0x0f, 0xc7, 0x0a}, true},
    {"movzbl (%rdx),%eax", {0x0f, 0xb6, 0x02}, false},
};
#define INSTRUCTIONS ((int)(sizeof instructions / sizeof instructions[0]))

START_TEST(what_is_written_back)
{
    ck_assert_msg(
        instruction_writes_back(instructions[_i].code, INSTRUCTION_BYTES_MAX) == instructions[_i].writes_back,
        "%s", instructions[_i].text);
}
END_TEST

/* At the end of what can be read of the code. */
START_TEST(cut_short)
{
    for (size_t bytes = 0; bytes < 3; bytes++)
        ck_assert(!instruction_writes_back(instructions[0].code, bytes));
    ck_assert(!instruction_writes_back((const unsigned char[]){0xf0, 0x48, 0x0f, 0xab}, 4));
    ck_assert(!instruction_writes_back((const unsigned char[]){0x48, 0x48, 0x48}, 3));
}
END_TEST

Suite *instruction_suite(void)
{
    Suite *suite = suite_create("instruction");
    TCase *tests = tcase_create("instruction");

    tcase_add_loop_test(tests, what_is_written_back, 0, INSTRUCTIONS);
    tcase_add_test(tests, cut_short);
    suite_add_tcase(suite, tests);
    return suite;
}
