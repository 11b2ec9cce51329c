// SPDX-License-Identifier: Apache-2.0
/* tui/colour_mode.h - by what calls are coloured. */
#ifndef TUI_COLOUR_MODE_H
#define TUI_COLOUR_MODE_H

#include <stdbool.h>
#include <stdint.h>

struct model_function;

enum colour_mode {
    COLOUR_BY_NAME,
    COLOUR_BY_MODULE, /* the file, or what stands before the first dot */
    COLOUR_BY_KIND,   /* Python, C, other */
    COLOUR_BY_THREAD,
    COLOUR_BY_DURATION, /* one colour for each power of ten */
    COLOUR_BY_CHANGE,   /* of the function, see compare.h */
    COLOUR_BY_NOTHING,
    COLOUR_MODE_COUNT,
};

/* The one after it; by change only when something was compared. */
enum colour_mode colour_mode_next(enum colour_mode mode, bool is_compared);

/* "name", "module", ...; "nothing" */
const char *colour_mode_name(enum colour_mode mode);

/* What is coloured. */
struct colour_subject {
    const struct model_function *function; /* NULL = unknown */
    uint32_t track;
    uint64_t duration_ns;
};

/* A slot of theme.h. It depends on the subject alone: never on what else is in
 * the trace. COLOUR_BY_NOTHING has slots as COLOUR_BY_NAME; who draws uses a
 * theme without colours then. COLOUR_BY_CHANGE has too: only who knows what was
 * compared can tell. */
unsigned colour_mode_slot(enum colour_mode mode,
                          const struct colour_subject *subject);

#endif
