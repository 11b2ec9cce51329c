// SPDX-License-Identifier: Apache-2.0
#include "tui/instant_lane.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "model/moment_list.h"
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

static bool
skip(struct text_part *part, const char *text)
{
    size_t size = strlen(text);

    skip_blanks(part);
    if (part->size < size || memcmp(part->data, text, size) != 0) {
        return false;
    }
    part->data += size;
    part->size -= size;
    return true;
}

/* The text of {"value": "text"}, as it stands there. */
static bool
find_value(const struct model_instant *instant, struct text_part *value)
{
    struct text_part rest = {instant->args, instant->args_size};
    size_t size = 0;

    if (!skip(&rest, "{") || !skip(&rest, "\"value\"") || !skip(&rest, ":")
        || !skip(&rest, "\"")) {
        return false;
    }
    while (size < rest.size && rest.data[size] != '"') {
        size += rest.data[size] == '\\' && size + 1 < rest.size ? 2 : 1;
    }
    *value = (struct text_part){rest.data, size};
    if (size >= rest.size) {
        return false;
    }
    rest.data += size + 1;
    rest.size -= size + 1;
    return skip(&rest, "}") && rest.size == 0;
}

enum instant_lane
instant_lane_of(const struct model_instant *instant)
{
    struct text_part value;

    switch (moment_kind_of(instant)) {
    case MOMENT_OBJECT:
        return LANE_OBJECTS;
    case MOMENT_LOG:
        return LANE_LOG;
    case MOMENT_INSTANT:
    case MOMENT_COUNTER:
    case MOMENT_ERROR:
    case MOMENT_HIT:
    case MOMENT_KIND_COUNT:
        break;
    }
    return find_value(instant, &value) ? LANE_LOG : LANE_MARKS;
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
    struct text_part value;
    const char *dash;

    if (find_value(instant, &value)) {
        (void)snprintf(text, size, "%.*s=%.*s", limit(said.size, size / 2),
                       said.data, limit(value.size, size), value.data);
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
