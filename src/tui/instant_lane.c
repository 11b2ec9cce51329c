// SPDX-License-Identifier: Apache-2.0
#include "tui/instant_lane.h"

#include <stdio.h>
#include <string.h>

#include "model/trace_model.h"

/* A part of a text. */
struct text_part {
    const char *data;
    size_t size;
};

static void
skip_blanks(struct text_part *part)
{
    while (part->size > 0 && (part->data[0] == ' ' || part->data[0] == '\n')) {
        part->data++;
        part->size--;
    }
}

const char *
instant_lane_name(enum instant_lane lane)
{
    static const char *const names[LANE_COUNT] = {
        [LANE_MARKS] = "instants",
        [LANE_OBJECTS] = "objects",
        [LANE_LOG] = "log",
    };

    return names[lane];
}

static int
limit(size_t size, size_t most)
{
    return (int)(size < most ? size : most);
}

const char *
instant_lane_text(const struct model_instant *instant, char *text, size_t size)
{
    struct text_part said = {instant->name, instant->name_size};
    const char *value;
    size_t value_size;
    const char *dash;

    if (instant_lane_value(instant, &value, &value_size)) {
        (void)snprintf(text, size, "%.*s=%.*s", limit(said.size, size / 2),
                       said.data, limit(value_size, size), value);
        return text;
    }
    dash = memchr(said.data, '-', said.size);
    if (dash != NULL) { /* "print - " */
        said.size -= (size_t)(dash + 1 - said.data);
        said.data = dash + 1;
    }
    skip_blanks(&said);
    while (said.size > 0 && said.data[said.size - 1] == '\n') {
        said.size--;
    }
    (void)snprintf(text, size, "%.*s", limit(said.size, size), said.data);
    return text;
}
