// SPDX-License-Identifier: Apache-2.0
#include "import/counter_args.h"

#include <stdlib.h>

#include "base/array.h"
#include "base/error.h"
#include "import/json_scan.h"
#include "import/json_value.h"

static void
cut_text(struct counter_args *counter, size_t begin)
{
    if (counter->text.size - begin > COUNTER_TEXT_MAX) {
        counter->text.size = begin + COUNTER_TEXT_MAX;
        counter->cut_count++;
    }
}

static void
read_name(struct counter_args *counter, struct text_span name,
          struct text_span id)
{
    struct buffer *text = &counter->text;

    buffer_clear(text);
    json_value_string(name, text);
    if (id.size > 0) {
        buffer_append_char(text, '[');
        json_value_string(id, text);
        buffer_append_char(text, ']');
    }
    cut_text(counter, 0);
    counter->name_size = text->size;
}

/* A number, or a string that is one, as Bazel writes it. */
static bool
read_value(struct json_scan *scan, struct counter_value *value, bool *found)
{
    struct text_span span;
    bool is_cut = false;
    char byte;

    if (!json_scan_peek(scan, &byte)) {
        return false;
    }
    if (byte == '{' || byte == '[') {
        return json_scan_skip(scan);
    }
    if (byte == '"' ? !json_scan_string(scan, SIZE_MAX, &span, &is_cut)
                    : !json_scan_word(scan, &span)) {
        return false;
    }
    *found = json_value_number(span, value);
    return true;
}

/* One member of the arguments. Its key goes behind the texts that are there,
 * if its value is a number. */
static bool
read_series(struct counter_args *counter, struct json_scan *scan,
            struct counter_value *value, bool *found)
{
    struct buffer *text = &counter->text;
    size_t begin = text->size;
    struct text_span span;
    bool is_cut = false;
    bool ok;

    *found = false;
    if (!json_scan_string(scan, SIZE_MAX, &span, &is_cut)) {
        return false;
    }
    json_value_string(span, text);
    cut_text(counter, begin);
    value->key = (struct text_span){NULL, text->size - begin};
    ok = json_scan_need(scan, ':', "':'") && read_value(scan, value, found);
    if (!*found) {
        text->size = begin;
    }
    return ok;
}

static bool
read_all(struct counter_args *counter, struct json_scan *scan,
         struct error *err)
{
    bool goes_on = json_scan_need(scan, '{', "'{'");

    while (goes_on && counter->count < COUNTER_SERIES_MAX) {
        bool found;

        if (!array_reserve((void **)&counter->values, &counter->capacity,
                           counter->count + 1, sizeof *counter->values, err)) {
            return false;
        }
        if (!read_series(counter, scan, &counter->values[counter->count],
                         &found)) {
            break;
        }
        counter->count += found;
        counter->lost_count += !found;
        if (!json_scan_take(scan, ',', &goes_on)) {
            break;
        }
    }
    return true;
}

bool
counter_args_read(struct counter_args *counter, struct text_span name,
                  struct text_span id, struct text_span args, struct error *err)
{
    struct json_scan scan;
    const char *key;
    bool ok;

    counter->count = 0;
    counter->lost_count = counter->cut_count = 0;
    read_name(counter, name, id);
    json_scan_open_memory(&scan, args);
    ok = read_all(counter, &scan, err);
    json_scan_close(&scan);
    if (!ok) {
        return false;
    }
    if (!buffer_is_ok(&counter->text)) {
        return error_set_no_memory(err);
    }
    key = counter->name_size == 0 ? counter->text.data
                                  : counter->text.data + counter->name_size;
    for (size_t i = 0; i < counter->count; i++) {
        counter->values[i].key.data = key;
        key += counter->values[i].key.size;
    }
    return true;
}

void
counter_args_release(struct counter_args *counter)
{
    free(counter->values);
    buffer_release(&counter->text);
    *counter = (struct counter_args){0};
}
