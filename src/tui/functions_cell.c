// SPDX-License-Identifier: Apache-2.0
/* What stands in a cell of the function table. */
#include "tui/functions_table.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/utf8.h"
#include "format/event.h"
#include "model/scope_profile.h"
#include "tui/theme.h"

uint64_t
functions_value(const struct scope_profile *profile, uint32_t index,
                enum functions_column column)
{
    static const struct duration_facts none = {0};
    const struct profile_function *sums = &profile->functions[index];
    const struct duration_facts *facts =
        profile->durations == NULL ? &none : &profile->durations[index];

    switch (column) {
    case COLUMN_SELF:
    case COLUMN_SELF_SHARE:
    case COLUMN_BAR:
        return sums->self_ns;
    case COLUMN_TOTAL:
    case COLUMN_TOTAL_SHARE:
        return sums->total_ns;
    case COLUMN_CALLS:
        return sums->call_count;
    case COLUMN_MEAN: /* until it is known: exact unless it is recursive */
        return facts->call_count > 0  ? facts->mean_ns
               : sums->call_count > 0 ? sums->total_ns / sums->call_count
                                      : 0;
    case COLUMN_MIN:
        return facts->call_count > 0 ? facts->min_ns : sums->min_ns;
    case COLUMN_MAX:
        return facts->call_count > 0 ? facts->max_ns : sums->max_ns;
    case COLUMN_P50:
    case COLUMN_DURATIONS:
        return facts->p50_ns;
    case COLUMN_P95:
        return facts->p95_ns;
    case COLUMN_P99:
        return facts->p99_ns;
    case COLUMN_FUNCTION:
    case COLUMN_LOCATION:
    case COLUMN_COUNT:
        break;
    }
    return 0;
}

static const char *
write_location(const struct model_function *function, char *text)
{
    if (function->file[0] != '\0') {
        (void)snprintf(text, FUNCTIONS_CELL_SIZE, "%s:%" PRIu32, function->file,
                       function->line);
    } else {
        (void)snprintf(text, FUNCTIONS_CELL_SIZE, "%s",
                       function->kind == VZT_FUNCTION_C ? "built-in" : "");
    }
    return text;
}

/* A cell of one glyph after the other; 0 is a blank. */
static const char *
write_levels(const unsigned *levels, size_t count, bool is_ascii, char *text)
{
    const struct theme theme = {.is_ascii = is_ascii};
    size_t size = 0;

    for (size_t i = 0; i < count; i++) {
        size += utf8_encode(
            levels[i] == 0 ? ' ' : theme_level(&theme, levels[i]), text + size);
    }
    text[size] = '\0';
    return text;
}

/* A part of the longest bar there is. */
static const char *
write_bar(uint64_t part, uint64_t whole, bool is_ascii, char *text)
{
    unsigned levels[FUNCTIONS_BAR_CELLS];
    double cells =
        whole == 0 ? 0 : (double)part / (double)whole * FUNCTIONS_BAR_CELLS;
    size_t count = (size_t)(cells + 0.5);

    for (size_t i = 0; i < count; i++) {
        levels[i] = THEME_LEVELS;
    }
    return write_levels(levels, count, is_ascii, text);
}

static const char *
write_durations(const struct duration_facts *facts, bool is_ascii, char *text)
{
    unsigned levels[DURATION_LEVELS];

    for (size_t i = 0; i < DURATION_LEVELS; i++) {
        levels[i] = theme_level_of(facts->levels[i], DURATION_LEVEL_FULL);
    }
    return write_levels(levels, DURATION_LEVELS, is_ascii, text);
}

/* A percentile, which is only known within 2 % unless all calls took as
 * long. */
static const char *
write_percentile(const struct duration_facts *facts, uint64_t value_ns,
                 bool is_ascii, char *text)
{
    bool is_exact = facts->min_ns == facts->max_ns;

    if (!is_exact) {
        text[0] = '~';
    }
    (void)text_duration(text + !is_exact, FUNCTIONS_CELL_SIZE - 1, value_ns,
                        is_ascii);
    return text;
}

static const char *
write_text(char *text, const char *from)
{
    (void)snprintf(text, FUNCTIONS_CELL_SIZE, "%s", from);
    return text;
}

/* A column that is made of the durations of all calls. */
static const char *
write_distribution(const struct scope_profile *profile, uint32_t index,
                   enum functions_column column, bool is_ascii, char *text)
{
    const struct duration_facts *facts;

    if (profile->durations == NULL) {
        return write_text(text, FUNCTIONS_NOT_YET);
    }
    facts = &profile->durations[index];
    if (facts->call_count == 0) {
        return write_text(text, "-");
    }
    return column == COLUMN_DURATIONS
               ? write_durations(facts, is_ascii, text)
               : write_percentile(facts,
                                  functions_value(profile, index, column),
                                  is_ascii, text);
}

const char *
functions_cell(const struct functions_table *table, uint32_t index,
               enum functions_column column, bool is_ascii, char *text)
{
    const struct model_function *function =
        scope_profile_function(table->model, index);
    const struct scope_profile *profile = table->profile;
    uint64_t value = functions_value(profile, index, column);

    switch (column) {
    case COLUMN_MEAN:
        if (profile->functions[index].call_count == 0) {
            return write_text(text, "-");
        }
        return text_duration(text, FUNCTIONS_CELL_SIZE, value, is_ascii);
    case COLUMN_SELF:
    case COLUMN_TOTAL:
    case COLUMN_MIN:
    case COLUMN_MAX:
        return text_duration(text, FUNCTIONS_CELL_SIZE, value, is_ascii);
    case COLUMN_SELF_SHARE:
    case COLUMN_TOTAL_SHARE:
        return text_percent(text, FUNCTIONS_CELL_SIZE, value,
                            profile->total_ns);
    case COLUMN_BAR:
        return write_bar(value, table->most_self_ns, is_ascii, text);
    case COLUMN_CALLS:
        return text_grouped(text, FUNCTIONS_CELL_SIZE, value);
    case COLUMN_P50:
    case COLUMN_P95:
    case COLUMN_P99:
    case COLUMN_DURATIONS:
        return write_distribution(profile, index, column, is_ascii, text);
    case COLUMN_FUNCTION:
        return write_text(text, function->name);
    case COLUMN_LOCATION:
        return write_location(function, text);
    case COLUMN_COUNT:
        break;
    }
    text[0] = '\0';
    return text;
}
