// SPDX-License-Identifier: Apache-2.0
#include "tui/tags.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/number_parse.h"
#include "model/scope_profile.h"
#include "tui/marks.h"
#include "tui/small_file.h"
#include "tui/viewer.h"

#define TAGS_HEADER "viztracer-tags 1"

bool
tags_has(const struct tags *tags, uint32_t function)
{
    for (size_t i = 0; i < tags->count; i++) {
        if (tags->functions[i] == function) {
            return true;
        }
    }
    return false;
}

bool
tags_are_same(const struct tags *a, const struct tags *b)
{
    return a->count == b->count
           && memcmp(a->functions, b->functions,
                     a->count * sizeof *a->functions)
                  == 0;
}

static void
remove_tag(struct tags *tags, uint32_t function)
{
    size_t kept = 0;

    for (size_t i = 0; i < tags->count; i++) {
        if (tags->functions[i] != function) {
            tags->functions[kept++] = tags->functions[i];
        }
    }
    tags->count = kept;
}

/* False when there are too many. */
static bool
add_tag(struct tags *tags, uint32_t function)
{
    if (tags->count == TAGS_MAX) {
        return false;
    }
    if (!tags_has(tags, function)) {
        tags->functions[tags->count++] = function;
    }
    return true;
}

void
tags_toggle(struct viewer *viewer, uint32_t function)
{
    struct tags *tags = &viewer->look.tags;
    const char *name = scope_profile_function(viewer->model, function)->name;

    if (tags_has(tags, function)) {
        remove_tag(tags, function);
        viewer_say(viewer, "%.150s is not tagged any more", name);
    } else if (add_tag(tags, function)) {
        viewer_say(viewer, "%.150s has one colour in all views now", name);
    } else {
        viewer_say(viewer, "%d functions are tagged, which is all there can be",
                   TAGS_MAX);
    }
}

void
tags_carry(struct tags *tags, const struct trace_model *from,
           const struct trace_model *model)
{
    size_t kept = 0;

    for (size_t i = 0; i < tags->count; i++) {
        uint32_t function = tags->functions[i];

        if (function >= trace_model_function_count(from)
            || trace_model_find_function(
                model, trace_model_function(from, function), &function)) {
            tags->functions[kept++] = function;
        }
    }
    tags->count = kept;
}

void
tags_move(struct viewer *viewer, const struct trace_model *from)
{
    tags_carry(&viewer->look.tags, from, viewer->model);
    viewer->kept_tags = viewer->look.tags;
}

static int
hex_value(char digit)
{
    if (digit >= '0' && digit <= '9') {
        return digit - '0';
    }
    return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

/* Take a text up to its tab, in place; NULL when it has none, or an escape
 * that is none. *rest is what follows. */
static char *
take_text(char *text, char **rest)
{
    char *out = text;
    char *in = text;

    for (; *in != '\t'; in++) {
        if (*in == '\0') {
            return NULL;
        }
        if (*in == '\\') {
            int high = in[1] == 'x' ? hex_value(in[2]) : -1;
            int low = high < 0 ? -1 : hex_value(in[3]);

            if (low < 0 || (high == 0 && low == 0)) {
                return NULL;
            }
            *out++ = (char)(unsigned char)(high << 4 | low);
            in += 3;
        } else {
            *out++ = *in;
        }
    }
    *rest = in + 1;
    *out = '\0';
    return text;
}

/* A number and the blank behind it. */
static bool
take_number(char **text, uint64_t *number)
{
    char *end = strchr(*text, ' ');

    if (end == NULL) {
        return false;
    }
    *end = '\0';
    if (!number_parse_u64(*text, number)) {
        return false;
    }
    *text = end + 1;
    return true;
}

/* line is changed. False when it is no tag. */
static bool
parse_line(char *line, struct model_function *function)
{
    uint64_t kind;
    uint64_t number;

    if (!take_number(&line, &kind) || !take_number(&line, &number)
        || kind > UINT8_MAX || number > UINT32_MAX) {
        return false;
    }
    *function = (struct model_function){.kind = (enum vzt_function_kind)kind,
                                        .line = (uint32_t)number};
    function->file = take_text(line, &line);
    function->name = function->file == NULL ? NULL : take_text(line, &line);
    if (function->name == NULL || *line != '\0') {
        return false;
    }
    function->hash = hash_bytes(function->name, strlen(function->name));
    return true;
}

static bool
parse_file(struct viewer *viewer, char *text, struct error *err)
{
    char *line = text;
    size_t bad = 0;

    for (size_t number = 1; line != NULL && *line != '\0'; number++) {
        char *end = strchr(line, '\n');
        struct model_function function;
        uint32_t index;

        if (end != NULL) {
            *end++ = '\0';
        }
        if (number == 1 ? strcmp(line, TAGS_HEADER) != 0
                        : !parse_line(line, &function)) {
            bad = bad == 0 ? number : bad;
        } else if (number > 1
                   && trace_model_find_function(viewer->model, &function,
                                                &index)) {
            (void)add_tag(&viewer->look.tags, index);
        }
        line = end;
    }
    return bad == 0
           || error_set(err, ERROR_BAD_INPUT,
                        "line %zu of %s is no tag and was left out", bad,
                        viewer->tags_path);
}

bool
tags_load(struct viewer *viewer, struct error *err)
{
    char *text = NULL;
    bool is_ok = viewer->state_folder == NULL
                 || (marks_file_path(&viewer->tags_path, viewer->state_folder,
                                     "tags", viewer->model, err)
                     && small_file_read(viewer->tags_path, &text, err)
                     && (text == NULL || parse_file(viewer, text, err)));

    viewer->kept_tags = viewer->look.tags;
    free(text);
    return is_ok;
}

static void
append_text(struct buffer *out, const char *text)
{
    for (; *text != '\0'; text++) {
        unsigned char byte = (unsigned char)*text;

        if (byte < ' ' || byte == '\\' || byte == 0x7F) {
            buffer_append_format(out, "\\x%02x", byte);
        } else {
            buffer_append_char(out, *text);
        }
    }
    buffer_append_char(out, '\t');
}

static void
append_file(struct buffer *out, const struct viewer *viewer)
{
    const struct tags *tags = &viewer->look.tags;

    buffer_append_text(out, TAGS_HEADER "\n");
    for (size_t i = 0; i < tags->count; i++) {
        const struct model_function *function =
            scope_profile_function(viewer->model, tags->functions[i]);

        buffer_append_format(out, "%u %" PRIu32 " ", (unsigned)function->kind,
                             function->line);
        append_text(out, function->file);
        append_text(out, function->name);
        buffer_append_char(out, '\n');
    }
}

bool
tags_keep(struct viewer *viewer, struct error *err)
{
    struct buffer text = {0};
    bool is_ok;

    if (tags_are_same(&viewer->look.tags, &viewer->kept_tags)) {
        return true;
    }
    viewer->kept_tags = viewer->look.tags;
    if (viewer->tags_path == NULL) {
        return true;
    }
    append_file(&text, viewer);
    if (!buffer_is_ok(&text)) {
        is_ok = error_set_no_memory(err);
    } else if (text.size > SMALL_FILE_MAX) {
        is_ok = error_set(err, ERROR_USAGE,
                          "the names of the tagged functions are too long");
    } else {
        is_ok = small_file_write(viewer->tags_path, &text, err);
    }
    buffer_release(&text);
    return is_ok;
}
