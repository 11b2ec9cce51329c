// SPDX-License-Identifier: Apache-2.0
/*
 * tui/events_text.h - what stands in the columns of the list of events. As in
 * the trace: whoever draws it sanitises it.
 */
#ifndef TUI_EVENTS_TEXT_H
#define TUI_EVENTS_TEXT_H

#include <stddef.h>
#include <stdint.h>

#include "model/moment_list.h"

struct events;
struct viewer;

enum events_column {
    EVENTS_TIME,
    EVENTS_KIND,
    EVENTS_WHERE, /* thread or process */
    EVENTS_NAME,
    EVENTS_VALUE,
    EVENTS_COLUMN_COUNT,
};

enum { EVENTS_TEXT_SIZE = 1024 }; /* more of a text does not fit a row */

/* "TIME". */
const char *events_column_title(enum events_column column);

/* "counter", of one or of many. */
const char *events_kind_name(enum moment_kind kind);
const char *events_kind_names(enum moment_kind kind);

/* Cut at EVENTS_TEXT_SIZE, which text has. Returns text. */
const char *events_cell(const struct events *events,
                        const struct moment *moment, enum events_column column,
                        char *text);

/* The track that an event is of; UINT32_MAX = it is of its process. */
uint32_t events_track(const struct events *events, const struct moment *moment);
uint32_t events_process(const struct events *events,
                        const struct moment *moment);

/* "148.5", "148.5 (+2)": a point of a counter, with the change. */
const char *events_point_text(const struct events *events,
                              const struct moment *moment, char *text,
                              size_t size);

#endif
