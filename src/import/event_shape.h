// SPDX-License-Identifier: Apache-2.0
/*
 * import/event_shape.h - events that are written alike are read at once.
 *
 * A program writes all its events of a kind in the same way: the same keys in
 * the same order, the same blanks. What chrome_event_read has read member by
 * member once becomes a shape, which is the text between the values and what
 * each value is:
 *
 *     {"pid":  #  ,"tid":  #  ,"ts":  #  ,"ph":"X","name":"  #  "}
 *
 * The next event is compared with it. Whatever differs, or is not plain (an
 * exponent, a number that is very long), is no match and is read member by
 * member, so that a shape never changes what is read.
 */
#ifndef IMPORT_EVENT_SHAPE_H
#define IMPORT_EVENT_SHAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "format/record_encode.h"
#include "import/json_scan.h"

struct chrome_event;

enum {
    SHAPE_PIECES_MAX = 16,
    SHAPE_TEXT_MAX = 512, /* bytes, in all pieces */
    SHAPES_MAX = 8,       /* that are known at one time */
    SHAPE_CATEGORY_MAX = 128,
};

/* What a value is. */
enum shape_value {
    SHAPE_NONE,     /* only looked at member by member */
    SHAPE_CONSTANT, /* a part of the text */
    SHAPE_SKIP,
    SHAPE_PID,
    SHAPE_TID,
    SHAPE_NAME,
    SHAPE_ID,
    SHAPE_TIME,
    SHAPE_DURATION,
    SHAPE_ARGS,
};

/* The text in front of a value, as words of which the last one has a mask. */
struct shape_piece {
    enum shape_value value; /* SHAPE_NONE behind the last one */
    bool is_quoted;
    uint16_t first; /* in words */
    uint16_t size;  /* in bytes */
    uint64_t mask;
};

struct event_shape {
    struct shape_piece pieces[SHAPE_PIECES_MAX];
    size_t piece_count; /* 0 = there is no such shape */
    uint64_t words[SHAPE_TEXT_MAX / 8];
    size_t word_count;
    char phase; /* of all events of this shape */
    char scope;
    char bind;
    bool is_function;
    char category[SHAPE_CATEGORY_MAX];
    size_t category_size;
    uint64_t match_count;
};

/* {0} knows none. */
struct event_shapes {
    struct event_shape shapes[SHAPES_MAX];
    size_t last;           /* the one that matched */
    size_t next;           /* the one to be replaced */
    size_t waste;          /* shapes that no event ever matched */
    struct json_scan scan; /* of arguments */
};

/*
 * Read the event at next, of which nothing is known, in what is there up to
 * end. The byte behind it; NULL when it is of no known shape, or not whole.
 * Then the event's times and texts may be anything.
 */
const char *event_shapes_match(struct event_shapes *shapes,
                               struct chrome_event *event, const char *next,
                               const char *end);

/* Know the shape of an event that was read; text is all of it. */
void event_shapes_learn(struct event_shapes *shapes,
                        const struct chrome_event *event,
                        struct text_span text);

/* Whether there was no memory to match or to learn. */
bool event_shapes_failed(const struct event_shapes *shapes);

void event_shapes_release(struct event_shapes *shapes);

#endif
