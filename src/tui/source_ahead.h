// SPDX-License-Identifier: Apache-2.0
/* tui/source_ahead.h - where the next step of the source view would lead. */
#ifndef TUI_SOURCE_AHEAD_H
#define TUI_SOURCE_AHEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct error;
struct source;

struct source_target {
    bool is_there;
    uint32_t function;
};

/* From a moment. {0} is not known. */
struct source_ahead {
    bool is_asked;
    bool is_known;
    size_t moment;
    struct source_target into;
    struct source_target over;
};

/* Find out where steps from the present moment lead. */
bool source_look_ahead(struct source *source, struct error *err);

#endif
