// SPDX-License-Identifier: Apache-2.0
#include "tui/colour_mode.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "model/trace_model.h"
#include "tui/theme.h"

enum {
    SHORTEST_NS = 1000, /* below is the first colour of durations */
    DURATION_SLOTS = 8,
    MODULE_SIZE = 256,
};

const char *
colour_mode_name(enum colour_mode mode)
{
    static const char *const names[COLOUR_MODE_COUNT] = {
        [COLOUR_BY_NAME] = "name",         [COLOUR_BY_MODULE] = "module",
        [COLOUR_BY_KIND] = "kind",         [COLOUR_BY_THREAD] = "thread",
        [COLOUR_BY_DURATION] = "duration", [COLOUR_BY_CHANGE] = "change",
        [COLOUR_BY_NOTHING] = "nothing",
    };

    assert(mode < COLOUR_MODE_COUNT);
    return names[mode];
}

enum colour_mode
colour_mode_next(enum colour_mode mode, bool is_compared)
{
    mode = (mode + 1) % COLOUR_MODE_COUNT;
    return mode == COLOUR_BY_CHANGE && !is_compared ? mode + 1 : mode;
}

static unsigned
slot_of_module(const struct model_function *function)
{
    char module[MODULE_SIZE];

    if (function->file[0] != '\0') {
        return theme_slot(function->file);
    }
    (void)snprintf(module, sizeof module, "%.*s",
                   (int)strcspn(function->name, "."), function->name);
    return theme_slot(module);
}

/* Slots from cold to warm; neighbours differ with eight colours, too. */
static unsigned
slot_of_duration(uint64_t duration_ns)
{
    static const uint8_t slots[DURATION_SLOTS] = {1, 5, 7, 10, 3, 0, 9, 4};
    uint64_t limit_ns = SHORTEST_NS;
    unsigned i = 0;

    while (i + 1 < DURATION_SLOTS && duration_ns >= limit_ns) {
        limit_ns *= 10;
        i++;
    }
    return slots[i];
}

unsigned
colour_mode_slot(enum colour_mode mode, const struct colour_subject *subject)
{
    const struct model_function *function = subject->function;

    switch (mode) {
    case COLOUR_BY_MODULE:
        return function == NULL ? theme_slot("?") : slot_of_module(function);
    case COLOUR_BY_KIND:
        return function == NULL ? THEME_SLOTS - 1
                                : (unsigned)function->kind % THEME_SLOTS;
    case COLOUR_BY_THREAD:
        return subject->track % THEME_SLOTS;
    case COLOUR_BY_DURATION:
        return slot_of_duration(subject->duration_ns);
    case COLOUR_BY_NAME:
    case COLOUR_BY_CHANGE:
    case COLOUR_BY_NOTHING:
    case COLOUR_MODE_COUNT:
        break;
    }
    return theme_slot(function == NULL ? "?" : function->name);
}
