// SPDX-License-Identifier: Apache-2.0
#include "import/function_label.h"

#include <stdint.h>
#include <string.h>

#include "import/json_value.h"

enum { LINE_SIZE_MAX = 14 }; /* "(4294967295)." and more */

/* The last place before end where " (" begins a path, else the last " (" at
 * all: a folder's name may have a parenthesis in it. SIZE_MAX = none. */
static size_t
find_parenthesis(struct text_span label, size_t end)
{
    size_t last = SIZE_MAX;

    for (size_t i = end; i-- > 0;) {
        if (label.data[i] != ' ' || i + 2 >= end || label.data[i + 1] != '(') {
            continue;
        }
        if (label.data[i + 2] == '/' || label.data[i + 2] == '<') {
            return i;
        }
        last = last == SIZE_MAX ? i : last;
    }
    return last;
}

/* ":12)" at the end: where the colon is, or SIZE_MAX. */
static size_t
find_line(struct text_span label, uint32_t *line)
{
    size_t colon = label.size - 1;
    uint64_t number;

    if (label.size < 4 || label.data[label.size - 1] != ')') {
        return SIZE_MAX;
    }
    while (colon > 0 && label.data[colon] != ':') {
        colon--;
    }
    if (!json_value_u64(
            (struct text_span){label.data + colon + 1, label.size - colon - 2},
            &number)
        || number > UINT32_MAX) {
        return SIZE_MAX;
    }
    *line = (uint32_t)number;
    return colon;
}

/* "qualified.name (file:line)". */
static bool
split_label(struct text_span label, struct function_definition *function)
{
    uint32_t line;
    size_t colon = label.size == 0 ? SIZE_MAX : find_line(label, &line);
    size_t begin =
        colon == SIZE_MAX ? SIZE_MAX : find_parenthesis(label, colon);

    if (begin == SIZE_MAX || begin == 0) {
        return false;
    }
    function->line = line;
    function->name.size = begin;
    function->file =
        (struct text_span){label.data + begin + 2, colon - begin - 2};
    return true;
}

/* The last "(line)." of a label: where it begins, and where the name does. */
static bool
find_old_line(struct text_span label, size_t *begin, size_t *name,
              uint32_t *line)
{
    for (size_t i = label.size; i-- > 2;) {
        size_t digits = i - 1;
        uint64_t number;

        if (label.data[i] != '.' || label.data[i - 1] != ')') {
            continue;
        }
        while (digits > 0 && label.data[digits] != '('
               && i - digits < LINE_SIZE_MAX) {
            digits--;
        }
        if (digits > 0 && label.data[digits] == '('
            && json_value_u64(
                (struct text_span){label.data + digits + 1, i - digits - 2},
                &number)
            && number <= UINT32_MAX) {
            *begin = digits;
            *name = i + 1;
            *line = (uint32_t)number;
            return true;
        }
    }
    return false;
}

/* The last ".py." of a label, likewise. */
static bool
find_old_file(struct text_span label, size_t *begin, size_t *name)
{
    for (size_t i = label.size; i-- > 4;) {
        if (memcmp(label.data + i - 3, ".py.", 4) == 0) {
            *begin = i;
            *name = i + 1;
            return true;
        }
    }
    return false;
}

/* "file(line).name" and "file.name", of early releases. */
static bool
split_old_label(struct text_span label, struct function_definition *function)
{
    size_t begin;
    size_t name;
    uint32_t line = 0;

    if (!find_old_line(label, &begin, &name, &line)
        && !find_old_file(label, &begin, &name)) {
        return false;
    }
    if (name == label.size) {
        return false;
    }
    function->line = line;
    function->file = (struct text_span){label.data, begin};
    function->name = (struct text_span){label.data + name, label.size - name};
    return true;
}

struct function_definition
function_label_split(struct text_span label, bool is_function)
{
    struct function_definition function = {.kind = VZT_FUNCTION_OTHER,
                                           .name = label};

    if (split_label(label, &function)
        || (is_function && split_old_label(label, &function))) {
        function.kind = VZT_FUNCTION_PYTHON;
    } else if (is_function) {
        bool has_file = label.size > 0
                        && (label.data[0] == '<'
                            || memchr(label.data, '/', label.size) != NULL);

        function.kind = has_file ? VZT_FUNCTION_PYTHON : VZT_FUNCTION_C;
    }
    return function;
}
