// SPDX-License-Identifier: Apache-2.0
/*
 * make_corpus TRACES TTY JSON: folders with seeds for the fuzzers: small files
 * with everything, what terminals send, and the files as JSON.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/error.h"
#include "export/exporter.h"
#include "model/trace_model.h"
#include "support/temporary_folder.h"
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
        char *path = temporary_folder_file(folder, seeds[i].name);
        FILE *file = fopen(path, "wb");

        free(path);
        if (file == NULL || fputs(seeds[i].bytes, file) == EOF
            || fclose(file) != 0) {
            return -1;
        }
    }
    return 0;
}

int
main(int argc, char **argv)
{
    if (argc != 4) {
        fputs("usage: make_corpus TRACES TTY JSON\n", stderr);
        return 2;
    }
    (void)mkdir(argv[1], 0777);
    (void)mkdir(argv[2], 0777);
    (void)mkdir(argv[3], 0777);
    for (unsigned seed = 0; seed < FILE_COUNT; seed++) {
        if (!make_trace(argv[1], argv[3], seed)) {
            perror(argv[1]);
            return 1;
        }
    }
    if (make_tty(argv[2]) != 0) {
        perror(argv[2]);
        return 1;
    }
    return 0;
}
