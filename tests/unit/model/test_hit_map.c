// SPDX-License-Identifier: Apache-2.0
/* Cells in which hits start, against a look at every call. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>

#include "base/error.h"
#include "model/hit_map.h"
#include "model/slice_hits.h"
#include "random_model.h"
#include "random_scope.h"
#include "support/random.h"

enum { COLUMNS = 40, FUNCTIONS_MAX = 4096 };

static const struct progress no_progress;

/* Whether a call of the oracle starts in a cell. */
static bool
has_start(const struct random_model *random, const struct slice_hit_set *set,
          const struct slice *slices, size_t count, uint32_t track,
          uint32_t depth, const struct timeline_grid *grid, uint32_t column)
{
    for (size_t i = 0; i < count; i++) {
        int64_t since = (int64_t)slices[i].start_ns - grid->origin_ns;
        uint32_t function = 0;

        if (slices[i].track != track || slices[i].depth != depth || since < 0
            || (uint64_t)since / grid->column_ns != column) {
            continue;
        }
        while (function < set->function_count
               && random_model_function(random, function)
                      != slices[i].function) {
            function++;
        }
        if (set->functions[function] != 0) {
            return true;
        }
    }
    return false;
}

static void
check(const struct random_model *random, const struct hit_map *map,
      const struct hit_map_request *request, const struct slice *slices,
      size_t count, struct random *numbers)
{
    for (int i = 0; i < 300; i++) {
        uint32_t track = (uint32_t)random_below(
            numbers, trace_model_track_count(random->model));
        uint32_t depth = (uint32_t)random_below(
            numbers, trace_model_track(random->model, track)->depth + 1);
        uint32_t column = (uint32_t)random_below(numbers, COLUMNS);

        if (depth >= SLICE_HITS_LEVELS - 1) {
            continue; /* they are one */
        }
        cr_assert(eq(int, hit_map_has(map, track, depth, column, false),
                     has_start(random, &request->set, slices, count, track,
                               depth, &request->grid, column)));
    }
}

Test(hit_map, has_the_cells_in_which_hits_start)
{
    struct random numbers = {5};

    for (size_t kind = 0; kind < random_model_kind_count(); kind++) {
        struct random_model random = {0};
        struct trace_scope whole = trace_scope_whole();
        uint8_t functions[FUNCTIONS_MAX] = {0};
        struct slice *slices;
        size_t count;

        random_model_open(&random, random_model_kind(kind), 2);
        slices = random_scope_slices(&random, &whole, &count);
        for (int turn = 0; turn < 6; turn++) {
            uint64_t end = trace_model_summary(random.model).duration_ns + 2;
            uint32_t function_count = trace_model_function_count(random.model);
            struct slice_hits_request ask = {.window_end_ns = 1};
            struct hit_map_request request;
            struct slice_hits hits;
            struct hit_map map;

            cr_assert(lt(u32, function_count, FUNCTIONS_MAX));
            for (uint32_t i = 0; i <= function_count; i++) {
                functions[i] = random_permille(&numbers, 300);
            }
            ask.grid = (struct timeline_grid){
                .origin_ns =
                    (int64_t)random_below(&numbers, end) - (int64_t)end / 3,
                .column_ns = 1 + random_below(&numbers, end / COLUMNS * 2 + 1),
                .column_count = COLUMNS,
            };
            ask.set = (struct slice_hit_set){
                .functions = functions,
                .function_count = function_count,
                .track = UINT32_MAX,
            };
            cr_assert(slice_hits_count(random.model, &ask, &no_progress, &hits,
                                       NULL));
            request = (struct hit_map_request){
                .set = ask.set,
                .block_counts = hits.block_counts,
                .block_levels = hits.block_levels,
                .grid = ask.grid,
            };
            cr_assert(
                hit_map_make(&map, random.model, &request, &no_progress, NULL));
            check(&random, &map, &request, slices, count, &numbers);
            hit_map_release(&map);
            slice_hits_release(&hits);
        }
        free(slices);
        random_model_close(&random);
    }
}
