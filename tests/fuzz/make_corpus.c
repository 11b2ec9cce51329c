// SPDX-License-Identifier: Apache-2.0
/* make_corpus FOLDER: seeds for the fuzzers, small files with everything. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "support/temporary_folder.h"
#include "support/trace_random.h"

enum { FILE_COUNT = 8 };

static int
make_trace(const char *folder, unsigned seed)
{
    struct trace_random_options options = {
        .seed = seed,
        .process_count = 1 + seed % 2,
        .thread_count = 1 + seed % 3,
        .function_count = 4,
        .calls_per_thread = 6 + seed * 4,
        .depth_max = 2 + seed,
        .instant_permille = 60,
        .counter_permille = 60,
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
    int result;

    snprintf(name, sizeof name, "trace_%u.vzt", seed);
    path = temporary_folder_file(folder, name);
    result = rename(oracle->path, path);
    free(path);
    trace_oracle_free(oracle);
    return result;
}

int
main(int argc, char **argv)
{
    if (argc != 2) {
        fputs("usage: make_corpus FOLDER\n", stderr);
        return 2;
    }
    (void)mkdir(argv[1], 0777);
    for (unsigned seed = 0; seed < FILE_COUNT; seed++) {
        if (make_trace(argv[1], seed) != 0) {
            perror(argv[1]);
            return 1;
        }
    }
    return 0;
}
