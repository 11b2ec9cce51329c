// SPDX-License-Identifier: Apache-2.0
#include "import/event_shape.h"

#include <string.h>

#include "import/chrome_event.h"
#include "import/scan_bytes.h"

enum {
    DIGITS_MAX = 18,  /* of a time that is read here; more may not fit */
    PLACES_MAX = 7,   /* behind its point */
    NUMBER_ROOM = 32, /* bytes that must be there to look at a number */
    WASTE_MAX = 64,
    WASTE_SHARE = 16, /* of the events, when shapes are rarely of use */
};

/* What is known of the event that is being compared. */
struct match {
    struct chrome_event *event;
    const char *end;
    int places;
    struct json_scan *scan;
};

/* The byte behind the text of a piece, if it stands at next. */
static inline const char *
match_text(const struct event_shape *shape, const struct shape_piece *piece,
           const char *next, const char *end)
{
    const uint64_t *words = &shape->words[piece->first];
    size_t last = ((size_t)piece->size - 1) / 8;
    uint64_t word;

    if (end - next < (ptrdiff_t)(last + 1) * 8) {
        return NULL;
    }
    for (size_t i = 0; i < last; i++) {
        memcpy(&word, next + i * 8, sizeof word);
        if (word != words[i]) {
            return NULL;
        }
    }
    memcpy(&word, next + last * 8, sizeof word);
    return ((word ^ words[last]) & piece->mask) == 0 ? next + piece->size
                                                     : NULL;
}

/* Up to 15 digits; *count says how many. */
static inline const char *
take_whole(const char *next, uint64_t *value, size_t *count)
{
    uint64_t more;

    *count = digits_of_eight(next, value);
    if (*count == 8) {
        static const uint64_t powers[] = {1,     10,     100,     1000,
                                          10000, 100000, 1000000, 10000000};
        size_t more_count = digits_of_eight(next + 8, &more);

        if (more_count == 8) {
            return NULL;
        }
        *value = *value * powers[more_count] + more;
        *count += more_count;
    }
    return *count == 0 ? NULL : next + *count;
}

/* The digits behind a point, as nanoseconds that are rounded half up. */
static inline const char *
take_places(const char *next, uint64_t *ns, size_t *count)
{
    static const uint64_t factors[] = {0, 100, 10, 1};
    static const uint64_t powers[] = {1, 10, 100, 1000, 10000};
    uint64_t value;

    *count = digits_of_eight(next, &value);
    if (*count == 0 || *count > PLACES_MAX) {
        return NULL;
    }
    if (*count <= 3) {
        *ns = value * factors[*count];
    } else {
        *ns = (value + powers[*count - 3] / 2) / powers[*count - 3];
    }
    return next + *count;
}

/* A number of microseconds, if it is as plain as nearly all are. */
static inline const char *
take_time(struct match *match, const char *next, int64_t *ns)
{
    uint64_t whole;
    uint64_t part = 0;
    size_t count;
    size_t places = 0;

    if (match->end - next < NUMBER_ROOM) {
        return NULL;
    }
    next = take_whole(next, &whole, &count);
    if (next == NULL) {
        return NULL;
    }
    if (*next == '.') {
        next = take_places(next + 1, &part, &places);
        if (next == NULL || count + places > DIGITS_MAX) {
            return NULL;
        }
        if ((int)places > match->places) {
            match->places = (int)places;
        }
    }
    *ns = (int64_t)(whole * 1000 + part);
    return next;
}

/* A text that is not cut. */
static inline const char *
take_text(const struct match *match, const char *next, bool is_quoted,
          size_t limit, struct text_span *text)
{
    bool is_escaped = false;
    const char *end = is_quoted ? find_string_end(next, match->end, &is_escaped)
                                : find_word_end(next, match->end);

    if (end == NULL || (size_t)(end - next) > limit
        || (!is_quoted && end == next)) {
        return NULL;
    }
    *text = (struct text_span){next, (size_t)(end - next)};
    return end;
}

/* A value of any kind, which begins at next. */
static const char *
take_value(const struct match *match, const char *next)
{
    struct json_scan *scan = match->scan;

    if (next == match->end || is_blank(*next)) {
        return NULL;
    }
    scan->next = next;
    scan->end = match->end;
    scan->stop = JSON_STOP_NONE;
    return json_scan_skip(scan) ? scan->next : NULL;
}

static const char *
take_arguments(const struct match *match, const char *next)
{
    const char *end = take_value(match, next);
    size_t size;

    if (end == NULL) {
        return NULL;
    }
    size = (size_t)(end - next);
    if (size > CHROME_ARGS_MAX) {
        return NULL;
    }
    match->event->args = (struct text_span){next, size};
    if (size == 4 && memcmp(next, "null", 4) == 0) {
        match->event->args = (struct text_span){0};
    }
    return end;
}

static inline const char *
match_value(struct match *match, const struct shape_piece *piece,
            const char *next)
{
    struct chrome_event *event = match->event;

    switch (piece->value) {
    case SHAPE_NONE:
    case SHAPE_CONSTANT:
        break;
    case SHAPE_SKIP:
        return take_value(match, next);
    case SHAPE_PID:
        return take_text(match, next, piece->is_quoted, CHROME_ID_MAX,
                         &event->pid);
    case SHAPE_TID:
        return take_text(match, next, piece->is_quoted, CHROME_ID_MAX,
                         &event->tid);
    case SHAPE_NAME:
        return take_text(match, next, piece->is_quoted, CHROME_NAME_MAX,
                         &event->name);
    case SHAPE_ID:
        return take_text(match, next, piece->is_quoted, CHROME_ID_MAX,
                         &event->id);
    case SHAPE_TIME:
        event->time = CHROME_VALUE_GOOD;
        return take_time(match, next, &event->time_ns);
    case SHAPE_DURATION:
        event->duration = CHROME_VALUE_GOOD;
        return take_time(match, next, &event->duration_ns);
    case SHAPE_ARGS:
        return take_arguments(match, next);
    }
    return next;
}

static const char *
match_shape(const struct event_shape *shape, struct match *match,
            const char *next)
{
    next = match_text(shape, &shape->pieces[0], next, match->end);
    if (next == NULL) {
        return NULL;
    }
    chrome_event_clear(match->event);
    match->places = 0;
    next = match_value(match, &shape->pieces[0], next);
    for (size_t i = 1; next != NULL && i < shape->piece_count; i++) {
        next = match_text(shape, &shape->pieces[i], next, match->end);
        if (next != NULL) {
            next = match_value(match, &shape->pieces[i], next);
        }
    }
    if (next == NULL) {
        return NULL;
    }
    match->event->phase = shape->phase;
    match->event->scope = shape->scope;
    match->event->bind = shape->bind;
    match->event->is_function = shape->is_function;
    match->event->category =
        (struct text_span){shape->category, shape->category_size};
    if (match->places > match->event->decimals) {
        match->event->decimals = match->places;
    }
    return next;
}

const char *
event_shapes_match(struct event_shapes *shapes, struct chrome_event *event,
                   const char *next, const char *end)
{
    struct match match = {.event = event, .end = end, .scan = &shapes->scan};

    for (size_t i = 0; i < SHAPES_MAX; i++) {
        size_t index = (shapes->last + i) % SHAPES_MAX;
        struct event_shape *shape = &shapes->shapes[index];
        const char *behind = NULL;

        if (shape->piece_count > 0) {
            behind = match_shape(shape, &match, next);
        }
        if (behind != NULL) {
            shapes->last = index;
            shape->match_count++;
            return behind;
        }
    }
    return NULL;
}

/* End the text of a piece at next; begin is where it began. */
static bool
add_piece(struct event_shape *shape, enum shape_value value, bool is_quoted,
          const char *begin, const char *next)
{
    size_t size = (size_t)(next - begin);
    size_t word_count = (size + 7) / 8;
    struct shape_piece *piece = &shape->pieces[shape->piece_count];

    if (shape->piece_count == SHAPE_PIECES_MAX
        || word_count > SHAPE_TEXT_MAX / 8 - shape->word_count) {
        return false;
    }
    *piece = (struct shape_piece){
        .value = value,
        .is_quoted = is_quoted,
        .first = (uint16_t)shape->word_count,
        .size = (uint16_t)size,
    };
    memset(&piece->mask, 0xFF, size % 8 == 0 ? 8 : size % 8);
    memcpy(&shape->words[shape->word_count], begin, size);
    shape->word_count += word_count;
    shape->piece_count++;
    return true;
}

/* A value that is no part of the text, whose first byte comes next. */
static bool
add_value(struct event_shape *shape, enum shape_value value,
          struct json_scan *scan, const char **begin)
{
    char byte = *scan->next;
    bool is_raw = value == SHAPE_ARGS || value == SHAPE_SKIP;
    bool is_quoted = byte == '"' && !is_raw;

    if ((byte == '{' || byte == '[') && !is_raw) {
        return false;
    }
    if (!add_piece(shape, value, is_quoted, *begin, scan->next + is_quoted)
        || !json_scan_skip(scan)) {
        return false;
    }
    *begin = scan->next - is_quoted;
    return true;
}

static bool
learn_member(struct event_shape *shape, struct json_scan *scan,
             const char **begin)
{
    struct text_span key;
    enum shape_value value;
    bool is_cut = false;
    char byte;

    if (!json_scan_string(scan, SHAPE_TEXT_MAX, &key, &is_cut) || is_cut
        || !json_scan_need(scan, ':', "':'") || !json_scan_peek(scan, &byte)) {
        return false;
    }
    value = chrome_event_shape_value(key);
    if (value == SHAPE_NONE) {
        return false;
    }
    return value == SHAPE_CONSTANT ? json_scan_skip(scan)
                                   : add_value(shape, value, scan, begin);
}

static bool
learn_members(struct event_shape *shape, struct json_scan *scan)
{
    const char *begin = scan->next;
    bool has_more = true;

    if (!json_scan_need(scan, '{', "'{'")) {
        return false;
    }
    while (has_more) {
        if (!learn_member(shape, scan, &begin)
            || !json_scan_take(scan, ',', &has_more)) {
            return false;
        }
    }
    return json_scan_need(scan, '}', "'}'")
           && add_piece(shape, SHAPE_NONE, false, begin, scan->next);
}

void
event_shapes_learn(struct event_shapes *shapes,
                   const struct chrome_event *event, struct text_span text)
{
    struct event_shape *shape = &shapes->shapes[shapes->next];

    if (shapes->waste >= WASTE_MAX && ++shapes->waste % WASTE_SHARE != 0) {
        return;
    }
    shapes->waste += shape->piece_count > 0 && shape->match_count == 0;
    *shape = (struct event_shape){
        .phase = event->phase,
        .scope = event->scope,
        .bind = event->bind,
        .is_function = event->is_function,
        .category_size = event->category.size,
    };
    if (event->category.size > SHAPE_CATEGORY_MAX) {
        return;
    }
    if (event->category.size > 0) {
        memcpy(shape->category, event->category.data, event->category.size);
    }
    shapes->scan.next = text.data;
    shapes->scan.end = text.data + text.size;
    shapes->scan.stop = JSON_STOP_NONE;
    if (!learn_members(shape, &shapes->scan)) {
        shape->piece_count = 0;
        return;
    }
    shapes->next = (shapes->next + 1) % SHAPES_MAX;
}

bool
event_shapes_failed(const struct event_shapes *shapes)
{
    return shapes->scan.stop == JSON_STOP_FAILED;
}

void
event_shapes_release(struct event_shapes *shapes)
{
    json_scan_close(&shapes->scan);
    *shapes = (struct event_shapes){0};
}
