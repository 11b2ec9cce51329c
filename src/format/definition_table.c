// SPDX-License-Identifier: Apache-2.0
/*
 * Rows are appended as they come and sorted once, by (id, order). Of two
 * definitions of a function or string the first counts, since an id is never
 * given twice; of a stream the last one, since that renames it.
 */
#include "format/definition_table.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/intern.h"
#include "format/keyed_rows.h"
#include "format/record_decode.h"

struct function_row {
    struct row_key key;
    struct trace_function function;
};

struct string_row {
    struct row_key key;
    struct text_span text;
};

struct stream_row {
    struct row_key key;
    struct trace_stream stream;
    bool is_used;  /* not a definition: a block uses it */
    bool is_ended; /* not a definition: its end */
};

struct source_text {
    struct row_key key;
    const char *path;
    uint64_t whole_size;
    uint64_t whole_hash;
    struct buffer text;
};

struct definition_table {
    struct intern_table *texts; /* names and paths, each once */
    struct arena arena;         /* strings */
    struct keyed_rows functions;
    struct keyed_rows strings;
    struct keyed_rows stream_rows;
    struct intern_table *source_keys; /* path, hash, size: index of a source */
    struct keyed_rows source_texts;
    struct process_texts process;
    struct trace_stream *streams;
    size_t stream_count;
    struct trace_source *sources;
};

bool
definition_table_new(struct definition_table **out, struct error *err)
{
    struct definition_table *table = array_new(1, sizeof *table, err);

    if (table == NULL) {
        return false;
    }
    *table = (struct definition_table){
        .functions = {.row_size = sizeof(struct function_row)},
        .strings = {.row_size = sizeof(struct string_row)},
        .stream_rows = {.row_size = sizeof(struct stream_row)},
        .source_texts = {.row_size = sizeof(struct source_text)},
        .process = {.name = "",
                    .executable = "",
                    .directory = "",
                    .version = "",
                    .arguments = ""},
    };
    if (!intern_table_new(&table->texts, err)
        || !intern_table_new(&table->source_keys, err)) {
        definition_table_free(table);
        return false;
    }
    *out = table;
    return true;
}

static bool
keep_text(struct definition_table *table, const char **kept,
          struct text_span text, struct error *err)
{
    uint32_t id;

    if (!intern_table_add(table->texts, text.data, text.size, &id, err)) {
        return false;
    }
    *kept = intern_table_text(table->texts, id, NULL);
    return true;
}

/* As keep_text, but an empty text leaves *kept alone. */
static bool
replace_text(struct definition_table *table, const char **kept,
             struct text_span text, struct error *err)
{
    return text.size == 0 || keep_text(table, kept, text, err);
}

static bool
add_function(struct definition_table *table, uint32_t id,
             const struct function_definition *definition, struct error *err)
{
    struct trace_function function = {
        .kind = definition->kind,
        .line = definition->line,
    };
    struct function_row *row;

    if (!keep_text(table, &function.name, definition->name, err)
        || !keep_text(table, &function.file, definition->file, err)) {
        return false;
    }
    row = keyed_rows_append(&table->functions, id, err);
    if (row == NULL) {
        return false;
    }
    row->function = function;
    return true;
}

static bool
add_stream(struct definition_table *table,
           const struct stream_definition *definition, struct error *err)
{
    const char *name = "";
    const char *category = "";
    struct stream_row *row;

    if (!keep_text(table, &name, definition->name, err)
        || !keep_text(table, &category, definition->category, err)) {
        return false;
    }
    row = keyed_rows_append(&table->stream_rows, definition->id, err);
    if (row == NULL) {
        return false;
    }
    row->stream = (struct trace_stream){
        .id = definition->id,
        .kind = definition->kind,
        .parent = definition->parent,
        .thread_id = definition->thread_id,
        .name = name,
        .category = category,
    };
    return true;
}

static bool
add_stream_end(struct definition_table *table, const struct vzt_stream_end *end,
               struct error *err)
{
    struct stream_row *row =
        keyed_rows_append(&table->stream_rows, end->id, err);

    if (row == NULL) {
        return false;
    }
    row->is_ended = true;
    row->stream.end_tick = end->tick;
    return true;
}

bool
definition_table_use_stream(struct definition_table *table, uint32_t id,
                            struct error *err)
{
    struct stream_row *row = keyed_rows_append(&table->stream_rows, id, err);

    if (row == NULL) {
        return false;
    }
    row->is_used = true;
    return true;
}

static bool
add_string(struct definition_table *table, const struct string_record *string,
           struct error *err)
{
    struct string_row *row;
    char *copy =
        arena_copy(&table->arena, string->text.data, string->text.size);

    if (copy == NULL) {
        return error_set_no_memory(err);
    }
    row = keyed_rows_append(&table->strings, string->id, err);
    if (row == NULL) {
        return false;
    }
    row->text = (struct text_span){copy, string->text.size};
    return true;
}

/* The source that a piece belongs to, added when it is new. */
static struct source_text *
find_source(struct definition_table *table, const struct source_record *piece,
            struct error *err)
{
    uint64_t numbers[] = {piece->whole_size, piece->whole_hash};
    struct buffer key = {0};
    struct source_text *source = NULL;
    uint32_t index;

    buffer_append(&key, numbers, sizeof numbers);
    buffer_append(&key, piece->path.data, piece->path.size);
    if (!buffer_is_ok(&key)) {
        (void)error_set_no_memory(err);
    } else if (intern_table_add(table->source_keys, key.data, key.size, &index,
                                err)) {
        if (index < table->source_texts.count) {
            source = (struct source_text *)table->source_texts.items + index;
        } else {
            source = keyed_rows_append(&table->source_texts, 0, err);
        }
    }
    buffer_release(&key);
    return source;
}

static bool
add_source(struct definition_table *table, const struct source_record *piece,
           struct error *err)
{
    struct source_text *source = find_source(table, piece, err);

    if (source == NULL || !keep_text(table, &source->path, piece->path, err)) {
        return false;
    }
    source->whole_size = piece->whole_size;
    source->whole_hash = piece->whole_hash;
    /* A piece that came twice is behind, one after a gap is ahead. */
    if (piece->offset == source->text.size) {
        buffer_append(&source->text, piece->piece.data, piece->piece.size);
    }
    return buffer_is_ok(&source->text) || error_set_no_memory(err);
}

static bool
add_process(struct definition_table *table,
            const struct process_definition *definition, struct error *err)
{
    struct process_texts *process = &table->process;

    if (definition->argument_count > 0) {
        process->argument_count = definition->argument_count;
    }
    return replace_text(table, &process->name, definition->name, err)
           && replace_text(table, &process->executable, definition->executable,
                           err)
           && replace_text(table, &process->directory, definition->directory,
                           err)
           && replace_text(table, &process->version, definition->version, err)
           && (definition->argument_count == 0
               || keep_text(table, &process->arguments, definition->arguments,
                            err));
}

/* Add one record; *is_bad when it is not what it claims to be. */
static bool
add_record(struct definition_table *table, enum record_type type,
           const uint64_t *payload, size_t size, bool *is_bad,
           struct error *err)
{
    struct function_definition function;
    struct stream_definition stream;
    struct process_definition process;
    struct string_record string;
    struct source_record source;
    struct vzt_stream_end end;
    uint32_t id;

    *is_bad = false;
    switch ((int)type) {
    case RECORD_DEFINE_FUNCTION:
        *is_bad = !record_decode_function(payload, size, &id, &function)
                  || id == 0 || id > EVENT_FUNCTION_MAX;
        return *is_bad || add_function(table, id, &function, err);
    case RECORD_DEFINE_STREAM:
        *is_bad =
            !record_decode_stream(payload, size, &stream) || stream.id == 0;
        return *is_bad || add_stream(table, &stream, err);
    case RECORD_DEFINE_PROCESS:
        *is_bad = !record_decode_process(payload, size, &process);
        return *is_bad || add_process(table, &process, err);
    case RECORD_DEFINE_STRING:
        *is_bad =
            !record_decode_string(payload, size, &string) || string.id == 0;
        return *is_bad || add_string(table, &string, err);
    case RECORD_DEFINE_SOURCE:
        *is_bad = !record_decode_source(payload, size, &source);
        return *is_bad || add_source(table, &source, err);
    case RECORD_END_STREAM:
        *is_bad = !record_decode_stream_end(payload, size, &end);
        return *is_bad || add_stream_end(table, &end, err);
    default:
        return true; /* of a later version */
    }
}

bool
definition_table_add(struct definition_table *table, const uint64_t *words,
                     size_t count, uint64_t *bad_count, struct error *err)
{
    size_t i = 0;

    while (i < count) {
        bool is_long = event_kind(words[i]) == EVENT_LONG;
        size_t size = is_long ? record_size(words[i]) : 0;
        bool is_bad = !is_long;

        if (is_long
            && !add_record(table, (enum record_type)record_type(words[i]),
                           words + i + 1, size, &is_bad, err)) {
            return false;
        }
        *bad_count += is_bad;
        i += 1 + size;
    }
    return true;
}

/* Put what one more row says into the stream. */
static void
join_stream(struct trace_stream *stream, const struct stream_row *row)
{
    const char *name = stream->name;
    uint64_t end_tick = stream->end_tick;

    if (row->is_ended) {
        stream->end_tick = row->stream.end_tick;
    } else if (!row->is_used) {
        *stream = row->stream;
        stream->end_tick = end_tick;
        if (stream->name[0] == '\0') {
            stream->name = name;
        }
    }
}

static bool
join_streams(struct definition_table *table, struct error *err)
{
    const struct stream_row *rows = table->stream_rows.items;

    table->streams =
        array_new(table->stream_rows.count, sizeof *table->streams, err);
    if (table->streams == NULL) {
        return false;
    }
    for (size_t i = 0; i < table->stream_rows.count; i++) {
        if (i == 0 || rows[i].key.id != rows[i - 1].key.id) {
            table->streams[table->stream_count++] = (struct trace_stream){
                .id = rows[i].key.id,
                .kind = VZT_STREAM_THREAD,
                .name = "",
                .category = "",
            };
        }
        join_stream(&table->streams[table->stream_count - 1], &rows[i]);
    }
    return true;
}

static bool
join_sources(struct definition_table *table, struct error *err)
{
    const struct source_text *texts = table->source_texts.items;

    table->sources =
        array_new(table->source_texts.count, sizeof *table->sources, err);
    if (table->sources == NULL) {
        return false;
    }
    for (size_t i = 0; i < table->source_texts.count; i++) {
        table->sources[i] = (struct trace_source){
            .path = texts[i].path,
            .whole_size = texts[i].whole_size,
            .whole_hash = texts[i].whole_hash,
            .text = texts[i].text.data == NULL ? "" : texts[i].text.data,
            .size = texts[i].text.size,
        };
    }
    return true;
}

bool
definition_table_finish(struct definition_table *table, struct error *err)
{
    keyed_rows_sort(&table->functions);
    keyed_rows_sort(&table->strings);
    keyed_rows_sort(&table->stream_rows);
    keyed_rows_drop_repeated(&table->functions);
    keyed_rows_drop_repeated(&table->strings);
    return join_streams(table, err) && join_sources(table, err);
}

const struct trace_function *
definition_table_function(const struct definition_table *table, uint32_t id)
{
    const struct function_row *row = keyed_rows_find(&table->functions, id);

    return row == NULL ? NULL : &row->function;
}

uint32_t
definition_table_function_end(const struct definition_table *table)
{
    const struct function_row *rows = table->functions.items;
    size_t count = table->functions.count;

    return count == 0 ? 0 : rows[count - 1].key.id + 1;
}

size_t
definition_table_function_count(const struct definition_table *table)
{
    return table->functions.count;
}

const struct trace_function *
definition_table_function_at(const struct definition_table *table, size_t index,
                             uint32_t *id)
{
    const struct function_row *rows = table->functions.items;

    *id = rows[index].key.id;
    return &rows[index].function;
}

struct text_span
definition_table_string(const struct definition_table *table, uint32_t id)
{
    const struct string_row *row = keyed_rows_find(&table->strings, id);

    return row == NULL ? (struct text_span){0} : row->text;
}

struct trace_stream *
definition_table_streams(struct definition_table *table, size_t *count)
{
    *count = table->stream_count;
    return table->streams;
}

const struct trace_source *
definition_table_sources(const struct definition_table *table, size_t *count)
{
    *count = table->source_texts.count;
    return table->sources;
}

const struct process_texts *
definition_table_process(const struct definition_table *table)
{
    return &table->process;
}

void
definition_table_free(struct definition_table *table)
{
    struct source_text *texts;

    if (table == NULL) {
        return;
    }
    texts = table->source_texts.items;
    for (size_t i = 0; i < table->source_texts.count; i++) {
        buffer_release(&texts[i].text);
    }
    keyed_rows_release(&table->source_texts);
    free(table->sources);
    free(table->streams);
    keyed_rows_release(&table->functions);
    keyed_rows_release(&table->strings);
    keyed_rows_release(&table->stream_rows);
    intern_table_free(table->texts);
    intern_table_free(table->source_keys);
    arena_release(&table->arena);
    free(table);
}
