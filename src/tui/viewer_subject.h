// SPDX-License-Identifier: Apache-2.0
/* tui/viewer_subject.h - what the cursor of a view is on. */
#ifndef TUI_VIEWER_SUBJECT_H
#define TUI_VIEWER_SUBJECT_H

#include <stdbool.h>
#include <stdint.h>

#include "model/span_query.h"

/* {0} is nothing that has a function. */
struct viewer_subject {
    bool has_function;
    uint32_t function; /* index in the model; UINT32_MAX = unknown */
    bool has_slice;    /* one call of it */
    struct slice slice;
};

#endif
