// SPDX-License-Identifier: Apache-2.0
#include "import/json_object.h"

#include <stdint.h>
#include <string.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/intern.h"

void
json_members_begin(struct json_members *members, struct text_span object)
{
    bool is_empty = false;

    json_scan_open_memory(&members->scan, object);
    members->goes_on = json_scan_need(&members->scan, '{', "'{'")
                       && json_scan_take(&members->scan, '}', &is_empty)
                       && !is_empty;
}

bool
json_members_next(struct json_members *members, struct json_member *member)
{
    struct json_scan *scan = &members->scan;
    bool is_cut = false;
    char byte;

    if (!members->goes_on) {
        return false;
    }
    members->goes_on = false;
    if (!json_scan_string(scan, SIZE_MAX, &member->key, &is_cut)
        || !json_scan_need(scan, ':', "':'") || !json_scan_peek(scan, &byte)) {
        return false;
    }
    member->value.data = scan->next;
    if (!json_scan_skip(scan)) {
        return false;
    }
    member->value.size = (size_t)(scan->next - member->value.data);
    if (!json_scan_take(scan, ',', &members->goes_on)) {
        members->goes_on = false; /* the text ends there */
    }
    return true;
}

void
json_members_release(struct json_members *members)
{
    json_scan_close(&members->scan);
}

struct text_span
json_object_member(struct text_span object, const char *key)
{
    struct json_members members;
    struct json_member member;
    struct text_span value = {0};

    json_members_begin(&members, object);
    while (value.size == 0 && json_members_next(&members, &member)) {
        if (member.key.size == strlen(key)
            && memcmp(member.key.data, key, member.key.size) == 0) {
            value = member.value;
        }
    }
    json_members_release(&members); /* the text is in the object */
    if (value.size >= 2 && value.data[0] == '"') {
        return (struct text_span){value.data + 1, value.size - 2};
    }
    return value.size > 0 && (value.data[0] == '{' || value.data[0] == '[')
               ? (struct text_span){0}
               : value;
}

static void
append_member(struct buffer *out, const struct json_member *member)
{
    buffer_append_text(out, out->data[out->size - 1] == '{' ? "\"" : ",\"");
    buffer_append(out, member->key.data, member->key.size);
    buffer_append_text(out, "\":");
    buffer_append(out, member->value.data, member->value.size);
}

static void
append_pair(struct text_span first, struct text_span second, struct buffer *out)
{
    buffer_append_text(out, "{\"begin\":");
    buffer_append(out, first.data, first.size);
    buffer_append_text(out, ",\"end\":");
    buffer_append(out, second.data, second.size);
    buffer_append_char(out, '}');
}

/* The members of an object whose keys are not in the table; those are added. */
static bool
append_members(struct text_span object, struct intern_table *keys,
               struct buffer *out, struct error *err)
{
    struct json_members members;
    struct json_member member;
    bool ok = true;

    json_members_begin(&members, object);
    while (ok && json_members_next(&members, &member)) {
        uint32_t count = intern_table_count(keys);
        uint32_t id;

        ok = intern_table_add(keys, member.key.data, member.key.size, &id, err);
        if (ok && id == count) {
            append_member(out, &member);
            ok = buffer_is_ok(out) || error_set_no_memory(err);
        }
    }
    json_members_release(&members);
    return ok;
}

bool
json_object_merge(struct text_span first, struct text_span second,
                  struct buffer *out, struct error *err)
{
    struct intern_table *keys = NULL;
    bool ok;

    if (first.size == 0 || first.data[0] != '{' || second.size == 0
        || second.data[0] != '{') {
        append_pair(first, second, out);
        return buffer_is_ok(out) || error_set_no_memory(err);
    }
    buffer_append_char(out, '{');
    ok = (buffer_is_ok(out) || error_set_no_memory(err))
         && intern_table_new(&keys, err)
         && append_members(second, keys, out, err)
         && append_members(first, keys, out, err);
    intern_table_free(keys);
    buffer_append_char(out, '}');
    return ok && (buffer_is_ok(out) || error_set_no_memory(err));
}
