// SPDX-License-Identifier: Apache-2.0
/* Keys are written once: interned, in their order of appearance. */
#include "export/chrome_file_info.h"

#include <stdint.h>
#include <string.h>

#include "base/error.h"
#include "base/intern.h"
#include "export/chrome_sink.h"
#include "export/json_text.h"
#include "format/source_text.h"
#include "model/trace_model.h"

enum { LABEL_SPACE = 32 };

/* Add a key. *is_new tells whether it was not there yet. */
static bool
add_key(struct intern_table *keys, const char *key, bool *is_new,
        struct error *err)
{
    uint32_t count = intern_table_count(keys);
    uint32_t id;

    if (!intern_table_add(keys, key, strlen(key), &id, err)) {
        return false;
    }
    *is_new = id == count;
    return true;
}

static size_t
count_newlines(const char *text, size_t size)
{
    size_t count = 0;

    for (size_t i = 0; i < size; i++) {
        count += text[i] == '\n';
    }
    return count;
}

/* The text and its number of newlines. */
static void
append_source(struct buffer *out, const struct model_source *source)
{
    struct buffer text = {0};

    source_text_decode(&text, source->text, source->size);
    json_append_string(out, text.data, text.size);
    buffer_append_format(out, ",%zu", count_newlines(text.data, text.size));
    out->has_failed |= text.has_failed;
    buffer_release(&text);
}

static bool
write_files(struct chrome_sink *sink, struct intern_table *paths,
            struct error *err)
{
    size_t count = trace_model_source_count(sink->model);

    for (size_t i = 0; i < count; i++) {
        struct model_source source = trace_model_source(sink->model, i);
        bool is_first = intern_table_count(paths) == 0;
        bool is_new = false;

        if (!source.is_whole) {
            continue;
        }
        if (!add_key(paths, source.path, &is_new, err)) {
            return false;
        }
        if (!is_new) {
            continue; /* the same path with another text; the first one stays */
        }
        buffer_append_text(&sink->text, is_first ? "\n" : ",\n");
        json_append_string(&sink->text, source.path, strlen(source.path));
        buffer_append_text(&sink->text, ":[");
        append_source(&sink->text, &source);
        buffer_append_char(&sink->text, ']');
        if (!chrome_sink_flush(sink, err)) {
            return false;
        }
    }
    return true;
}

static bool
write_function(struct chrome_sink *sink, const struct model_function *function,
               const char *label, struct intern_table *labels,
               struct error *err)
{
    bool is_first = intern_table_count(labels) == 0;
    bool is_new = false;

    if (!add_key(labels, label, &is_new, err)) {
        return false;
    }
    if (!is_new) {
        return true;
    }
    buffer_append_text(&sink->text, is_first ? "\n" : ",\n");
    json_append_string(&sink->text, label, strlen(label));
    buffer_append_text(&sink->text, ":[");
    json_append_string(&sink->text, function->file, strlen(function->file));
    buffer_append_format(&sink->text, ",%u]", (unsigned)function->line);
    return chrome_sink_flush(sink, err);
}

static bool
write_functions(struct chrome_sink *sink, struct intern_table *paths,
                struct intern_table *labels, struct error *err)
{
    uint32_t count = trace_model_function_count(sink->model);
    uint32_t path_count = intern_table_count(paths);
    struct buffer label = {0};
    bool ok = true;

    for (uint32_t i = 0; ok && i < count; i++) {
        const struct model_function *function =
            trace_model_function(sink->model, i);
        size_t size =
            strlen(function->name) + strlen(function->file) + LABEL_SPACE;
        uint32_t path;

        if (function->call_count == 0 || function->file[0] == '\0') {
            continue;
        }
        ok = intern_table_add(paths, function->file, strlen(function->file),
                              &path, err);
        if (!ok || path >= path_count) {
            continue; /* its source is not there */
        }
        buffer_clear(&label);
        ok = buffer_reserve(&label, size) ? write_function(
                 sink, function,
                 model_function_label(function, label.data, size), labels, err)
                                          : error_set_no_memory(err);
    }
    buffer_release(&label);
    return ok;
}

bool
chrome_file_info_write(struct chrome_sink *sink, struct error *err)
{
    struct intern_table *paths = NULL;
    struct intern_table *labels = NULL;
    bool ok = false;

    if (!intern_table_new(&paths, err) || !intern_table_new(&labels, err)) {
        goto out;
    }
    buffer_append_text(&sink->text, "{\"files\":{");
    if (!write_files(sink, paths, err)) {
        goto out;
    }
    buffer_append_text(&sink->text, "},\n\"functions\":{");
    if (!write_functions(sink, paths, labels, err)) {
        goto out;
    }
    buffer_append_text(&sink->text, "}}");
    ok = true;

out:
    intern_table_free(paths);
    intern_table_free(labels);
    return ok;
}
