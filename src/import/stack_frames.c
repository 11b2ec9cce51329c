// SPDX-License-Identifier: Apache-2.0
#include "import/stack_frames.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/intern.h"
#include "import/json_scan.h"

enum { IS_FRAME = 1 }; /* of a reference: frame << 1 | 1, or (key + 1) << 1 */

/* What a key is. */
struct keyed_frame {
    bool is_defined;
    bool is_found;
    bool is_on_path; /* its callers are being looked for */
    uint32_t name;
    uint32_t caller; /* a key; UINT32_MAX = none */
    uint32_t frame;  /* when it was found */
};

bool
stack_frames_init(struct stack_frames *frames, struct intern_table *names,
                  struct error *err)
{
    *frames = (struct stack_frames){.names = names};
    frames->path = array_new(STACK_DEPTH_MAX, sizeof *frames->path, err);
    return frames->path != NULL && intern_table_new(&frames->keys, err)
           && intern_table_new(&frames->frames, err);
}

static bool
find_key(struct stack_frames *frames, struct text_span text, uint32_t *key,
         struct error *err)
{
    if (!intern_table_add(frames->keys, text.data, text.size, key, err)) {
        return false;
    }
    if (*key < frames->keyed_count) {
        return true;
    }
    if (!array_reserve((void **)&frames->keyed, &frames->keyed_capacity,
                       frames->keyed_count + 1, sizeof *frames->keyed, err)) {
        return false;
    }
    frames->keyed[frames->keyed_count++] = (struct keyed_frame){0};
    return true;
}

bool
stack_frames_define(struct stack_frames *frames, struct text_span key,
                    struct text_span name, struct text_span caller,
                    struct error *err)
{
    struct keyed_frame frame = {.is_defined = true, .caller = UINT32_MAX};
    uint32_t index;

    if (!find_key(frames, key, &index, err)
        || !intern_table_add(frames->names, name.data, name.size, &frame.name,
                             err)
        || (caller.size > 0 && !find_key(frames, caller, &frame.caller, err))) {
        return false;
    }
    frames->keyed[index] = frame;
    return true;
}

bool
stack_frames_of_key(struct stack_frames *frames, struct text_span key,
                    stack_reference *reference, struct error *err)
{
    uint32_t index;

    if (!find_key(frames, key, &index, err)) {
        return false;
    }
    *reference = (index + 1) << 1;
    return true;
}

static bool
add_frame(struct stack_frames *frames, uint32_t caller, uint32_t name,
          uint32_t *frame, struct error *err)
{
    const struct stack_frame what = {.caller = caller, .name = name};

    return intern_table_add(frames->frames, &what, sizeof what, frame, err);
}

/* The names of a list; the path gets them. */
static bool
read_list(struct stack_frames *frames, struct json_scan *scan, size_t *count,
          struct error *err)
{
    bool has_more = json_scan_need(scan, '[', "'['");
    struct text_span text;
    bool is_cut = false;
    char byte;

    *count = 0;
    while (has_more && *count < STACK_DEPTH_MAX && json_scan_peek(scan, &byte)
           && byte == '"' && json_scan_string(scan, SIZE_MAX, &text, &is_cut)) {
        if (!intern_table_add(frames->names, text.data, text.size,
                              &frames->path[(*count)++], err)) {
            return false;
        }
        has_more = json_scan_take(scan, ',', &has_more) && has_more;
    }
    return true;
}

bool
stack_frames_of_list(struct stack_frames *frames, struct text_span list,
                     stack_reference *reference, struct error *err)
{
    struct json_scan scan;
    uint32_t frame = UINT32_MAX;
    size_t count;
    bool ok;

    json_scan_open_memory(&scan, list);
    ok = read_list(frames, &scan, &count, err);
    json_scan_close(&scan);
    for (size_t i = count; ok && i-- > 0;) {
        ok = add_frame(frames, frame, frames->path[i], &frame, err);
    }
    *reference = ok && frame != UINT32_MAX ? frame << 1 | IS_FRAME : STACK_NONE;
    return ok;
}

/* Callers first, down to the key. A circle of callers is opened where it was
 * entered. */
static bool
find_frame(struct stack_frames *frames, uint32_t key, struct error *err)
{
    uint32_t frame = UINT32_MAX;
    size_t count = 0;

    while (count < STACK_DEPTH_MAX && key != UINT32_MAX
           && frames->keyed[key].is_defined && !frames->keyed[key].is_found
           && !frames->keyed[key].is_on_path) {
        frames->keyed[key].is_on_path = true;
        frames->path[count++] = key;
        key = frames->keyed[key].caller;
    }
    if (count < STACK_DEPTH_MAX && key != UINT32_MAX
        && frames->keyed[key].is_found) {
        frame = frames->keyed[key].frame;
    }
    while (count-- > 0) {
        struct keyed_frame *keyed = &frames->keyed[frames->path[count]];

        keyed->is_on_path = false;
        if (!add_frame(frames, frame, keyed->name, &frame, err)) {
            return false;
        }
        keyed->frame = frame;
        keyed->is_found = true;
    }
    return true;
}

bool
stack_frames_find(struct stack_frames *frames, stack_reference reference,
                  uint32_t *frame, struct error *err)
{
    uint32_t key = (reference >> 1) - 1;

    *frame = UINT32_MAX;
    if ((reference & IS_FRAME) != 0) {
        *frame = reference >> 1;
        return true;
    }
    if (reference == STACK_NONE || !frames->keyed[key].is_defined) {
        return true;
    }
    if (!find_frame(frames, key, err)) {
        return false;
    }
    *frame = frames->keyed[key].frame;
    return true;
}

struct stack_frame
stack_frames_at(const struct stack_frames *frames, uint32_t frame)
{
    struct stack_frame found;

    memcpy(&found, intern_table_text(frames->frames, frame, NULL),
           sizeof found);
    return found;
}

void
stack_frames_release(struct stack_frames *frames)
{
    intern_table_free(frames->keys);
    intern_table_free(frames->frames);
    free(frames->keyed);
    free(frames->path);
    *frames = (struct stack_frames){0};
}
