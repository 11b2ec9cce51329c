// SPDX-License-Identifier: Apache-2.0
/*
 * import/chrome_event.h - one event of the Chrome trace event format, read.
 *
 * Texts are what stands between the quotes, escapes and all; arguments are JSON
 * text that nobody has looked into. They are lent until the next event is read.
 */
#ifndef IMPORT_CHROME_EVENT_H
#define IMPORT_CHROME_EVENT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "format/record_encode.h"
#include "import/event_shape.h"

struct json_scan;

enum {
    CHROME_ID_MAX = 256,           /* bytes of an id that are kept */
    CHROME_NAME_MAX = 64 * 1024,   /* of a name */
    CHROME_ARGS_MAX = 1024 * 1024, /* and of arguments */
};

/* Among which events an id means one thing. */
enum chrome_id_scope {
    CHROME_ID_PLAIN, /* "id": that depends on the kind of event */
    CHROME_ID_LOCAL, /* "id2": those of the process */
    CHROME_ID_GLOBAL,
};

enum chrome_value {
    CHROME_VALUE_NONE, /* not there */
    CHROME_VALUE_GOOD,
    CHROME_VALUE_BAD, /* no number, or out of all proportion */
};

/* {0} is empty; _read re-uses the memory. */
struct chrome_event {
    char phase;       /* "ph"; '\0' when it is missing or not one character */
    char scope;       /* "s", likewise */
    char bind;        /* "bp", likewise */
    bool is_function; /* "cat" is VizTracer's, for function calls */
    bool is_name_cut;
    bool are_args_cut;
    enum chrome_value time;
    enum chrome_value duration;
    int64_t time_ns;
    int64_t duration_ns;
    int decimals;         /* most places behind the point of a time so far; not
                           reset from event to event */
    struct text_span pid; /* digits, or any text; empty when missing */
    struct text_span tid;
    struct text_span name;
    struct text_span id;
    struct text_span id_domain; /* "scope", which tells equal ids apart */
    enum chrome_id_scope id_scope;
    struct text_span category;
    struct text_span frame; /* "sf", the key of a stack frame, at its begin */
    struct text_span end_frame; /* "esf" */
    struct text_span stack;     /* "stack", a list, as JSON */
    struct text_span end_stack; /* "estack" */
    struct text_span args;      /* empty when missing or null */
    struct buffer kept_pid;     /* owned; what they are of, unless the scan's */
    struct buffer kept_tid;
    struct buffer kept_name;
    struct buffer kept_id;
    struct buffer kept_args;
    struct event_shapes shapes; /* of the events so far */
    bool has_no_shapes;         /* for tests: read all member by member */
    struct buffer kept_domain;
    struct buffer kept_category;
    struct buffer kept_frames[2];
    struct buffer kept_stacks[2];
};

/* Read the object that comes next. False when the scan stopped. */
bool chrome_event_read(struct chrome_event *event, struct json_scan *scan);

/* Forget the event, and not the shapes. */
void chrome_event_clear(struct chrome_event *event);

/* What the value of a member is to the shape of an event. */
enum shape_value chrome_event_shape_value(struct text_span key);

void chrome_event_release(struct chrome_event *event);

#endif
