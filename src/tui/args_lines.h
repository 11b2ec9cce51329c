// SPDX-License-Identifier: Apache-2.0
/*
 * tui/args_lines.h - JSON text on lines that people can read.
 *
 *     func_args:
 *       rows: "<list len=18231>"
 *       size: {"w": 3, "h": 4}
 *     return_value: "ok"
 *
 * Nothing is interpreted: numbers and escapes stay as they were written, and
 * what is no JSON, or was cut, is laid out as far as it goes. Depth is not
 * limited, no recursion takes place. Only escapes of characters beyond ASCII
 * are resolved.
 */
#ifndef TUI_ARGS_LINES_H
#define TUI_ARGS_LINES_H

#include <stdbool.h>
#include <stddef.h>

struct buffer;
struct error;

enum {
    ARGS_LINES_MAX = 2000,
    ARGS_LINE_SIZE = 1000,    /* bytes of a line that are kept */
    ARGS_BYTES_MAX = 1 << 20, /* of the text that are looked at */
};

/*
 * Append the lines to out, each ended by a NUL; *count says how many. What
 * exceeds a limit is left out, and a line says how much it was.
 */
bool args_lines(struct buffer *out, size_t *count, const char *json,
                size_t size, struct error *err);

#endif
