// SPDX-License-Identifier: Apache-2.0
/*
 * make_corpus TRACES TTY JSON PACKED SOURCES: folders with seeds for the
 * fuzzers: small files with everything, some with something wrong; what
 * terminals send; the files as JSON; compressed; and source files.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/error.h"
#include "export/exporter.h"
#include "export/trace_pack.h"
#include "format/layout.h"
#include "model/trace_model.h"
#include "support/random.h"
#include "support/temporary_folder.h"
#include "support/trace_builder.h"
#include "support/trace_random.h"

enum { FILE_COUNT = 8 };

static bool
make_json(const char *folder, unsigned seed, const char *trace)
{
    const struct export_options options = {.has_file_info = true};
    struct trace_model *model = NULL;
    struct error err = {0};
    char name[32];
    char *path;
    bool ok;

    snprintf(name, sizeof name, "trace_%u.json%s", seed,
             seed % 4 == 3 ? ".gz" : "");
    path = temporary_folder_file(folder, name);
    ok = trace_model_open(&model, &trace, 1, NULL, &err)
         && export_trace(model, path, &options, &err);
    if (!ok) {
        fprintf(stderr, "%s\n", err.message);
    }
    trace_model_close(model);
    free(path);
    return ok;
}

static bool
write_file(const char *folder, const char *name, const void *data, size_t size)
{
    char *path = temporary_folder_file(folder, name);
    FILE *file = fopen(path, "wb");
    bool ok = file != NULL && fwrite(data, 1, size, file) == size;

    free(path);
    return file != NULL && fclose(file) == 0 && ok;
}

/* One with arguments, sources, and a process that was killed. */
static char *
build_trace(const char *folder)
{
    struct trace_builder *builder = trace_builder_new(folder);
    uint32_t work = trace_builder_function(builder, "work", "/a.py", 3);
    uint32_t length = trace_builder_function(builder, "len", NULL, 0);
    uint32_t thread = trace_builder_thread(builder, "main");

    trace_builder_call_with(builder, thread, work, "{\"n\": [1, \"a\"]}", 10);
    trace_builder_call(builder, thread, length, 20);
    trace_builder_return(builder, thread, length, 30);
    trace_builder_scoped_instant(builder, thread, VZT_SCOPE_GLOBAL, "all",
                                 "{\"a\": 1}", 35);
    trace_builder_object(builder, thread, VZT_OBJECT_SNAPSHOT, "0x1", "list",
                         "{\"snapshot\": {\"len\": 2}}", 40);
    trace_builder_source(builder, "/a.py", "import b\n\ndef work():\n    b\n");
    trace_builder_process(builder, "child", 4711, TRACE_BUILDER_PID);
    thread = trace_builder_thread(builder, "child");
    trace_builder_event(builder, thread, EVENT_CALL, work, 50);
    trace_builder_event(builder, thread, EVENT_YIELD, work, 60);
    trace_builder_event(builder, thread, EVENT_RESUME, work, 70);
    trace_builder_gap(builder, thread, VZT_GAP_PAUSED, 75, 80, 0);
    trace_builder_status(builder,
                         (struct vzt_status){.state = VZT_STATE_RECORDING,
                                             .exit_kind = VZT_EXIT_SIGNAL,
                                             .exit_value = 9});
    return trace_builder_finish(builder);
}

/* What is wrong with a copy of a trace. */
struct fault {
    const char *name;
    void (*cause)(uint8_t *data, size_t *size);
};

static void
bound(uint8_t *data, size_t *size)
{
    const uint64_t limit = 20;

    (void)size;
    memcpy(data + VZT_STATUS_OFFSET + offsetof(struct vzt_status, call_limit),
           &limit, sizeof limit);
}

/* The n-th chunk of events begins at *at; false when there is none. */
static bool
find_block(const uint8_t *data, size_t size, unsigned n, size_t *at)
{
    struct vzt_chunk_header chunk;

    *at = VZT_SECTION_HEADER_SIZE;
    while (*at + sizeof chunk <= size) {
        memcpy(&chunk, data + *at, sizeof chunk);
        if (chunk.magic != VZT_CHUNK_MAGIC || chunk.size == 0) {
            return false;
        }
        if (chunk.kind == VZT_CHUNK_EVENTS && n-- == 0) {
            return true;
        }
        *at += chunk.size;
    }
    return false;
}

/* A header that is gone: a reader has to search for the next one. */
static void
damage(uint8_t *data, size_t *size)
{
    size_t at;

    if (find_block(data, *size, 2, &at)) {
        memset(data + at, 0x55, sizeof(struct vzt_chunk_header));
    }
}

/* As a kill leaves it: the words have no number, and zeros are behind them. */
static void
stage(uint8_t *data, size_t *size)
{
    struct vzt_chunk_header chunk;
    size_t at;

    if (find_block(data, *size, 1, &at)) {
        memcpy(&chunk, data + at, sizeof chunk);
        chunk.flags |= VZT_CHUNK_STAGING;
        chunk.word_count = 0;
        memcpy(data + at, &chunk, sizeof chunk);
        memset(data + at + chunk.size - 16, 0, 16);
    }
    memset(data + offsetof(struct vzt_section_header, section_size), 0, 8);
}

static void
cut(uint8_t *data, size_t *size)
{
    (void)data;
    *size -= *size / 5;
}

/* A byte in sixteen of what a reader decodes. */
static void
spoil(uint8_t *data, size_t *size)
{
    struct random random = {.state = *size};

    for (size_t at = VZT_SECTION_HEADER_SIZE; at < *size; at += 64) {
        data[at + random_below(&random, *size - at < 64 ? *size - at : 64)] ^=
            (uint8_t)(1u << random_below(&random, 8));
    }
}

static const struct fault faults[] = {{"bound", bound},
                                      {"damaged", damage},
                                      {"staged", stage},
                                      {"cut", cut},
                                      {"spoilt", spoil}};

/* Copies of the trace at path with something wrong. */
static bool
make_faults(const char *folder, const char *path, const char *prefix)
{
    static uint8_t whole[1 << 18];
    static uint8_t copy[1 << 18];
    FILE *file = fopen(path, "rb");
    size_t size = file == NULL ? 0 : fread(whole, 1, sizeof whole, file);
    bool ok = file != NULL && fclose(file) == 0;

    for (size_t i = 0; ok && i < sizeof faults / sizeof faults[0]; i++) {
        size_t left = size;
        char name[64];

        memcpy(copy, whole, size);
        faults[i].cause(copy, &left);
        snprintf(name, sizeof name, "%s_%s.vzt", prefix, faults[i].name);
        ok = write_file(folder, name, copy, left);
    }
    return ok;
}

/* The trace at path, compressed. */
static bool
make_packed(const char *folder, const char *path)
{
    const struct trace_pack_options options = {.is_gzip = true};
    char *packed = temporary_folder_file(folder, "built.vzt.gz");
    struct error err = {0};
    bool ok = trace_pack(&path, 1, packed, &options, &err);

    free(packed);
    return ok;
}

static bool
make_built(const char *folder, const char *packed)
{
    char *made = build_trace(folder);
    char *path = temporary_folder_file(folder, "built.vzt");
    bool ok = rename(made, path) == 0 && make_faults(folder, path, "built")
              && make_packed(packed, path);

    free(made);
    free(path);
    return ok;
}

/* A source file in each kind of encoding. */
static bool
make_sources(const char *folder)
{
    static const char *const texts[] = {
        "import os\n\ndef work():\n    pass\n",
        "\xef\xbb\xbf# a mark in front\nname = '\xc3\xa9\xe6\x97\xa5'\n",
        "#!/usr/bin/python\n# -*- coding: latin-1 -*-\nname = '\xe9'\n",
        "# vim: set fileencoding=cp1252 :\nprice = '\x80 \x81'\n",
        "# coding: no-such-encoding\nname = '\xff'\n",
        "broken = '\xc3\x28 \xf0\x9f\x98'\n",
    };

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        char name[16];

        snprintf(name, sizeof name, "%zu.py", i);
        if (!write_file(folder, name, texts[i], strlen(texts[i]))) {
            return false;
        }
    }
    return true;
}

static bool
make_trace(const char *folder, const char *json, unsigned seed)
{
    struct trace_random_options options = {
        .seed = seed,
        .process_count = 1 + seed % 2,
        .thread_count = 1 + seed % 3,
        .function_count = 4,
        .calls_per_thread = 6 + seed * 4,
        .depth_max = 2 + seed,
        .instant_permille = 60,
        .object_permille = 60,
        .counter_permille = 60,
        .flow_permille = 60,
        .gap_permille = 30,
        .far_permille = 60,
        .zero_permille = 60,
        .mismatch_permille = 60,
        .has_unfinished = seed % 2,
        .block_size = 128 + 64 * seed,
    };
    struct trace_oracle *oracle = trace_random(folder, &options);
    char name[32];
    char *path;
    bool is_made;

    snprintf(name, sizeof name, "trace_%u.vzt", seed);
    path = temporary_folder_file(folder, name);
    is_made = rename(oracle->path, path) == 0 && make_json(json, seed, path);
    if (is_made && seed == FILE_COUNT - 1) {
        is_made = make_faults(folder, path, "trace");
    }
    free(path);
    trace_oracle_free(oracle);
    return is_made;
}

static int
make_tty(const char *folder)
{
    static const struct {
        const char *name;
        const char *bytes;
    } seeds[] = {
        {"keys", "wwlljj.,d0fff{}gGza zMzRTcuu\x12\x1b[A\x1bOB\x1b[1;5C"
                 "\x1b[5~\x1b[6;2~\x1b[17~\x1bOP\xff\x1b\xff"
                 "2jlj\ru3jG<>I\x1b[21;5~1\t\x1b[Z?jj\x1b\xff"},
        {"mouse", "\x1b[<0;30;8M\x1b[<0;30;8m\x1b[<64;40;9M\x1b[<65;40;9M"
                  "\x1b[<0;30;8M\x1b[<32;50;10M\x1b[<0;50;10m"
                  "\x1b[<0;60;24M\x1b[<2;9;9M\x1b[M !!\xfe\x10\x05"
                  "\x1b[<0;5;3M\xfe\xc7\x3b\x1b[<0;190;50M\xfe\x4f\x17"},
        {"prompt", "/fun\x1b[A\x1b[B\x7f\x15work\rnN/\x1b[200~a\nq\x1b[201~"
                   "\xe6\x97\xa5"
                   "e\xcc\x81\x1b\xff:zoom-in\r:\t\t\x1b\xff"
                   "ma'amb'bv..\rS\x1b\xffi\tjj\r&x\r\x1b\xff(*)#"},
    };

    for (size_t i = 0; i < sizeof seeds / sizeof seeds[0]; i++) {
        if (!write_file(folder, seeds[i].name, seeds[i].bytes,
                        strlen(seeds[i].bytes))) {
            return -1;
        }
    }
    return 0;
}

int
main(int argc, char **argv)
{
    if (argc != 6) {
        fputs("usage: make_corpus TRACES TTY JSON PACKED SOURCES\n", stderr);
        return 2;
    }
    for (int i = 1; i < argc; i++) {
        (void)mkdir(argv[i], 0777);
    }
    for (unsigned seed = 0; seed < FILE_COUNT; seed++) {
        if (!make_trace(argv[1], argv[3], seed)) {
            perror(argv[1]);
            return 1;
        }
    }
    if (!make_built(argv[1], argv[4]) || !make_sources(argv[5])) {
        perror(argv[1]);
        return 1;
    }
    if (make_tty(argv[2]) != 0) {
        perror(argv[2]);
        return 1;
    }
    return 0;
}
