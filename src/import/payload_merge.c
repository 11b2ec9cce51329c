// SPDX-License-Identifier: Apache-2.0
#include "import/payload_merge.h"

#include <string.h>

#include "base/error.h"
#include "import/event_intake_parts.h"
#include "import/json_object.h"

/* Append the text of a record of arguments. */
static bool
read_arguments(struct event_intake *intake, uint32_t place, struct buffer *text,
               struct error *err)
{
    const uint64_t *words;
    struct vzt_arguments fixed;
    size_t count;

    if (!event_intake_payload(intake, place, &words, &count, err)) {
        return false;
    }
    memcpy(&fixed, words + 1, sizeof fixed);
    buffer_clear(text);
    buffer_append(text, (const char *)(words + 1) + sizeof fixed,
                  fixed.args_size);
    return buffer_is_ok(text) || error_set_no_memory(err);
}

static bool
put(struct event_intake *intake, const struct buffer *text, uint32_t *place,
    struct error *err)
{
    return intake_reserve_words(intake, text->size, err)
           && intake_put_record(intake,
                                record_encode_arguments(intake->words,
                                                        intake->word_capacity,
                                                        intake_span(text)),
                                place, err);
}

bool
payload_merge(struct event_intake *intake, uint32_t begin, uint32_t end,
              uint32_t *place, struct error *err)
{
    struct buffer *first = &intake->text;
    struct buffer *second = &intake->more_text;
    struct buffer merged = {0};
    bool ok;

    if (begin == 0 || end == 0) {
        *place = begin == 0 ? end : begin;
        return true;
    }
    ok = read_arguments(intake, begin, first, err)
         && read_arguments(intake, end, second, err);
    if (ok) {
        ok = json_object_merge(intake_span(first), intake_span(second), &merged,
                               err)
             && put(intake, &merged, place, err);
    }
    buffer_release(&merged);
    return ok;
}
