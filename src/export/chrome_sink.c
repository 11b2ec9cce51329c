// SPDX-License-Identifier: Apache-2.0
#include "export/chrome_sink.h"

#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/output_file.h"
#include "export/exporter.h"
#include "export/json_text.h"

enum { FLUSH_SIZE = 64 * 1024 };

static void
append_u64(struct buffer *buffer, uint64_t value)
{
    char digits[JSON_U64_SIZE];

    buffer_append(buffer, digits, json_write_u64(digits, value));
}

bool
chrome_sink_wants(const struct chrome_sink *sink, uint64_t time_ns,
                  uint64_t *end_ns)
{
    uint64_t end = UINT64_MAX;
    bool is_wanted =
        export_options_want(sink->options, sink->base_ns + time_ns, &end);

    if (end_ns != NULL) {
        *end_ns = end == UINT64_MAX ? end : end - sink->base_ns;
    }
    return is_wanted;
}

size_t
chrome_async_id(char *text, size_t track)
{
    int size =
        snprintf(text, CHROME_ASYNC_ID_SIZE, ",\"id\":\"0x%zx\"", track + 1);

    return size < 0 ? 0 : (size_t)size;
}

void
chrome_sink_begin(struct chrome_sink *sink, uint32_t pid, uint64_t tid)
{
    buffer_append_text(&sink->text, sink->has_events ? ",\n" : "\n");
    sink->has_events = true;
    buffer_append_text(&sink->text, "{\"pid\":");
    append_u64(&sink->text, pid);
    buffer_append_text(&sink->text, ",\"tid\":");
    append_u64(&sink->text, tid);
}

void
chrome_sink_key(struct chrome_sink *sink, const char *key)
{
    buffer_append_text(&sink->text, ",\"");
    buffer_append_text(&sink->text, key);
    buffer_append_text(&sink->text, "\":");
}

void
chrome_sink_string(struct chrome_sink *sink, const char *key, const char *value,
                   size_t size)
{
    chrome_sink_key(sink, key);
    json_append_string(&sink->text, value, size);
}

void
chrome_sink_time(struct chrome_sink *sink, uint64_t time_ns)
{
    char digits[JSON_MICROSECONDS_SIZE];

    chrome_sink_key(sink, "ts");
    buffer_append(&sink->text, digits,
                  json_write_microseconds(digits, sink->base_ns + time_ns));
}

bool
chrome_sink_end(struct chrome_sink *sink, struct error *err)
{
    buffer_append_char(&sink->text, '}');
    return sink->text.size < FLUSH_SIZE || chrome_sink_flush(sink, err);
}

bool
chrome_sink_flush(struct chrome_sink *sink, struct error *err)
{
    if (!buffer_is_ok(&sink->text)) {
        return error_set_no_memory(err);
    }
    if (!output_file_write(sink->file, sink->text.data, sink->text.size)) {
        return output_file_failure(sink->file, err);
    }
    buffer_clear(&sink->text);
    return true;
}
