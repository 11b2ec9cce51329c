// SPDX-License-Identifier: Apache-2.0
/* What ids and names mean: the process, functions, strings, sources. */
#include "tracer/record/recorder.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "tracer/record/record_text.h"
#include "tracer/record/recorder_state.h"

bool
recorder_define_process(struct recorder *recorder)
{
    uint64_t *scratch = definition_log_scratch(recorder);

    return scratch != NULL
           && definition_log_put(
               recorder, record_encode_process(scratch, DEFINITION_WORDS_MAX,
                                               &recorder->process));
}

void
recorder_name_process(struct recorder *recorder, struct text_span name)
{
    struct text_span cut = cut_text(name, PATH_MAX);
    char *copy = malloc(cut.size + 1);
    struct recorder_section section;
    char *old = NULL;

    if (copy == NULL) {
        return;
    }
    memcpy(copy, cut.data, cut.size);
    if (recorder_enter(recorder, &section)) {
        old = recorder->process_name;
        recorder->process_name = copy;
        recorder->process.name =
            (struct text_span){.data = copy, .size = cut.size};
        copy = NULL;
        if (recorder->is_open) {
            (void)recorder_define_process(recorder);
        }
    }
    recorder_leave(recorder, &section);
    free(copy);
    free(old);
}

static uint32_t
define_function(struct recorder *recorder,
                const struct function_definition *function)
{
    struct function_definition cut = *function;
    uint64_t *scratch;
    uint32_t id = recorder->last_function + 1;

    if (id > EVENT_FUNCTION_MAX) {
        (void)recorder_stop(recorder, VZT_STOP_TABLE_FULL);
        return 0;
    }
    scratch = definition_log_scratch(recorder);
    if (scratch == NULL) {
        return 0;
    }
    cut.name = cut_text(cut.name, VZT_STRING_SIZE_MAX);
    cut.file = cut_text(cut.file, PATH_MAX);
    if (!definition_log_put(
            recorder,
            record_encode_function(scratch, DEFINITION_WORDS_MAX, id, &cut))) {
        return 0;
    }
    recorder->last_function = id;
    return id;
}

uint32_t
recorder_function(struct recorder *recorder,
                  const struct function_definition *function)
{
    struct recorder_section section;
    uint32_t id = 0;

    if (!recorder_is_recording(recorder)) {
        return 0;
    }
    if (recorder_enter(recorder, &section) && recorder_open(recorder)) {
        id = define_function(recorder, function);
    }
    recorder_leave(recorder, &section);
    return id;
}

static bool
define_source(struct recorder *recorder, struct text_span path,
              struct text_span text, uint64_t hash)
{
    for (size_t at = 0; at == 0 || at < text.size; at += VZT_STRING_SIZE_MAX) {
        uint64_t *scratch = definition_log_scratch(recorder);
        struct text_span piece = {.data = text.data + at,
                                  .size = text.size - at};

        if (piece.size > VZT_STRING_SIZE_MAX) {
            piece.size = VZT_STRING_SIZE_MAX;
        }
        if (scratch == NULL
            || !definition_log_put(
                recorder,
                record_encode_source(scratch, DEFINITION_WORDS_MAX, path, piece,
                                     at, text.size, hash))) {
            return false;
        }
    }
    return true;
}

void
recorder_source(struct recorder *recorder, struct text_span path,
                struct text_span text)
{
    struct recorder_section section;
    uint64_t hash;

    if (!recorder_is_recording(recorder)) {
        return;
    }
    hash = hash_bytes(text.data, text.size);
    path = cut_text(path, PATH_MAX);
    if (recorder_enter(recorder, &section) && recorder_open(recorder)) {
        (void)define_source(recorder, path, text, hash);
    }
    recorder_leave(recorder, &section);
}

uint32_t
recorder_define_string(struct recorder *recorder, struct text_span text)
{
    struct recorder_section section;
    uint32_t id = 0;

    if (recorder_enter(recorder, &section) && recorder_open(recorder)) {
        uint64_t *scratch = definition_log_scratch(recorder);

        id = ++recorder->last_string;
        if (scratch == NULL
            || !definition_log_put(
                recorder, record_encode_string(scratch, DEFINITION_WORDS_MAX,
                                               id, text))) {
            id = 0;
        }
    }
    recorder_leave(recorder, &section);
    return id;
}
