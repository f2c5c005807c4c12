/* SPDX-License-Identifier: BSD-2-Clause */
/* Opcodes as the tables of Intel's SDM, volume 2D ("Opcode Map"), have them. */
#include "harness/xen/instruction.h"

#include <assert.h>
#include <string.h>

/* Of a group of instructions with one opcode the ModRM byte chooses one. */
static unsigned chosen(unsigned char modrm)
{
    return modrm >> 3 & 7u;
}

static bool is_prefix(unsigned char byte)
{
    static const unsigned char prefixes[] = {
        0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65, 0x66, 0x67, 0xf0, 0xf2, 0xf3};

    return memchr(prefixes, byte, sizeof prefixes) != NULL || (byte & 0xf0) == 0x40;
}

static bool two_bytes_write_back(unsigned char opcode, unsigned char modrm)
{
    switch (opcode) {
    case 0xab: /* bts, btr, btc; shld and shrd; cmpxchg; xadd */
    case 0xb3:
    case 0xbb:
    case 0xa4:
    case 0xa5:
    case 0xac:
    case 0xad:
    case 0xb0:
    case 0xb1:
    case 0xc0:
    case 0xc1:
        return true;
    case 0xba: /* bt only looks */
        return chosen(modrm) > 4;
    case 0xc7: /* cmpxchg16b */
        return chosen(modrm) == 1;
    default:
        return false;
    }
}

static bool one_byte_writes_back(unsigned char opcode, unsigned char modrm)
{
    /* add, or, adc, sbb, and, sub, xor of a register; cmp, the last of the eight, only looks */
    if (opcode < 0x40)
        return opcode < 0x38 && (opcode & 7u) <= 1;
    switch (opcode) {
    case 0x80: /* the same eight of a constant */
    case 0x81:
    case 0x83:
        return chosen(modrm) != 7;
    case 0x86: /* xchg; shifts */
    case 0x87:
    case 0xc0:
    case 0xc1:
    case 0xd0:
    case 0xd1:
    case 0xd2:
    case 0xd3:
        return true;
    case 0xf6: /* not, neg */
    case 0xf7:
        return chosen(modrm) == 2 || chosen(modrm) == 3;
    case 0xfe: /* inc, dec */
    case 0xff:
        return chosen(modrm) < 2;
    default:
        return false;
    }
}

bool instruction_writes_back(const unsigned char *code, size_t bytes)
{
    size_t at = 0;

    assert(code != NULL && bytes <= INSTRUCTION_BYTES_MAX);
    while (at < bytes && is_prefix(code[at]))
        at++;
    if (at + 2 < bytes && code[at] == 0x0f)
        return two_bytes_write_back(code[at + 1], code[at + 2]);
    return at + 1 < bytes && one_byte_writes_back(code[at], code[at + 1]);
}
