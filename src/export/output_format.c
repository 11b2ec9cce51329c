// SPDX-License-Identifier: Apache-2.0
#include "export/output_format.h"

#include <string.h>

#include "base/buffer.h"
#include "base/error.h"
#include "export/exporter.h"

#define TRACE_SUFFIX ".vzt"
#define GZIP_SUFFIX  ".gz"

/* Whether the first size bytes of path end in suffix, with a name before it. */
static bool
ends_in(const char *path, size_t size, const char *suffix)
{
    size_t length = strlen(suffix);

    return size > length && path[size - length - 1] != '/'
           && memcmp(path + size - length, suffix, length) == 0;
}

static const struct exporter *
find_by_suffix(const char *path, size_t size)
{
    const struct exporter *best = NULL;

    for (size_t i = 0; i < exporter_count(); i++) {
        const struct exporter *exporter = exporter_at(i);

        if (ends_in(path, size, exporter->suffix)
            && (best == NULL
                || strlen(exporter->suffix) > strlen(best->suffix))) {
            best = exporter;
        }
    }
    return best;
}

/* The format by suffix, whether this build has it or not. */
static bool
find(struct output_format *format, const char *path)
{
    size_t size = strlen(path);

    format->is_gzip = ends_in(path, size, GZIP_SUFFIX);
    if (format->is_gzip) {
        size -= strlen(GZIP_SUFFIX);
    }
    format->exporter = NULL;
    if (ends_in(path, size, TRACE_SUFFIX)) {
        return true;
    }
    format->exporter = find_by_suffix(path, size);
    if (format->exporter == NULL && format->is_gzip) {
        /* "trace.gz", as VizTracer has it */
        format->exporter = find_by_suffix("a.json", strlen("a.json"));
    }
    return format->exporter != NULL
           && (!format->is_gzip || format->exporter->has_gzip);
}

void
output_format_list_suffixes(struct buffer *text)
{
    buffer_append_text(text, TRACE_SUFFIX "[" GZIP_SUFFIX "]");
    for (size_t i = 0; i < exporter_count(); i++) {
        const struct exporter *exporter = exporter_at(i);

        buffer_append_format(text, ", %s%s", exporter->suffix,
                             exporter->has_gzip ? "[" GZIP_SUFFIX "]" : "");
    }
}

static void
list_names(struct buffer *text)
{
    buffer_append_text(text, TRACE_SUFFIX + 1);
    for (size_t i = 0; i < exporter_count(); i++) {
        const struct exporter *exporter = exporter_at(i);

        buffer_append_format(text, ", %s%s", exporter->name,
                             i == 0 && exporter->has_gzip ? ", json" GZIP_SUFFIX
                                                          : "");
    }
}

/* Whether this build has it, else what to do about that. */
static bool
check(const struct output_format *format, const char *value, struct error *err)
{
    return format->exporter == NULL || format->exporter->check == NULL
           || format->exporter->check(err) || error_add_context(err, value);
}

bool
output_format_of_path(struct output_format *format, const char *path,
                      struct error *err)
{
    struct buffer known = {0};

    if (find(format, path)) {
        return check(format, path, err);
    }
    output_format_list_suffixes(&known);
    if (!buffer_is_ok(&known)) {
        return error_set_no_memory(err);
    }
    (void)error_set(err, ERROR_USAGE,
                    "the name of an output says its format: %s is none of %s",
                    path, known.data);
    buffer_release(&known);
    return false;
}

/* Whether size bytes of a name are those of a format. */
static bool
is_name(const char *name, size_t size, const char *known)
{
    return strlen(known) == size && memcmp(name, known, size) == 0;
}

static bool
find_by_name(struct output_format *format, const char *name, size_t size)
{
    format->exporter = NULL;
    if (is_name(name, size, TRACE_SUFFIX + 1)) {
        return true;
    }
    for (size_t i = 0; i < exporter_count(); i++) {
        const struct exporter *exporter = exporter_at(i);

        if (is_name(name, size, exporter->name)
            || is_name(name, size, exporter->suffix + 1)) {
            format->exporter = exporter;
            return !format->is_gzip || exporter->has_gzip;
        }
    }
    return false;
}

bool
output_format_of_name(struct output_format *format, const char *name,
                      struct error *err)
{
    const char *word = name[0] == '.' ? name + 1 : name;
    size_t size = strlen(word);
    struct buffer known = {0};

    format->is_gzip = ends_in(word, size, GZIP_SUFFIX);
    if (format->is_gzip) {
        size -= strlen(GZIP_SUFFIX);
    }
    if (find_by_name(format, word, size)) {
        return check(format, name, err);
    }
    list_names(&known);
    if (!buffer_is_ok(&known)) {
        return error_set_no_memory(err);
    }
    (void)error_set(err, ERROR_USAGE, "there is no format \"%s\"; there are %s",
                    name, known.data);
    buffer_release(&known);
    return false;
}

bool
output_format_is_binary(const struct output_format *format)
{
    return format->is_gzip || format->exporter == NULL
           || format->exporter->is_binary;
}

const char *
output_format_suffix(const struct output_format *format)
{
    return format->exporter == NULL ? TRACE_SUFFIX : format->exporter->suffix;
}

size_t
output_format_suffix_size(const char *path)
{
    struct output_format format;
    size_t size;

    if (!find(&format, path)) {
        return 0;
    }
    size = strlen(output_format_suffix(&format));
    if (!format.is_gzip) {
        return size;
    }
    return ends_in(path, strlen(path) - strlen(GZIP_SUFFIX),
                   output_format_suffix(&format))
               ? size + strlen(GZIP_SUFFIX)
               : strlen(GZIP_SUFFIX);
}
