// SPDX-License-Identifier: Apache-2.0
#include "tui/label.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "format/sanitise.h"
#include "model/trace_model.h"
#include "tui/theme.h"

enum {
    CELLS_FOR_PREFIX = 3,
    CELLS_FOR_ELLIPSIS = 6,
    CELLS_FOR_TARGET = 5, /* " (_h…": less of it says nothing */
};

unsigned
label_width(const char *text)
{
    size_t size = strlen(text);
    unsigned width = 0;

    for (size_t i = 0; i < size;) {
        uint32_t character;
        int columns;

        i += utf8_decode(text + i, size - i, &character);
        columns = utf8_width(character);
        width += columns > 0 ? (unsigned)columns : 0;
    }
    return width;
}

const char *
label_base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash == NULL ? path : slash + 1;
}

/* The bytes of text that fit into cells, whole characters only. */
static size_t
bytes_that_fit(const char *text, unsigned cells)
{
    size_t size = strlen(text);
    unsigned width = 0;
    size_t i = 0;

    while (i < size) {
        uint32_t character;
        size_t length = utf8_decode(text + i, size - i, &character);
        int columns = utf8_width(character);

        width += columns > 0 ? (unsigned)columns : 0;
        if (width > cells) {
            break;
        }
        i += length;
    }
    return i;
}

const char *
label_cut(char text[LABEL_SIZE], const struct theme *theme, const char *from,
          unsigned cells)
{
    char clean[LABEL_SIZE];
    char ellipsis[UTF8_MAX_SIZE];
    size_t size;

    (void)sanitise_text(clean, sizeof clean, from, strlen(from));
    if (label_width(clean) <= cells) {
        (void)snprintf(text, LABEL_SIZE, "%s", clean);
        return text;
    }
    if (cells < CELLS_FOR_ELLIPSIS) {
        size = cells < CELLS_FOR_PREFIX ? 0 : bytes_that_fit(clean, cells);
        (void)snprintf(text, LABEL_SIZE, "%.*s", (int)size, clean);
        return text;
    }
    size = utf8_encode(theme_glyph(theme, GLYPH_ELLIPSIS), ellipsis);
    (void)snprintf(text, LABEL_SIZE, "%.*s%.*s",
                   (int)bytes_that_fit(clean, cells - 1), clean, (int)size,
                   ellipsis);
    return text;
}

/* The length of "Thread-1" in "Thread-1 (target)"; else that of all of it. */
static size_t
bytes_before_target(const char *name)
{
    size_t size = strlen(name);
    const char *target = strstr(name, " (");

    return target != NULL && target > name && name[size - 1] == ')'
               ? (size_t)(target - name)
               : size;
}

/* Columns of the number at the end of a name: "-0_0" of "Pool-0_0". */
static unsigned
number_width(const char *name)
{
    size_t size = strlen(name);
    size_t start = size;

    while (start > 0 && strchr("0123456789-_.:#", name[start - 1]) != NULL) {
        start--;
    }
    return (unsigned)(size - start);
}

/* The longest end of a name that fits into cells, whole characters only. */
static const char *
tail_that_fits(const char *name, unsigned cells)
{
    unsigned width = label_width(name);

    while (width > cells) {
        uint32_t character;
        int columns;

        name += utf8_decode(name, strlen(name), &character);
        columns = utf8_width(character);
        width -= columns > 0 ? (unsigned)columns : 0;
    }
    return name;
}

static unsigned
smaller(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

const char *
label_cut_middle(char text[LABEL_SIZE], const struct theme *theme,
                 const char *from, unsigned cells)
{
    char name[LABEL_SIZE];
    char ellipsis[UTF8_MAX_SIZE];
    size_t ellipsis_size =
        utf8_encode(theme_glyph(theme, GLYPH_ELLIPSIS), ellipsis);
    size_t name_size;
    unsigned tail;

    (void)sanitise_text(name, sizeof name, from, strlen(from));
    name_size = bytes_before_target(name);
    if (label_width(name) <= cells || cells < CELLS_FOR_ELLIPSIS) {
        return label_cut(text, theme, from, cells);
    }
    name[name_size] = '\0';
    if (label_width(name) <= cells) {
        return label_width(name) + CELLS_FOR_TARGET <= cells
                   ? label_cut(text, theme, from, cells)
                   : label_cut(text, theme, name, cells);
    }
    tail = smaller(number_width(name), cells - CELLS_FOR_PREFIX);
    if (tail < cells / 3) {
        tail = cells / 3;
    }
    (void)snprintf(text, LABEL_SIZE, "%.*s%.*s%s",
                   (int)bytes_that_fit(name, cells - 1 - tail), name,
                   (int)ellipsis_size, ellipsis, tail_that_fits(name, tail));
    return text;
}

/* Only names made of identifiers and dots have parts: "GET /a.b" has none. */
static bool
is_dotted(const char *name)
{
    for (; *name != '\0'; name++) {
        unsigned char c = (unsigned char)*name;
        bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
                         || (c >= '0' && c <= '9') || c >= 0x80;

        if (!is_letter && c != '_' && c != '.' && c != '<' && c != '>') {
            return false;
        }
    }
    return true;
}

/* The last count parts of a dotted name; all of it when it has no more. */
static const char *
last_parts(const char *name, int count)
{
    const char *part = name + strlen(name);

    if (!is_dotted(name)) {
        return name;
    }
    while (part > name) {
        part--;
        if (*part == '.' && --count == 0) {
            return part + 1;
        }
    }
    return name;
}

/* "Class.method"; what stands in front of a local function says little. */
static const char *
class_and_method(const char *name)
{
    const char *locals = ".<locals>.";
    const char *short_name = last_parts(name, 2);
    const char *found = strstr(name, locals);

    while (found != NULL) {
        const char *inner = found + strlen(locals);

        short_name = inner > short_name ? inner : short_name;
        found = strstr(inner, locals);
    }
    return short_name;
}

static bool
fits(const char *text, unsigned cells)
{
    return label_width(text) <= cells;
}

static const char *
fit_name(char text[LABEL_SIZE], const struct theme *theme, const char *name,
         unsigned cells)
{
    const char *forms[] = {name, class_and_method(name), last_parts(name, 1)};

    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        if (fits(forms[i], cells)) {
            (void)snprintf(text, LABEL_SIZE, "%s", forms[i]);
            return text;
        }
    }
    return label_cut(text, theme, forms[2], cells);
}

/* "name (file:line)", when that fits. */
static bool
fit_with_file(char text[LABEL_SIZE], const char *name, const char *file,
              uint32_t line, unsigned cells)
{
    char clean[LABEL_SIZE];

    (void)sanitise_text(clean, sizeof clean, file, strlen(file));
    (void)snprintf(text, LABEL_SIZE, "%s (%s:%u)", name, clean, line);
    return fits(text, cells);
}

const char *
label_fit(char text[LABEL_SIZE], const struct theme *theme,
          const struct model_function *function, unsigned cells)
{
    char name[LABEL_SIZE / 2]; /* half, so that a file fits behind it */

    text[0] = '\0';
    if (cells < CELLS_FOR_PREFIX) {
        return text;
    }
    if (function == NULL) {
        return label_cut(text, theme, "?", cells);
    }
    (void)sanitise_text(name, sizeof name, function->name,
                        strlen(function->name));
    if (function->file[0] != '\0'
        && (fit_with_file(text, name, function->file, function->line, cells)
            || fit_with_file(text, name, label_base_name(function->file),
                             function->line, cells))) {
        return text;
    }
    return fit_name(text, theme, name, cells);
}
