// SPDX-License-Identifier: Apache-2.0
#include "import/chrome_event.h"

#include <string.h>

#include "import/json_object.h"
#include "import/json_scan.h"
#include "import/json_value.h"

enum { KEY_SIZE_MAX = 64, STACK_SIZE_MAX = 64 * 1024 };

/* A string or a word; anything else is passed over and reads as no text. */
static bool
read_scalar(struct json_scan *scan, size_t limit, struct text_span *text,
            bool *is_cut)
{
    char byte;

    *text = (struct text_span){0};
    if (!json_scan_peek(scan, &byte)) {
        return false;
    }
    if (byte == '"') {
        return json_scan_string(scan, limit, text, is_cut);
    }
    if (byte == '{' || byte == '[') {
        return json_scan_skip(scan);
    }
    return json_scan_word(scan, text);
}

static bool
stop_without_memory(struct json_scan *scan)
{
    (void)error_set_no_memory(&scan->error);
    scan->stop = JSON_STOP_FAILED;
    return false;
}

/* As above, and keep it: what is read next may take the scan's place. */
static bool
read_text(struct json_scan *scan, struct buffer *kept, size_t limit,
          struct text_span *text, bool *is_cut)
{
    if (!read_scalar(scan, limit, text, is_cut)) {
        return false;
    }
    buffer_clear(kept);
    buffer_append(kept, text->data, text->size);
    if (!buffer_is_ok(kept)) {
        return stop_without_memory(scan);
    }
    text->data = kept->data;
    return true;
}

static bool
read_letter(struct json_scan *scan, char *letter)
{
    struct text_span text;
    bool is_cut = false;

    if (!read_scalar(scan, 2, &text, &is_cut)) {
        return false;
    }
    *letter = text.size == 1 ? text.data[0] : '\0';
    return true;
}

static bool
read_time(struct json_scan *scan, int64_t *ns, int *decimals,
          enum chrome_value *value)
{
    struct text_span text;
    bool is_cut = false;

    if (!read_scalar(scan, KEY_SIZE_MAX, &text, &is_cut)) {
        return false;
    }
    *value = !is_cut && json_value_time(text, ns, decimals) ? CHROME_VALUE_GOOD
                                                            : CHROME_VALUE_BAD;
    return true;
}

static bool
read_ph(struct chrome_event *event, struct json_scan *scan)
{
    return read_letter(scan, &event->phase);
}

static bool
read_s(struct chrome_event *event, struct json_scan *scan)
{
    return read_letter(scan, &event->scope);
}

static bool
read_ts(struct chrome_event *event, struct json_scan *scan)
{
    return read_time(scan, &event->time_ns, &event->decimals, &event->time);
}

static bool
read_dur(struct chrome_event *event, struct json_scan *scan)
{
    return read_time(scan, &event->duration_ns, &event->decimals,
                     &event->duration);
}

static bool
read_id_text(struct json_scan *scan, struct buffer *kept,
             struct text_span *text)
{
    bool is_cut = false;

    return read_text(scan, kept, CHROME_ID_MAX, text, &is_cut);
}

static bool
read_pid(struct chrome_event *event, struct json_scan *scan)
{
    return read_id_text(scan, &event->kept_pid, &event->pid);
}

static bool
read_tid(struct chrome_event *event, struct json_scan *scan)
{
    return read_id_text(scan, &event->kept_tid, &event->tid);
}

static bool
read_id(struct chrome_event *event, struct json_scan *scan)
{
    return read_id_text(scan, &event->kept_id, &event->id);
}

static bool
read_scope(struct chrome_event *event, struct json_scan *scan)
{
    return read_id_text(scan, &event->kept_domain, &event->id_domain);
}

static bool
read_sf(struct chrome_event *event, struct json_scan *scan)
{
    return read_id_text(scan, &event->kept_frames[0], &event->frame);
}

static bool
read_esf(struct chrome_event *event, struct json_scan *scan)
{
    return read_id_text(scan, &event->kept_frames[1], &event->end_frame);
}

static bool
read_bp(struct chrome_event *event, struct json_scan *scan)
{
    return read_letter(scan, &event->bind);
}

/* {"local": "0x1"} or {"global": "0x1"} */
static bool
read_id2(struct chrome_event *event, struct json_scan *scan)
{
    struct buffer *kept = &event->kept_id;
    struct text_span object;
    bool is_cut = false;

    buffer_clear(kept);
    if (!json_scan_copy(scan, kept, CHROME_ID_MAX, &is_cut)) {
        return false;
    }
    object = (struct text_span){kept->data, kept->size};
    event->id = json_object_member(object, "global");
    event->id_scope = event->id.size > 0 ? CHROME_ID_GLOBAL : CHROME_ID_LOCAL;
    if (event->id.size == 0) {
        event->id = json_object_member(object, "local");
    }
    return true;
}

static bool
read_name(struct chrome_event *event, struct json_scan *scan)
{
    event->is_name_cut = false;
    return read_text(scan, &event->kept_name, CHROME_NAME_MAX, &event->name,
                     &event->is_name_cut);
}

static bool
read_cat(struct chrome_event *event, struct json_scan *scan)
{
    const struct text_span *category = &event->category;

    if (!read_id_text(scan, &event->kept_category, &event->category)) {
        return false;
    }
    event->is_function = category->size == 3
                         && (memcmp(category->data, "FEE", 3) == 0
                             || memcmp(category->data, "fee", 3) == 0);
    return true;
}

/* A list, whose JSON is kept. */
static bool
read_list(struct json_scan *scan, struct buffer *kept, struct text_span *list)
{
    bool is_cut = false;

    buffer_clear(kept);
    *list = (struct text_span){0};
    if (!json_scan_copy(scan, kept, STACK_SIZE_MAX, &is_cut)) {
        return false;
    }
    if (!is_cut && kept->size > 0 && kept->data[0] == '[') {
        *list = (struct text_span){kept->data, kept->size};
    }
    return true;
}

static bool
read_stack(struct chrome_event *event, struct json_scan *scan)
{
    return read_list(scan, &event->kept_stacks[0], &event->stack);
}

static bool
read_estack(struct chrome_event *event, struct json_scan *scan)
{
    return read_list(scan, &event->kept_stacks[1], &event->end_stack);
}

static bool
read_args(struct chrome_event *event, struct json_scan *scan)
{
    struct buffer *kept = &event->kept_args;

    buffer_clear(kept);
    event->are_args_cut = false;
    if (!json_scan_copy(scan, kept, CHROME_ARGS_MAX, &event->are_args_cut)) {
        return false;
    }
    if (kept->size == 4 && memcmp(kept->data, "null", 4) == 0) {
        buffer_clear(kept);
    }
    event->args = (struct text_span){kept->data, kept->size};
    return true;
}

static const struct member {
    const char *key;
    bool (*read)(struct chrome_event *event, struct json_scan *scan);
    enum shape_value shape;
} members[] = {
    {"pid", read_pid, SHAPE_PID},        {"tid", read_tid, SHAPE_TID},
    {"ts", read_ts, SHAPE_TIME},         {"ph", read_ph, SHAPE_CONSTANT},
    {"dur", read_dur, SHAPE_DURATION},   {"name", read_name, SHAPE_NAME},
    {"cat", read_cat, SHAPE_CONSTANT},   {"args", read_args, SHAPE_ARGS},
    {"s", read_s, SHAPE_CONSTANT},       {"id", read_id, SHAPE_ID},
    {"bp", read_bp, SHAPE_CONSTANT},     {"id2", read_id2, SHAPE_NONE},
    {"scope", read_scope, SHAPE_NONE},   {"sf", read_sf, SHAPE_NONE},
    {"esf", read_esf, SHAPE_NONE},       {"stack", read_stack, SHAPE_NONE},
    {"estack", read_estack, SHAPE_NONE},
};

/* NULL when nobody wants it. */
static const struct member *
find_member(struct text_span key)
{
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        if (strlen(members[i].key) == key.size
            && memcmp(members[i].key, key.data, key.size) == 0) {
            return &members[i];
        }
    }
    return NULL;
}

enum shape_value
chrome_event_shape_value(struct text_span key)
{
    const struct member *member = find_member(key);

    return member == NULL ? SHAPE_SKIP : member->shape;
}

static bool
read_member(struct chrome_event *event, struct json_scan *scan)
{
    const struct member *member;
    struct text_span key;
    bool is_cut = false;

    if (!json_scan_string(scan, KEY_SIZE_MAX, &key, &is_cut)) {
        return false;
    }
    member = find_member(key);
    return json_scan_need(scan, ':', "':'")
           && (member != NULL ? member->read(event, scan)
                              : json_scan_skip(scan));
}

void
chrome_event_clear(struct chrome_event *event)
{
    event->phase = event->scope = event->bind = '\0';
    event->is_function = false;
    event->is_name_cut = event->are_args_cut = false;
    event->time = event->duration = CHROME_VALUE_NONE;
    event->id_scope = CHROME_ID_PLAIN;
    event->pid = event->tid = event->name = event->id = event->args =
        event->id_domain = event->category = event->frame = event->end_frame =
            event->stack = event->end_stack = (struct text_span){0};
}

static bool
read_members(struct chrome_event *event, struct json_scan *scan)
{
    bool has_more;

    chrome_event_clear(event);
    if (!json_scan_need(scan, '{', "'{'")
        || !json_scan_take(scan, '}', &has_more)) {
        return false;
    }
    if (has_more) {
        return true; /* {} */
    }
    do {
        if (!read_member(event, scan)
            || !json_scan_take(scan, ',', &has_more)) {
            return false;
        }
    } while (has_more);
    return json_scan_need(scan, '}', "',' or '}'");
}

/* Member by member, and know its shape if it is all there. */
static bool
read_and_learn(struct chrome_event *event, struct json_scan *scan)
{
    uint64_t begin = json_scan_offset(scan);
    struct text_span text;

    if (!read_members(event, scan)) {
        return false;
    }
    if (json_scan_passed(scan, begin, &text)) {
        event_shapes_learn(&event->shapes, event, text);
    }
    return !event_shapes_failed(&event->shapes) || stop_without_memory(scan);
}

bool
chrome_event_read(struct chrome_event *event, struct json_scan *scan)
{
    const char *behind;

    if (event->has_no_shapes) {
        return read_members(event, scan);
    }
    behind = event_shapes_match(&event->shapes, event, scan->next, scan->end);
    if (behind == NULL) {
        return read_and_learn(event, scan);
    }
    scan->next = behind;
    return true;
}

void
chrome_event_release(struct chrome_event *event)
{
    event_shapes_release(&event->shapes);
    buffer_release(&event->kept_pid);
    buffer_release(&event->kept_tid);
    buffer_release(&event->kept_name);
    buffer_release(&event->kept_id);
    buffer_release(&event->kept_args);
    buffer_release(&event->kept_domain);
    buffer_release(&event->kept_category);
    for (size_t i = 0; i < 2; i++) {
        buffer_release(&event->kept_frames[i]);
        buffer_release(&event->kept_stacks[i]);
    }
}
