// SPDX-License-Identifier: Apache-2.0
#include "random_model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "support/temporary_folder.h"

/* Blocks of 256 bytes hold about 20 events: most calls cross their borders. */
static const struct trace_random_options kinds[] = {
    {.seed = 1, .calls_per_thread = 1},
    {.seed = 2, .calls_per_thread = 3000},
    {.seed = 3, .calls_per_thread = 2000, .block_size = 256},
    {.seed = 4,
     .calls_per_thread = 700,
     .block_size = 256,
     .process_count = 2,
     .thread_count = 3,
     .has_unfinished = true},
    {.seed = 5,
     .calls_per_thread = 1500,
     .block_size = 512,
     .mismatch_permille = 100,
     .has_unfinished = true,
     .depth_max = 20},
    {.seed = 6,
     .calls_per_thread = 2000,
     .depth_max = 300,
     .is_deep = true,
     .block_size = 1024,
     .has_unfinished = true},
    {.seed = 7,
     .calls_per_thread = 1500,
     .depth_max = 90,
     .is_deep = true,
     .block_size = 4096,
     .function_count = 3,
     .thread_count = 2},
    {.seed = 8,
     .calls_per_thread = 800,
     .block_size = 256,
     .instant_permille = 50,
     .counter_permille = 50,
     .gap_permille = 5,
     .far_permille = 3,
     .function_count = 100},
    {.seed = 9,
     .calls_per_thread = 1000,
     .block_size = 256,
     .depth_max = 2,
     .step_ns = 2},
};

size_t
random_model_kind_count(void)
{
    return sizeof kinds / sizeof kinds[0];
}

const struct trace_random_options *
random_model_kind(size_t index)
{
    return &kinds[index];
}

static void
fail(const char *what)
{
    fprintf(stderr, "%s\n", what);
    abort();
}

static void
match_functions(struct random_model *random)
{
    uint32_t count = trace_model_function_count(random->model);

    random->functions = calloc(count + 1, sizeof *random->functions);
    if (random->functions == NULL) {
        abort();
    }
    for (uint32_t i = 0; i < count; i++) {
        const char *name = trace_model_function(random->model, i)->name;
        size_t known = random->oracle->function_count;
        size_t looks = 0;

        /* mostly they have the same order */
        while (
            looks < known
            && strcmp(random->oracle->functions[(i + looks) % known].name, name)
                   != 0) {
            looks++;
        }
        random->functions[i] =
            (uint32_t)(looks < known ? (i + looks) % known : known);
    }
}

void
random_model_open(struct random_model *random,
                  const struct trace_random_options *options,
                  unsigned thread_count)
{
    struct trace_model_options model_options = {.thread_count = thread_count};
    struct error err = {0};
    const char *path;

    random->folder = temporary_folder_make();
    random->oracle = trace_random(random->folder, options);
    path = random->oracle->path;
    if (!trace_model_open(&random->model, &path, 1, &model_options, &err)
        || !span_scratch_new(&random->scratch, &err)) {
        fail(err.message);
    }
    match_functions(random);
}

void
random_model_close(struct random_model *random)
{
    span_scratch_free(random->scratch);
    trace_model_close(random->model);
    trace_oracle_free(random->oracle);
    temporary_folder_remove(random->folder);
    free(random->functions);
}

uint32_t
random_model_track(const struct random_model *random, uint32_t thread)
{
    char name[32];

    snprintf(name, sizeof name, "thread %u", thread);
    for (size_t i = 0; i < trace_model_track_count(random->model); i++) {
        if (strcmp(trace_model_track(random->model, i)->name, name) == 0) {
            return (uint32_t)i;
        }
    }
    fail(name);
    return 0;
}

uint32_t
random_model_function(const struct random_model *random, uint32_t function)
{
    return function == UINT32_MAX ? function : random->functions[function];
}
