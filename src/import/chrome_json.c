// SPDX-License-Identifier: Apache-2.0
#include "import/chrome_json.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/input_file.h"
#include "import/byte_source.h"
#include "import/chrome_document.h"
#include "import/import_notes.h"
#include "import/read_ahead.h"
#include "import/temporary_file.h"
#include "import/trace_build.h"

enum {
    MAGIC_SIZE = 256,
    HASHED_SIZE = 4096,
    COUNT_SIZE = 64 * 1024,
    COUNTED_MAX = 256 * 1024 * 1024,
    PLACE_SIZE = 64,
    WRITING_SHARE = 4, /* writing counts as a quarter of the file */
};

struct import {
    const char *path;
    const char *name; /* in what is said */
    const struct chrome_json_options *options;
    struct byte_source *source;
    struct read_ahead *ahead; /* of source, until the document was read */
    struct chrome_document document;
    struct import_notes notes;
    uint64_t contents_hash;
    uint64_t total; /* of the progress that is reported */
    bool was_stopped;
};

static bool
report_reading(void *context, uint64_t done, uint64_t total)
{
    struct import *import = context;

    (void)total;
    return progress_report(&import->options->progress, done, import->total);
}

/* What was read until a stop is still written, if it is to be kept. */
static bool
report_writing(void *context, uint64_t done, uint64_t total)
{
    struct import *import = context;
    uint64_t size = byte_source_size(import->source);
    double share = total == 0 ? 1 : (double)done / (double)total;
    uint64_t written = (uint64_t)(share * (double)(import->total - size));

    return progress_report(&import->options->progress, size + written,
                           import->total)
           || (import->options->keeps_when_stopped
               && progress_report(&import->options->keeping, size + written,
                                  import->total));
}

/* Of its begin, which is there when the file still grows. */
static bool
hash_contents(struct import *import, struct error *err)
{
    struct byte_source *source = NULL;
    uint64_t facts[2] = {import->options->number, 0};
    char begin[HASHED_SIZE];
    size_t size = 0;
    size_t got = 1;
    bool is_ok = byte_source_open(&source, import->path, err);

    while (is_ok && got > 0 && size < sizeof begin) {
        is_ok = byte_source_read(source, begin + size, sizeof begin - size,
                                 &got, err);
        size += is_ok ? got : 0;
    }
    byte_source_close(source);
    facts[1] = hash_bytes(begin, size);
    import->contents_hash = hash_bytes(facts, sizeof facts);
    return is_ok;
}

static bool
open_import(struct import *import, struct error *err)
{
    struct progress progress = {.report = report_reading, .context = import};
    uint64_t size;

    if (!hash_contents(import, err)
        || !byte_source_open(&import->source, import->path, err)) {
        return false;
    }
    size = byte_source_size(import->source);
    import->total = size + size / WRITING_SHARE + 1;
    import->document.event.has_no_shapes = import->options->has_no_shapes;
    if (!read_ahead_open(&import->ahead, import->source, err)) {
        return false;
    }
    json_scan_open(&import->document.scan, import->ahead, size, &progress);
    if (!event_intake_init(&import->document.intake, import->options->run_size,
                           err)) {
        return false;
    }
    import->document.intake.input_hash =
        hash_bytes(import->path, strlen(import->path));
    return true;
}

static uint64_t
count_lines(const char *data, size_t size)
{
    const char *end = data + size;
    uint64_t count = 0;

    while ((data = memchr(data, '\n', (size_t)(end - data))) != NULL) {
        count++;
        data++;
    }
    return count;
}

/* "byte 70, in line 3" of the text. The lines of a text so long that reading it
 * again takes a while are not counted. */
static const char *
describe_place(const struct import *import, uint64_t offset, char *text,
               size_t size)
{
    struct byte_source *source = NULL;
    char *data = malloc(COUNT_SIZE);
    uint64_t line_count = 1;
    uint64_t done = 0;
    size_t got = 1;

    if (data != NULL && offset <= COUNTED_MAX
        && byte_source_open(&source, import->path, NULL)) {
        while (done < offset && got > 0
               && byte_source_read(source, data, COUNT_SIZE, &got, NULL)) {
            got = got > offset - done ? (size_t)(offset - done) : got;
            line_count += count_lines(data, got);
            done += got;
        }
    }
    byte_source_close(source);
    free(data);
    if (done == offset) {
        (void)snprintf(text, size, "byte %" PRIu64 ", in line %" PRIu64, offset,
                       line_count);
    } else {
        (void)snprintf(text, size, "byte %" PRIu64, offset);
    }
    return text;
}

/* Where the text ended, and what can be said of it. */
static void
describe_end(const struct import *import, char *text, size_t size)
{
    const char *source_end = byte_source_end_text(import->source);

    if (source_end != NULL) {
        (void)snprintf(text, size, "%s", source_end);
    } else {
        (void)snprintf(text, size, "it ends at byte %" PRIu64 "%s",
                       json_scan_offset(&import->document.scan),
                       byte_source_is_compressed(import->source)
                           ? " of the inflated text"
                           : "");
    }
}

/* Why there is nothing to show. */
static bool
refuse(const struct import *import, bool is_whole, struct error *err)
{
    const struct chrome_document *document = &import->document;
    const struct json_scan *scan = &document->scan;
    struct import_notes reasons = {0};
    char end[256];
    char place[PLACE_SIZE];

    if (scan->end_offset == 0 && byte_source_end_text(import->source) == NULL) {
        return error_set(err, ERROR_BAD_INPUT, "%s: is empty", import->name);
    }
    if (document->damage_count > 0) {
        return error_set(err, ERROR_BAD_INPUT,
                         "%s: is no trace: at %s it is no JSON, %s is missing",
                         import->name,
                         describe_place(import, document->damage_offset, place,
                                        sizeof place),
                         document->damage_expected);
    }
    if (!is_whole && scan->stop == JSON_STOP_SYNTAX) {
        return error_set(
            err, ERROR_BAD_INPUT,
            "%s: is no trace: at %s it is no JSON, %s is missing", import->name,
            describe_place(import, json_scan_offset(scan), place, sizeof place),
            scan->expected);
    }
    if (!is_whole) {
        describe_end(import, end, sizeof end);
        return error_set(err, ERROR_BAD_INPUT, "%s: has no whole event: %s",
                         import->name, end);
    }
    if (!document->has_events) {
        return error_set(err, ERROR_BAD_INPUT,
                         "%s: is JSON, but no trace: it has no \"traceEvents\"",
                         import->name);
    }
    if (import_notes_add_losses(&reasons, import->name,
                                &document->intake.losses, err)
        && reasons.count > 0) {
        (void)error_set(err, ERROR_BAD_INPUT, "%s", reasons.lines[0]);
    } else {
        (void)error_set(err, ERROR_BAD_INPUT, "%s: has no events",
                        import->name);
    }
    import_notes_release(&reasons);
    return false;
}

/* The document did not end well; say so, and go on with what there is. */
static bool
note_end(struct import *import, struct error *err)
{
    const struct json_scan *scan = &import->document.scan;
    char end[256];
    char place[PLACE_SIZE];

    switch (scan->stop) {
    case JSON_STOP_NONE:
        break;
    case JSON_STOP_FAILED:
        if (err != NULL) {
            *err = scan->error;
        }
        return false;
    case JSON_STOP_STOPPED:
        import->was_stopped = true;
        if (!import->options->keeps_when_stopped) {
            return error_set(err, ERROR_CANCELLED, "cancelled");
        }
        return import_notes_add(&import->notes, err,
                                "%s: loading was stopped at byte %" PRIu64
                                " of %" PRIu64 "; events behind it are missing",
                                import->name,
                                read_ahead_position(import->ahead),
                                byte_source_size(import->source));
    case JSON_STOP_SYNTAX:
        return import_notes_add(
            &import->notes, err,
            "%s: is no JSON at %s, where %s is missing; "
            "what follows is left out",
            import->name,
            describe_place(import, json_scan_offset(scan), place, sizeof place),
            scan->expected);
    case JSON_STOP_END:
        if (import->options->is_growing) {
            return true;
        }
        describe_end(import, end, sizeof end);
        return import_notes_add(&import->notes, err,
                                "%s: is cut short: %s; all events before "
                                "that are shown",
                                import->name, end);
    }
    return true;
}

static bool
note_damage(struct import *import, struct error *err)
{
    const struct chrome_document *document = &import->document;
    uint64_t others = document->damage_count - 1;
    char place[PLACE_SIZE];
    char more[48] = "";

    if (others > 0) {
        (void)snprintf(more, sizeof more, ", and at %" PRIu64 " other place%s",
                       others, others == 1 ? "" : "s");
    }
    return import_notes_add(
        &import->notes, err,
        "%s: is no JSON at %s, where %s is missing%s; events there are left "
        "out",
        import->name,
        describe_place(import, document->damage_offset, place, sizeof place),
        document->damage_expected, more);
}

static bool
note_document(struct import *import, struct error *err)
{
    const struct chrome_document *document = &import->document;
    struct import_notes *notes = &import->notes;

    if (document->damage_count > 0 && !note_damage(import, err)) {
        return false;
    }
    if (document->is_followed
        && !import_notes_add(notes, err,
                             "%s: the trace ends at byte %" PRIu64
                             "; other data behind it are left out",
                             import->name, document->end_offset)) {
        return false;
    }
    return !document->has_overflow
           || import_notes_add(notes, err,
                               "%s: VizTracer's buffer was full, so that the "
                               "oldest events may be missing",
                               import->name);
}

static bool
read_document(struct import *import, struct error *err)
{
    bool is_whole = chrome_document_read(&import->document);

    read_ahead_stop(import->ahead);
    if (!is_whole && !note_end(import, err)) {
        return false;
    }
    if (import->document.intake.event_count > 0
        && import->document.intake.tables.process_count > 0) {
        return note_document(import, err);
    }
    if (import->was_stopped) {
        return error_set(err, ERROR_CANCELLED,
                         "%s: loading was stopped before the first event",
                         import->name);
    }
    return refuse(import, is_whole, err);
}

static bool
write_trace(struct import *import, struct imported_trace *trace,
            struct error *err)
{
    const struct chrome_document *document = &import->document;
    struct trace_build_options options = {
        .sources = document->sources,
        .source_count = document->source_count,
        .contents_hash = import->contents_hash,
        .has_wall_clock = document->has_wall_clock,
        .wall_clock_ns = document->wall_clock_ns,
        .decimals = document->event.decimals,
        .progress = {.report = report_writing, .context = import},
    };

    trace->fd = temporary_file_make(err);
    if (trace->fd < 0) {
        return false;
    }
    (void)snprintf(trace->path, sizeof trace->path, "/proc/self/fd/%d",
                   trace->fd);
    return event_intake_finish(&import->document.intake, &options.progress, err)
           && trace_build(&import->document.intake, trace->path, &options, err)
           && import_notes_add_losses(&import->notes, import->name,
                                      &document->intake.losses, err);
}

bool
chrome_json_import(struct imported_trace *out, const char *path,
                   const struct chrome_json_options *options, struct error *err)
{
    struct import import = {
        .path = path,
        .name = options->name == NULL ? path : options->name,
        .options = options,
    };
    struct imported_trace trace = {.fd = -1};
    bool ok = open_import(&import, err) && read_document(&import, err)
              && write_trace(&import, &trace, err);

    if (ok) {
        trace.notes = import.notes.lines;
        trace.note_count = import.notes.count;
        trace.was_stopped = import.was_stopped;
        import.notes = (struct import_notes){0};
        *out = trace;
    } else if (trace.fd >= 0) {
        (void)close(trace.fd);
    }
    chrome_document_release(&import.document);
    read_ahead_close(import.ahead);
    byte_source_close(import.source);
    import_notes_release(&import.notes);
    return ok;
}

void
imported_trace_release(struct imported_trace *trace)
{
    struct import_notes notes = {.lines = trace->notes,
                                 .count = trace->note_count};

    import_notes_release(&notes);
    (void)close(trace->fd);
    *trace = (struct imported_trace){.fd = -1};
}

bool
chrome_json_has_magic(const char *path)
{
    struct input_file file;
    unsigned char bytes[MAGIC_SIZE];
    size_t size = 0;
    size_t i = 0;
    bool could_read =
        input_file_open(&file, path, NULL)
        && input_file_read_some(&file, 0, bytes, sizeof bytes, &size, NULL);

    input_file_close(&file);
    if (!could_read) {
        return false;
    }
    if (size >= 2 && bytes[0] == 0x1f && bytes[1] == 0x8b) {
        return true;
    }
    if (size >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) {
        i = 3;
    }
    while (i < size && memchr(" \t\r\n", bytes[i], 4) != NULL) {
        i++;
    }
    return i < size && (bytes[i] == '[' || bytes[i] == '{');
}
