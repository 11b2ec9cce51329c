// SPDX-License-Identifier: Apache-2.0
/*
 * tui/details_parts.h - what the files details*.c share.
 */
#ifndef TUI_DETAILS_PARTS_H
#define TUI_DETAILS_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/span_query.h"
#include "tui/details_lines.h"
#include "tui/time_text.h"

struct call_facts;
struct error;
struct screen;
struct timeline;

struct details {
    struct call_facts *facts;
    struct details_lines lines; /* of what the cursor is on */
};

/* How the pane is divided. */
struct details_layout {
    int first_row; /* of the lists */
    unsigned rows; /* of the lists; may be 0 */
    unsigned column_count;
    unsigned width; /* of a list */
    size_t head_count;
    bool has_histogram;
};

struct details_layout details_layout(const struct timeline *timeline);

/* The place in the lines there are now, with the chosen ones in view. */
struct details_place details_place_now(const struct timeline *timeline);

/* Fill in the lines for the call, and for instants, counters and processes. */
bool details_of_call(struct timeline *timeline, struct error *err);
bool details_of_place(struct timeline *timeline, struct error *err);

/* Add the arrows of the call, if it has some. */
bool details_add_flows(struct details_lines *lines,
                       const struct timeline *timeline, size_t column,
                       struct error *err);

/* Make the lines of what the cursor is on. */
bool details_update(struct timeline *timeline, struct error *err);

/* A time as the timeline shows times now. */
const char *details_time(const struct timeline *timeline,
                         char text[TIME_TEXT_SIZE], uint64_t time_ns);

#endif
