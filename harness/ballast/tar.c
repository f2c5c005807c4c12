/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A head of 512 bytes before each file, zeros up to the next 512 behind it, and 1024 zeros at the end; zlib compresses it.
 * libarchive would do the same, and bring libxml2 and ICU: each start of this program would take more than twice as long.
 */
#include "harness/ballast/tar.h"

#include <assert.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define BLOCK_BYTES 512u
#define GZIP        16 /* added to zlib's window bits: gzip's head, which has no time here */
#define GIVEN_MAX   (1u << 30)

/* As POSIX has it: numbers are octal digits, and NUL ends what is shorter than its member. */
struct ustar_head {
    char name[100], mode[8], uid[8], gid[8], size[12], mtime[12], checksum[8], type, link[100], magic[6],
        version[2], user[32], group[32], major[8], minor[8], prefix[155], unused[12];
};
_Static_assert(sizeof(struct ustar_head) == BLOCK_BYTES, "a head is a block");

static void make_head(const struct tar_file *file, struct ustar_head *head)
{
    unsigned sum = 0;

    assert(strlen(file->name) < sizeof head->name);
    *head = (struct ustar_head){.mode = "0000644",
        .uid = "0000000",
        .gid = "0000000",
        .mtime = "00000000000",
        .type = '0',
        .magic = "ustar",
        .version = {'0', '0'}};
    strcpy(head->name, file->name);
    snprintf(head->size, sizeof head->size, "%011zo", file->count);
    memset(head->checksum, ' ', sizeof head->checksum); /* as which it counts itself */
    for (size_t b = 0; b < sizeof *head; b++)
        sum += ((const unsigned char *)head)[b];
    snprintf(head->checksum, sizeof head->checksum, "%06o", sum);
}

/* Compresses some more; what comes out is written. */
static bool give(z_stream *stream, FILE *out, const void *bytes, size_t count, int flush)
{
    unsigned char room[65536];
    int status;

    stream->next_in = (z_const Bytef *)bytes;
    stream->avail_in = (uInt)count;
    do {
        stream->next_out = room;
        stream->avail_out = sizeof room;
        status = deflate(stream, flush);
        fwrite(room, 1, sizeof room - stream->avail_out, out);
    } while (status == Z_OK && stream->avail_out == 0);
    return status == Z_STREAM_END || (flush == Z_NO_FLUSH && (status == Z_OK || status == Z_BUF_ERROR));
}

static bool give_file(z_stream *stream, FILE *out, const struct tar_file *file)
{
    static const char zeros[BLOCK_BYTES];
    const char *bytes = file->bytes;
    const size_t rest = file->count % BLOCK_BYTES;
    struct ustar_head head;

    make_head(file, &head);
    bool given = give(stream, out, &head, sizeof head, Z_NO_FLUSH);
    for (size_t done = 0; given && done < file->count;) {
        const size_t part = file->count - done < GIVEN_MAX ? file->count - done : GIVEN_MAX;
        given = give(stream, out, bytes + done, part, Z_NO_FLUSH);
        done += part;
    }
    return given && (rest == 0 || give(stream, out, zeros, BLOCK_BYTES - rest, Z_NO_FLUSH));
}

void *tar_gz(const struct tar_file *files, size_t nr_files, size_t *bytes)
{
    static const char end[2 * BLOCK_BYTES];
    z_stream stream = {0};
    char *archive = NULL;
    FILE *out = open_memstream(&archive, bytes);
    bool whole =
        out != NULL && deflateInit2(&stream, 6, Z_DEFLATED, MAX_WBITS + GZIP, 8, Z_DEFAULT_STRATEGY) == Z_OK;

    if (whole) {
        for (size_t f = 0; whole && f < nr_files; f++)
            whole = give_file(&stream, out, &files[f]);
        whole = whole && give(&stream, out, end, sizeof end, Z_FINISH);
        deflateEnd(&stream);
    }
    if (out != NULL && fclose(out) == 0 && whole)
        return archive;
    free(archive);
    return NULL;
}
