// SPDX-License-Identifier: Apache-2.0
#include "import/payload_merge.h"

#include <string.h>

#include "base/error.h"
#include "base/intern.h"
#include "import/event_intake_parts.h"
#include "import/json_object.h"

/* Of struct vzt_arguments, while it is put aside: two references stand behind
 * the text, and count in its size. */
#define HAS_STACKS (1u << 31)

enum {
    STACKS_SIZE = 2 * sizeof(stack_reference),
    FRAMES_MAX = 128, /* of a stack, from the innermost one */
};

static void
mark_stacks(uint64_t *words)
{
    struct vzt_arguments fixed;

    memcpy(&fixed, words + 1, sizeof fixed);
    fixed.flags |= HAS_STACKS;
    memcpy(words + 1, &fixed, sizeof fixed);
}

bool
payload_put(struct event_intake *intake, struct text_span args,
            const stack_reference stacks[2], uint32_t *place, struct error *err)
{
    bool has_stacks = stacks[0] != STACK_NONE || stacks[1] != STACK_NONE;
    struct text_span text = args;
    struct buffer both = {0};
    size_t count;
    bool ok;

    *place = 0;
    if (args.size == 0 && !has_stacks) {
        return true;
    }
    if (has_stacks) {
        buffer_append(&both, args.data, args.size);
        buffer_append(&both, stacks, STACKS_SIZE);
        text = intake_span(&both);
    }
    ok = (buffer_is_ok(&both) || error_set_no_memory(err))
         && intake_reserve_words(intake, text.size, err);
    if (ok) {
        count =
            record_encode_arguments(intake->words, intake->word_capacity, text);
        if (has_stacks) {
            mark_stacks(intake->words);
        }
        ok = intake_put_record(intake, count, place, err);
    }
    buffer_release(&both);
    return ok;
}

/* Take a record of arguments apart; those without stacks are left alone. */
static void
take_apart(const uint64_t *words, struct text_span *args,
           stack_reference stacks[2])
{
    struct vzt_arguments fixed;

    memcpy(&fixed, words + 1, sizeof fixed);
    args->data = (const char *)(words + 1) + sizeof fixed;
    args->size = fixed.args_size;
    stacks[0] = stacks[1] = STACK_NONE;
    if ((fixed.flags & HAS_STACKS) != 0) {
        args->size -= STACKS_SIZE;
        memcpy(stacks, args->data + args->size, STACKS_SIZE);
    }
}

static bool
read_arguments(struct event_intake *intake, uint32_t place, struct buffer *text,
               stack_reference stacks[2], struct error *err)
{
    const uint64_t *words;
    struct text_span args;
    size_t count;

    if (!event_intake_payload(intake, place, &words, &count, err)) {
        return false;
    }
    take_apart(words, &args, stacks);
    buffer_clear(text);
    buffer_append(text, args.data, args.size);
    return buffer_is_ok(text) || error_set_no_memory(err);
}

bool
payload_merge(struct event_intake *intake, uint32_t begin, uint32_t end,
              uint32_t *place, struct error *err)
{
    struct buffer *first = &intake->text;
    struct buffer *second = &intake->more_text;
    struct buffer merged = {0};
    stack_reference stacks[2];
    stack_reference end_stacks[2];
    bool ok;

    if (begin == 0 || end == 0) {
        *place = begin == 0 ? end : begin;
        return true;
    }
    ok = read_arguments(intake, begin, first, stacks, err)
         && read_arguments(intake, end, second, end_stacks, err);
    if (ok && end_stacks[1] != STACK_NONE) {
        stacks[1] = end_stacks[1];
    }
    if (ok && first->size > 0 && second->size > 0) {
        ok = json_object_merge(intake_span(first), intake_span(second), &merged,
                               err);
    } else if (ok) {
        const struct buffer *only = first->size > 0 ? first : second;

        buffer_append(&merged, only->data, only->size);
        ok = buffer_is_ok(&merged) || error_set_no_memory(err);
    }
    ok = ok && payload_put(intake, intake_span(&merged), stacks, place, err);
    buffer_release(&merged);
    return ok;
}

/* "stack":["inner","outer"] */
static bool
append_stack(struct event_intake *intake, const char *key,
             stack_reference stack, struct buffer *text, struct error *err)
{
    uint32_t frame;

    if (!stack_frames_find(&intake->frames, stack, &frame, err)) {
        return false;
    }
    if (frame == UINT32_MAX) {
        return true;
    }
    buffer_append_text(text, text->size > 1 ? "," : "");
    buffer_append_format(text, "\"%s\":[", key);
    for (size_t i = 0; i < FRAMES_MAX && frame != UINT32_MAX; i++) {
        struct stack_frame what = stack_frames_at(&intake->frames, frame);
        size_t size;
        const char *name =
            intern_table_text(intake->tables.names, what.name, &size);

        buffer_append_text(text, i == 0 ? "\"" : ",\"");
        buffer_append(text, name, size);
        buffer_append_char(text, '"');
        frame = what.caller;
    }
    buffer_append_text(text, frame == UINT32_MAX ? "]" : ",\"...\"]");
    return true;
}

/* The stacks, and the arguments beside them. */
static bool
put_together(struct event_intake *intake, struct text_span args,
             const stack_reference stacks[2], struct buffer *text,
             struct error *err)
{
    struct buffer object = {0};
    bool ok;

    buffer_append_char(&object, '{');
    if (args.size > 0 && args.data[0] != '{') {
        buffer_append_text(&object, "\"args\":");
        buffer_append(&object, args.data, args.size);
        args = (struct text_span){"{}", 2};
    }
    ok = append_stack(intake, "stack", stacks[0], &object, err)
         && append_stack(intake, "end stack", stacks[1], &object, err);
    buffer_append_char(&object, '}');
    if (ok && object.size == sizeof "{}" - 1 && args.size == 0) {
        buffer_release(&object);
        return true; /* no stack was ever defined */
    }
    ok = ok && (buffer_is_ok(&object) || error_set_no_memory(err));
    if (ok && args.size > 0) {
        ok = json_object_merge(intake_span(&object), args, text, err);
    } else if (ok) {
        buffer_append(text, object.data, object.size);
        ok = buffer_is_ok(text) || error_set_no_memory(err);
    }
    buffer_release(&object);
    return ok;
}

bool
payload_finish(struct event_intake *intake, uint32_t place,
               const uint64_t **words, size_t *count, struct error *err)
{
    struct buffer *text = &intake->more_text;
    stack_reference stacks[2];
    struct text_span args;

    if (!event_intake_payload(intake, place, words, count, err)) {
        return false;
    }
    take_apart(*words, &args, stacks);
    if (stacks[0] == STACK_NONE && stacks[1] == STACK_NONE) {
        return true;
    }
    buffer_clear(text);
    if (!put_together(intake, args, stacks, text, err)
        || !intake_reserve_words(intake, text->size, err)) {
        return false;
    }
    *count = text->size == 0
                 ? 0
                 : record_encode_arguments(intake->words, intake->word_capacity,
                                           intake_span(text));
    *words = intake->words;
    return true;
}
