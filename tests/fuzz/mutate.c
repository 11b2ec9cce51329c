// SPDX-License-Identifier: Apache-2.0
/*
 * mutate COUNT SEED FILE...: a driver for fuzz harnesses where libFuzzer is
 * not there. Runs each file as it is, then COUNT mutations of them, the same
 * for the same seed, so that a crash can be seen again under a debugger.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/random.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SIZE_MAX_BYTES = 1 << 18, MUTATIONS_MAX = 6 };

struct bytes {
    uint8_t data[SIZE_MAX_BYTES];
    size_t size;
};

static void
read_file(struct bytes *bytes, const char *path)
{
    FILE *file = fopen(path, "rb");

    if (file == NULL) {
        perror(path);
        exit(2);
    }
    bytes->size = fread(bytes->data, 1, sizeof bytes->data, file);
    fclose(file);
}

/* Numbers at which sizes and counts go wrong. */
static uint64_t
interesting(struct random *random)
{
    uint64_t power = UINT64_C(1) << random_below(random, 64);

    switch (random_below(random, 4)) {
    case 0:
        return power;
    case 1:
        return power - 1;
    case 2:
        return -power;
    default:
        return random_below(random, 4096);
    }
}

static void
overwrite(struct bytes *bytes, struct random *random)
{
    static const size_t sizes[] = {1, 2, 4, 8};
    size_t size = sizes[random_below(random, 4)];
    size_t slots = bytes->size / size;
    uint64_t value = interesting(random);

    if (slots > 0) {
        memcpy(bytes->data + random_below(random, slots) * size, &value, size);
    }
}

/* Move a stretch to another place, over what is there. */
static void
copy_stretch(struct bytes *bytes, struct random *random)
{
    size_t size = random_below(random, bytes->size / 4 + 1);
    size_t from = random_below(random, bytes->size - size + 1);
    size_t to = random_below(random, bytes->size - size + 1);

    memmove(bytes->data + to, bytes->data + from, size);
}

static void
remove_stretch(struct bytes *bytes, struct random *random)
{
    size_t size = random_below(random, bytes->size / 4 + 1);
    size_t at = random_below(random, bytes->size - size + 1);

    memmove(bytes->data + at, bytes->data + at + size, bytes->size - size - at);
    bytes->size -= size;
}

/* Part of another file behind part of this one. */
static void
splice(struct bytes *bytes, const struct bytes *other, struct random *random)
{
    size_t keep = random_below(random, bytes->size + 1);
    size_t from = random_below(random, other->size + 1);
    size_t size = other->size - from;

    if (size > sizeof bytes->data - keep) {
        size = sizeof bytes->data - keep;
    }
    memcpy(bytes->data + keep, other->data + from, size);
    bytes->size = keep + size;
}

static void
mutate(struct bytes *bytes, const struct bytes *files, size_t file_count,
       struct random *random)
{
    uint64_t count = 1 + random_below(random, MUTATIONS_MAX);

    while (count-- > 0 && bytes->size > 0) {
        switch (random_below(random, 8)) {
        case 0:
            bytes->data[random_below(random, bytes->size)] ^=
                (uint8_t)(1u << random_below(random, 8));
            break;
        case 1:
            bytes->size = random_below(random, bytes->size + 1);
            break;
        case 2:
            copy_stretch(bytes, random);
            break;
        case 3:
            remove_stretch(bytes, random);
            break;
        case 4:
            splice(bytes, &files[random_below(random, file_count)], random);
            break;
        default:
            overwrite(bytes, random);
            break;
        }
    }
}

int
main(int argc, char **argv)
{
    size_t file_count = argc > 3 ? (size_t)argc - 3 : 0;
    struct bytes *files = calloc(file_count + 1, sizeof *files);
    struct bytes *work = &files[file_count];

    if (file_count == 0 || files == NULL) {
        fputs("usage: mutate COUNT SEED FILE...\n", stderr);
        return 2;
    }
    for (size_t i = 0; i < file_count; i++) {
        read_file(&files[i], argv[3 + i]);
        (void)LLVMFuzzerTestOneInput(files[i].data, files[i].size);
    }
    for (uint64_t i = 0; i < strtoull(argv[1], NULL, 10); i++) {
        struct random random = {strtoull(argv[2], NULL, 10) * 1000003 + i};
        const struct bytes *file = &files[random_below(&random, file_count)];

        memcpy(work->data, file->data, file->size);
        work->size = file->size;
        mutate(work, files, file_count, &random);
        (void)LLVMFuzzerTestOneInput(work->data, work->size);
    }
    free(files);
    return 0;
}
