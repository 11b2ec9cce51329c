// SPDX-License-Identifier: Apache-2.0
#include "cli/scope_query.h"

#include <stddef.h>

#include "base/buffer.h"
#include "base/error.h"
#include "cli/options.h"
#include "model/trace_query.h"

static void
append_term(struct buffer *text, const char *key, const char *value)
{
    buffer_append_format(text, "%s%s%s", text->size == 0 ? "" : " ", key,
                         value);
}

/* A pattern may have blanks, and quotes. */
static void
append_track(struct buffer *text, const char *pattern)
{
    append_term(text, "thread:\"", "");
    for (; *pattern != '\0'; pattern++) {
        if (*pattern == '"') {
            buffer_append_char(text, '\\');
        }
        buffer_append_char(text, *pattern);
    }
    buffer_append_char(text, '"');
}

/* Whether all of it together is a query, too: each was one alone. */
static bool
check(const struct options *options, const char *text, struct error *err)
{
    struct trace_query *query = NULL;

    if (trace_query_parse(&query, text, NAME_PATTERN_REGEX, NULL, err)) {
        trace_query_free(query);
        return true;
    }
    err->code = err->code == ERROR_BAD_INPUT ? ERROR_USAGE : err->code;
    (void)error_add_context(err, text);
    return error_add_context(err, options->start.track != NULL ? "--track"
                                                               : "--scope");
}

char *
scope_query_make(const struct options *options, struct error *err)
{
    struct buffer text = {0};

    buffer_append_text(&text, "");
    if (options->scope != NULL) {
        append_term(&text, "", options->scope);
    }
    if (options->filter != NULL) {
        append_term(&text, "", options->filter);
    }
    if (options->range != NULL) {
        append_term(&text, "ts:", options->range);
    }
    if (options->start.track != NULL) {
        append_track(&text, options->start.track);
    }
    if (!buffer_is_ok(&text)) {
        (void)error_set_no_memory(err);
    } else if (check(options, text.data, err)) {
        return buffer_take(&text);
    }
    buffer_release(&text);
    return NULL;
}
