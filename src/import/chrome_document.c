// SPDX-License-Identifier: Apache-2.0
#include "import/chrome_document.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "import/json_object.h"
#include "import/json_value.h"

enum {
    KEY_SIZE_MAX = 64,
    METADATA_SIZE_MAX = 64 * 1024,
    PATH_SIZE_MAX = 64 * 1024,
    FRAME_SIZE_MAX = 64 * 1024,
    SOURCE_SIZE_MAX = 16 * 1024 * 1024,
};

/* Our own work failed, which the scan then tells. */
static bool
fail(struct chrome_document *document)
{
    document->scan.stop = JSON_STOP_FAILED;
    return false;
}

static bool
is_key(struct text_span key, const char *name)
{
    return key.size == strlen(name) && memcmp(key.data, name, key.size) == 0;
}

/* One element of the list. */
static bool
read_element(struct chrome_document *document)
{
    struct json_scan *scan = &document->scan;
    char byte;

    if (!json_scan_peek(scan, &byte)) {
        return false;
    }
    if (byte != '{') {
        if (!json_scan_skip(scan)) {
            return false;
        }
        document->intake.losses.lost[IMPORT_LOSS_NOT_OBJECT]++;
        return true;
    }
    return chrome_event_read(&document->event, scan)
           && (event_intake_add(&document->intake, &document->event,
                                &scan->error)
               || fail(document));
}

/* An element and what is behind it; *has_more is false behind the last. A comma
 * behind the last one does no harm. */
static bool
read_step(struct chrome_document *document, bool *has_more)
{
    struct json_scan *scan = &document->scan;
    bool is_closed = false;

    if (!read_element(document) || !json_scan_take(scan, ',', has_more)) {
        return false;
    }
    if (*has_more) {
        if (!json_scan_take(scan, ']', &is_closed)) {
            return false;
        }
        *has_more = !is_closed;
        return true;
    }
    return json_scan_need(scan, ']', "',' or ']'");
}

/* The list of events. Where it is no JSON, it is searched for the next event:
 * some versions of VizTracer do not escape the names of functions. */
static bool
read_events(struct chrome_document *document)
{
    struct json_scan *scan = &document->scan;
    bool is_empty;
    bool has_more = true;

    if (!json_scan_need(scan, '[', "'['")
        || !json_scan_take(scan, ']', &is_empty)) {
        return false;
    }
    document->has_events = true;
    while (!is_empty && has_more) {
        if (read_step(document, &has_more)) {
            continue;
        }
        if (scan->stop != JSON_STOP_SYNTAX) {
            return false;
        }
        if (document->damage_count++ == 0) {
            document->damage_offset = json_scan_offset(scan);
            document->damage_expected = scan->expected;
        }
        if (!json_scan_resync(scan)) {
            return false;
        }
        has_more = true;
    }
    return true;
}

static void
set_wall_clock(struct chrome_document *document, int64_t ns)
{
    if (ns > 0 && ns < JSON_TIME_MAX) {
        document->has_wall_clock = true;
        document->wall_clock_ns = ns;
    }
}

static bool
read_metadata(struct chrome_document *document)
{
    struct buffer *text = &document->text;
    struct counter_value value;
    struct text_span span;
    bool is_cut = false;

    buffer_clear(text);
    if (!json_scan_copy(&document->scan, text, METADATA_SIZE_MAX, &is_cut)) {
        return false;
    }
    span = (struct text_span){text->data, text->size};
    document->has_overflow =
        is_key(json_object_member(span, "overflow"), "true");
    if (json_value_number(json_object_member(span, "baseTimeNanoseconds"),
                          &value)
        && value.type == VZT_VALUE_INT64) {
        set_wall_clock(document, value.value.integer);
    }
    return true;
}

/* clang says in microseconds when time 0 was. */
static bool
read_beginning(struct chrome_document *document)
{
    struct text_span word;
    int64_t ns;
    int decimals = 0;
    char byte;

    if (!json_scan_peek(&document->scan, &byte)) {
        return false;
    }
    if (byte == '"' || byte == '{' || byte == '[') {
        return json_scan_skip(&document->scan);
    }
    if (!json_scan_word(&document->scan, &word)) {
        return false;
    }
    if (json_value_time(word, &ns, &decimals)) {
        set_wall_clock(document, ns);
    }
    return true;
}

/* Put a string aside that comes next. */
static bool
put_string_aside(struct chrome_document *document, size_t limit,
                 uint64_t *place, size_t *size)
{
    struct json_scan *scan = &document->scan;
    struct text_span text;
    bool is_cut = false;

    if (!json_scan_string(scan, limit, &text, &is_cut)) {
        return false;
    }
    document->intake.losses.cut[IMPORT_CUT_SOURCE] += is_cut;
    *size = text.size;
    return event_intake_put_aside(&document->intake, text.data, text.size,
                                  place, &scan->error)
           || fail(document);
}

/* "path": ["text", lines] */
static bool
read_file(struct chrome_document *document)
{
    struct json_scan *scan = &document->scan;
    struct import_source source = {0};
    bool has_more;

    if (!put_string_aside(document, PATH_SIZE_MAX, &source.place,
                          &source.path_size)
        || !json_scan_need(scan, ':', "':'")
        || !json_scan_need(scan, '[', "'['")
        || !put_string_aside(document, SOURCE_SIZE_MAX, &source.text_place,
                             &source.text_size)) {
        return false;
    }
    if (!array_reserve((void **)&document->sources, &document->source_capacity,
                       document->source_count + 1, sizeof source,
                       &scan->error)) {
        return fail(document);
    }
    document->sources[document->source_count++] = source;
    do {
        if (!json_scan_take(scan, ',', &has_more)
            || (has_more && !json_scan_skip(scan))) {
            return false;
        }
    } while (has_more);
    return json_scan_need(scan, ']', "',' or ']'");
}

/* A member of an object; the scan stands at its key. */
typedef bool member_function(struct chrome_document *document);

static bool
read_members(struct chrome_document *document, member_function *read_member)
{
    struct json_scan *scan = &document->scan;
    bool is_empty;
    bool has_more = true;

    if (!json_scan_need(scan, '{', "'{'")
        || !json_scan_take(scan, '}', &is_empty)) {
        return false;
    }
    while (!is_empty && has_more) {
        if (!read_member(document) || !json_scan_take(scan, ',', &has_more)) {
            return false;
        }
    }
    return is_empty || json_scan_need(scan, '}', "',' or '}'");
}

/* The key that comes next, and the colon. */
static bool
read_key(struct json_scan *scan, char key[KEY_SIZE_MAX + 1])
{
    struct text_span text;
    bool is_cut = false;

    if (!json_scan_string(scan, KEY_SIZE_MAX, &text, &is_cut)) {
        return false;
    }
    memcpy(key, text.data, text.size);
    key[text.size] = '\0';
    return json_scan_need(scan, ':', "':'");
}

static bool
read_file_info_member(struct chrome_document *document)
{
    char key[KEY_SIZE_MAX + 1];

    if (!read_key(&document->scan, key)) {
        return false;
    }
    return strcmp(key, "files") == 0 ? read_members(document, read_file)
                                     : json_scan_skip(&document->scan);
}

/* "12": {"name": "f", "parent": "11", "category": "libc.so"} */
static bool
read_stack_frame(struct chrome_document *document)
{
    struct json_scan *scan = &document->scan;
    struct buffer *text = &document->text;
    struct text_span key;
    size_t key_size;
    bool is_cut = false;

    if (!json_scan_string(scan, CHROME_ID_MAX, &key, &is_cut)) {
        return false;
    }
    buffer_clear(text);
    buffer_append(text, key.data, key.size);
    key_size = text->size;
    if (!json_scan_need(scan, ':', "':'")
        || !json_scan_copy(scan, text, FRAME_SIZE_MAX, &is_cut)) {
        return false;
    }
    key = (struct text_span){text->data, key_size};
    struct text_span frame = {text->data + key_size, text->size - key_size};

    return stack_frames_define(
               &document->intake.frames, key, json_object_member(frame, "name"),
               json_object_member(frame, "parent"), &scan->error)
           || fail(document);
}

/* What is no object is passed over. */
static bool
read_members_if_object(struct chrome_document *document,
                       member_function *read_member)
{
    char byte;

    if (!json_scan_peek(&document->scan, &byte)) {
        return false;
    }
    return byte == '{' ? read_members(document, read_member)
                       : json_scan_skip(&document->scan);
}

static bool
read_sample(struct chrome_document *document)
{
    struct json_scan *scan = &document->scan;
    char byte;

    if (!json_scan_peek(scan, &byte)) {
        return false;
    }
    if (byte != '{') {
        document->intake.losses.lost[IMPORT_LOSS_NOT_OBJECT]++;
        return json_scan_skip(scan);
    }
    if (!chrome_event_read(&document->event, scan)) {
        return false;
    }
    document->event.phase = 'P';
    return event_intake_add(&document->intake, &document->event, &scan->error)
           || fail(document);
}

static bool
read_samples(struct chrome_document *document)
{
    struct json_scan *scan = &document->scan;
    bool is_empty;
    bool has_more = true;
    char byte;

    if (!json_scan_peek(scan, &byte)) {
        return false;
    }
    if (byte != '[') {
        return json_scan_skip(scan);
    }
    if (!json_scan_need(scan, '[', "'['")
        || !json_scan_take(scan, ']', &is_empty)) {
        return false;
    }
    while (!is_empty && has_more) {
        if (!read_sample(document) || !json_scan_take(scan, ',', &has_more)) {
            return false;
        }
    }
    return is_empty || json_scan_need(scan, ']', "',' or ']'");
}

static bool
read_top_member(struct chrome_document *document)
{
    char key[KEY_SIZE_MAX + 1];

    if (!read_key(&document->scan, key)) {
        return false;
    }
    if (strcmp(key, "traceEvents") == 0) {
        return read_events(document);
    }
    if (strcmp(key, "viztracer_metadata") == 0) {
        return read_metadata(document);
    }
    if (strcmp(key, "stackFrames") == 0) {
        return read_members_if_object(document, read_stack_frame);
    }
    if (strcmp(key, "samples") == 0) {
        return read_samples(document);
    }
    if (strcmp(key, "beginningOfTime") == 0) {
        return read_beginning(document);
    }
    if (strcmp(key, "file_info") == 0) {
        return read_members(document, read_file_info_member);
    }
    return json_scan_skip(&document->scan);
}

static void
pass_byte_order_mark(struct json_scan *scan)
{
    char byte;

    if (json_scan_peek(scan, &byte) && scan->end - scan->next >= 3
        && memcmp(scan->next, "\xEF\xBB\xBF", 3) == 0) {
        scan->next += 3;
    }
}

bool
chrome_document_read(struct chrome_document *document)
{
    struct json_scan *scan = &document->scan;
    char byte;

    pass_byte_order_mark(scan);
    if (scan->stop != JSON_STOP_NONE || !json_scan_peek(scan, &byte)) {
        return false;
    }
    if (!(byte == '[' ? read_events(document)
                      : read_members(document, read_top_member))) {
        return false;
    }
    document->is_followed = json_scan_peek(scan, &byte);
    document->end_offset = json_scan_offset(scan);
    return true;
}

void
chrome_document_release(struct chrome_document *document)
{
    json_scan_close(&document->scan);
    event_intake_release(&document->intake);
    chrome_event_release(&document->event);
    free(document->sources);
    buffer_release(&document->text);
}
