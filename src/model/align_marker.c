// SPDX-License-Identifier: Apache-2.0
#include "model/align_marker.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "base/progress.h"
#include "model/slice_step.h"
#include "model/trace_model.h"

static size_t
input_of_track(const struct trace_model *model, uint32_t track)
{
    return trace_model_process(model, trace_model_track(model, track)->process)
        ->input;
}

/* times_ns has one time for each input; UINT64_MAX = none yet. */
static void
note(const struct trace_model *model, uint32_t track, uint64_t time_ns,
     uint64_t *times_ns)
{
    uint64_t *time = &times_ns[input_of_track(model, track)];

    *time = time_ns < *time ? time_ns : *time;
}

static void
find_instants(const struct trace_model *model, const char *marker,
              uint64_t *times_ns)
{
    size_t size = strlen(marker);

    for (size_t i = 0; i < trace_model_instant_count(model); i++) {
        struct model_instant instant = trace_model_instant(model, i);

        if (instant.name_size == size
            && memcmp(instant.name, marker, size) == 0) {
            note(model, instant.track, instant.time_ns, times_ns);
        }
    }
}

static bool
find_call_of_track(const struct trace_model *model, uint32_t track,
                   const uint8_t *functions, struct span_scratch *scratch,
                   uint64_t *times_ns, struct error *err)
{
    const struct progress progress = {0};
    const struct slice_step_request request = {
        .set = {.functions = functions,
                .function_count = trace_model_function_count(model),
                .track = track},
        .is_inclusive = true,
    };
    struct slice_step_result result;

    if (!slice_step(model, &request, &progress, scratch, &result, err)) {
        return false;
    }
    if (result.found) {
        note(model, track, result.slice.start_ns, times_ns);
    }
    return true;
}

/* Calls, in inputs that have no instant. */
static bool
find_calls(const struct trace_model *model, const char *marker,
           const uint64_t *instants_ns, uint64_t *times_ns, struct error *err)
{
    uint32_t count = trace_model_function_count(model);
    uint8_t *functions = array_new((size_t)count + 1, sizeof *functions, err);
    struct span_scratch *scratch = NULL;
    bool is_called = false;
    bool ok = functions != NULL && span_scratch_new(&scratch, err);

    for (uint32_t i = 0; ok && i < count; i++) {
        functions[i] =
            strcmp(trace_model_function(model, i)->name, marker) == 0;
        is_called |= functions[i] != 0;
    }
    for (uint32_t i = 0; ok && is_called && i < trace_model_track_count(model);
         i++) {
        if (instants_ns[input_of_track(model, i)] == UINT64_MAX) {
            ok =
                find_call_of_track(model, i, functions, scratch, times_ns, err);
        }
    }
    span_scratch_free(scratch);
    free(functions);
    return ok;
}

/* Nothing can happen before the start: all wait for the latest. */
static bool
make_delays(const struct trace_model *model, const char *marker,
            uint64_t *times_ns, struct error *err)
{
    size_t count = trace_model_input_count(model);
    uint64_t latest_ns = 0;

    for (size_t i = 0; i < count; i++) {
        if (times_ns[i] == UINT64_MAX) {
            return error_set(err, ERROR_USAGE,
                             "%s has no instant and no call named \"%s\"",
                             trace_model_input_name(model, i), marker);
        }
        latest_ns = times_ns[i] > latest_ns ? times_ns[i] : latest_ns;
    }
    for (size_t i = 0; i < count; i++) {
        times_ns[i] = latest_ns - times_ns[i];
    }
    return true;
}

bool
align_marker_find(const struct trace_model *model, const char *marker,
                  uint64_t **delays_ns, struct error *err)
{
    size_t count = trace_model_input_count(model);
    uint64_t *instants_ns = array_new(count, sizeof *instants_ns, err);
    uint64_t *times_ns = array_new(count, sizeof *times_ns, err);
    bool ok = instants_ns != NULL && times_ns != NULL;

    for (size_t i = 0; ok && i < count; i++) {
        instants_ns[i] = UINT64_MAX;
    }
    if (ok) {
        find_instants(model, marker, instants_ns);
        memcpy(times_ns, instants_ns, count * sizeof *times_ns);
        ok = find_calls(model, marker, instants_ns, times_ns, err)
             && make_delays(model, marker, times_ns, err);
    }
    free(instants_ns);
    if (!ok) {
        free(times_ns);
        return false;
    }
    *delays_ns = times_ns;
    return true;
}
