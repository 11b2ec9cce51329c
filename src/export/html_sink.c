// SPDX-License-Identifier: Apache-2.0
#include "export/html_sink.h"

#include "base/deflate_text.h"
#include "base/error.h"
#include "export/exporter.h"

enum { STEP_SIZE = 64 * 1024, NUMBER_SIZE = 10 };

bool
html_sink_wants(const struct html_sink *sink, uint64_t time_ns,
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

void
html_append_number(struct buffer *bytes, uint64_t value)
{
    char encoded[NUMBER_SIZE];
    size_t size = 0;

    while (value >= 0x80) {
        encoded[size++] = (char)(value | 0x80);
        value >>= 7;
    }
    encoded[size++] = (char)value;
    buffer_append(bytes, encoded, size);
}

void
html_sink_text(struct html_sink *sink, const char *text, size_t size)
{
    html_append_number(&sink->bytes, size);
    buffer_append(&sink->bytes, text, size);
}

bool
html_sink_flush(struct html_sink *sink, struct error *err)
{
    bool ok = buffer_is_ok(&sink->bytes) ? deflate_text_write(
                  sink->text, sink->bytes.data, sink->bytes.size, err)
                                         : error_set_no_memory(err);

    buffer_clear(&sink->bytes);
    return ok;
}

bool
html_sink_step(struct html_sink *sink, struct error *err)
{
    bool is_due = sink->bytes.size >= STEP_SIZE || sink->bytes.has_failed;

    return !is_due || html_sink_flush(sink, err);
}

bool
html_sink_report(const struct html_sink *sink, uint64_t done, uint64_t total,
                 struct error *err)
{
    const struct progress *progress = &sink->options->progress;

    return progress->report == NULL
           || progress->report(progress->context, done, total)
           || error_set(err, ERROR_CANCELLED, "cancelled");
}
