// SPDX-License-Identifier: Apache-2.0
#include "export/html_source.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "base/intern.h"
#include "export/exporter.h"
#include "export/html_sink.h"
#include "export/html_sums.h"
#include "format/source_text.h"
#include "model/trace_model.h"

struct source_file {
    size_t source; /* index in the model */
    uint64_t self_ns;
    size_t first_place;
    size_t place_count;
};

/* Where a function begins. */
struct place {
    uint32_t file;
    uint32_t line;
};

struct source_writer {
    struct html_sink *sink;
    struct intern_table *paths; /* the id of a path is the index of its file */
    struct source_file *files;
    struct place *places; /* by file and line */
    size_t place_count;
    struct buffer text;   /* of one file */
    struct buffer pieces; /* of that file, as they are written */
    struct buffer bytes;  /* all files that have room */
    size_t written;       /* files of them */
    size_t left_out;
};

/* The files that the trace has, each path once. */
static bool
find_files(struct source_writer *writer, struct error *err)
{
    const struct trace_model *model = writer->sink->model;
    size_t count = trace_model_source_count(model);

    writer->files = array_new(count, sizeof *writer->files, err);
    if (writer->files == NULL || !intern_table_new(&writer->paths, err)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        const char *path = trace_model_source(model, i).path;
        uint32_t known = intern_table_count(writer->paths);
        uint32_t file;

        if (!intern_table_add(writer->paths, path, strlen(path), &file, err)) {
            return false;
        }
        if (file == known) {
            writer->files[file].source = i;
        }
    }
    return true;
}

static int
compare_places(const void *left, const void *right)
{
    const struct place *a = left;
    const struct place *b = right;

    if (a->file != b->file) {
        return a->file < b->file ? -1 : 1;
    }
    return (a->line > b->line) - (a->line < b->line);
}

/* Functions that were called and whose file is there. */
static bool
find_places(struct source_writer *writer, const struct html_sums *sums,
            struct error *err)
{
    const struct trace_model *model = writer->sink->model;
    uint32_t file_count = intern_table_count(writer->paths);

    writer->places =
        array_new(sums->function_count, sizeof *writer->places, err);
    if (writer->places == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < sums->function_count; i++) {
        const struct model_function *function = trace_model_function(model, i);
        uint32_t file;

        if (sums->functions[i].call_count == 0 || function->file[0] == '\0') {
            continue;
        }
        if (!intern_table_add(writer->paths, function->file,
                              strlen(function->file), &file, err)) {
            return false;
        }
        if (file < file_count) {
            writer->files[file].self_ns += sums->functions[i].self_ns;
            writer->places[writer->place_count++] = (struct place){
                .file = file,
                .line = function->line > 0 ? function->line : 1,
            };
        }
    }
    qsort(writer->places, writer->place_count, sizeof *writer->places,
          compare_places);
    for (size_t i = writer->place_count; i-- > 0;) {
        struct source_file *file = &writer->files[writer->places[i].file];

        file->first_place = i;
        file->place_count++;
    }
    return true;
}

/* The lines [first, end) of a text in which the search goes on from *at, where
 * line *line begins. */
struct line_reader {
    const struct buffer *text;
    size_t at;
    uint32_t line; /* from 1 */
};

static void
skip_to_line(struct line_reader *reader, uint32_t line)
{
    const struct buffer *text = reader->text;

    while (reader->line < line && reader->at < text->size) {
        const char *end =
            memchr(text->data + reader->at, '\n', text->size - reader->at);

        reader->at = end == NULL ? text->size : (size_t)(end - text->data) + 1;
        reader->line++;
    }
}

/* Append a piece with the lines from first up to end; how many pieces that
 * is, for a line that is not there gives none. */
static size_t
append_piece(struct source_writer *writer, struct line_reader *reader,
             uint32_t first, uint32_t end)
{
    size_t start;

    skip_to_line(reader, first);
    if (reader->at == reader->text->size) {
        return 0;
    }
    start = reader->at;
    skip_to_line(reader, end);
    html_append_number(&writer->pieces, first);
    html_append_number(&writer->pieces, reader->at - start);
    buffer_append(&writer->pieces, reader->text->data + start,
                  reader->at - start);
    return 1;
}

/* Make the pieces of a file; those that touch are one. */
static size_t
make_pieces(struct source_writer *writer, const struct source_file *file)
{
    const struct place *places = &writer->places[file->first_place];
    struct line_reader reader = {.text = &writer->text, .line = 1};
    size_t count = 0;
    size_t i = 0;

    while (i < file->place_count) {
        uint32_t line = places[i].line;
        uint32_t first =
            line > HTML_SOURCE_BEFORE ? line - HTML_SOURCE_BEFORE : 1;
        uint64_t end = (uint64_t)line + HTML_SOURCE_AFTER;

        for (i++; i < file->place_count
                  && places[i].line <= end + HTML_SOURCE_BEFORE;
             i++) {
            end = (uint64_t)places[i].line + HTML_SOURCE_AFTER;
        }
        count += append_piece(writer, &reader, first,
                              end < UINT32_MAX ? (uint32_t)end : UINT32_MAX);
    }
    return count;
}

static bool
add_file(struct source_writer *writer, const struct source_file *file,
         struct error *err)
{
    const struct model_source source =
        trace_model_source(writer->sink->model, file->source);
    size_t count;

    buffer_clear(&writer->text);
    buffer_clear(&writer->pieces);
    source_text_decode(&writer->text, source.text, source.size);
    count = make_pieces(writer, file);
    if (!buffer_is_ok(&writer->text) || !buffer_is_ok(&writer->pieces)) {
        return error_set_no_memory(err);
    }
    if (count == 0) {
        return true;
    }
    if (writer->bytes.size + writer->pieces.size > HTML_SOURCE_SIZE_MAX) {
        writer->left_out++;
        return true;
    }
    html_append_number(&writer->bytes, strlen(source.path));
    buffer_append_text(&writer->bytes, source.path);
    html_append_number(&writer->bytes, count);
    buffer_append(&writer->bytes, writer->pieces.data, writer->pieces.size);
    writer->written++;
    return true;
}

static int
compare_files(const void *left, const void *right)
{
    const struct source_file *a = left;
    const struct source_file *b = right;

    if (a->self_ns != b->self_ns) {
        return a->self_ns > b->self_ns ? -1 : 1;
    }
    return (a->first_place > b->first_place)
           - (a->first_place < b->first_place);
}

static bool
add_files(struct source_writer *writer, const struct html_sums *sums,
          struct error *err)
{
    size_t count;

    if (!find_files(writer, err)) {
        return false;
    }
    count = intern_table_count(writer->paths);
    if (!find_places(writer, sums, err)) {
        return false;
    }
    qsort(writer->files, count, sizeof *writer->files, compare_files);
    for (size_t i = 0; i < count; i++) {
        if (writer->files[i].place_count > 0
            && !add_file(writer, &writer->files[i], err)) {
            return false;
        }
    }
    return true;
}

bool
html_source_write(struct html_sink *sink, const struct html_sums *sums,
                  struct error *err)
{
    struct source_writer writer = {.sink = sink};
    bool ok = !sink->options->has_file_info || add_files(&writer, sums, err);

    html_append_number(&sink->bytes, writer.left_out);
    html_append_number(&sink->bytes, writer.written);
    buffer_append(&sink->bytes, writer.bytes.data, writer.bytes.size);
    sink->bytes.has_failed |= writer.bytes.has_failed;
    intern_table_free(writer.paths);
    free(writer.files);
    free(writer.places);
    buffer_release(&writer.text);
    buffer_release(&writer.pieces);
    buffer_release(&writer.bytes);
    return ok && html_sink_flush(sink, err);
}
