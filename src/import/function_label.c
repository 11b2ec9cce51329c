// SPDX-License-Identifier: Apache-2.0
#include "import/function_label.h"

#include <stdint.h>
#include <string.h>

#include "import/json_value.h"

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

struct function_definition
function_label_split(struct text_span label, bool is_function)
{
    struct function_definition function = {.kind = VZT_FUNCTION_OTHER,
                                           .name = label};
    size_t colon =
        label.size == 0 ? SIZE_MAX : find_line(label, &function.line);
    size_t begin =
        colon == SIZE_MAX ? SIZE_MAX : find_parenthesis(label, colon);

    if (begin != SIZE_MAX && begin > 0) {
        function.kind = VZT_FUNCTION_PYTHON;
        function.name.size = begin;
        function.file =
            (struct text_span){label.data + begin + 2, colon - begin - 2};
        return function;
    }
    function.line = 0;
    if (is_function && label.size > 0) {
        bool has_file =
            label.data[0] == '<' || memchr(label.data, '/', label.size) != NULL;

        function.kind = has_file ? VZT_FUNCTION_PYTHON : VZT_FUNCTION_C;
    }
    return function;
}
