// SPDX-License-Identifier: Apache-2.0
#include "cli/output_names.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "cli/options.h"
#include "export/output_format.h"

enum { DATE_SIZE = 32 };

static char *
take(struct buffer *name)
{
    if (!buffer_is_ok(name)) {
        buffer_release(name);
    }
    return buffer_take(name);
}

/* How much of a name stands before its extension. */
static size_t
stem_size(const char *name)
{
    const char *slash = strrchr(name, '/');
    const char *last = slash == NULL ? name : slash + 1;
    size_t size = strlen(name);
    size_t suffix_size = output_format_suffix_size(name);
    const char *dot = strrchr(last, '.');

    if (suffix_size > 0) {
        return size - suffix_size;
    }
    if (dot == NULL || dot == last) {
        return size; /* ".name" is a hidden file */
    }
    if (strcmp(dot, ".gz") == 0) {
        const char *before = memrchr(last, '.', (size_t)(dot - last));

        dot = before == NULL || before == last ? dot : before;
    }
    return (size_t)(dot - name);
}

char *
output_name_of_format(const char *stem, const struct output_format *format)
{
    struct buffer name = {0};

    buffer_append_format(&name, "%s%s%s", stem, output_format_suffix(format),
                         format->is_gzip ? ".gz" : "");
    return take(&name);
}

char *
output_name_unique(const struct options *options, const struct tm *time,
                   int pid)
{
    struct buffer name = {0};
    const char *program = "result";
    const char *slash;
    char date[DATE_SIZE];
    size_t size;

    switch (options->program_kind) {
    case PROGRAM_NONE:
        break;
    case PROGRAM_COMMAND:
        slash = strrchr(options->program, '/');
        program = slash == NULL ? options->program : slash + 1;
        break;
    case PROGRAM_MODULE:
        program = options->program;
        break;
    case PROGRAM_CODE:
        program = "python";
        break;
    }
    size = options->program_kind == PROGRAM_COMMAND ? strcspn(program, ".")
                                                    : strlen(program);
    if (size == 0 || strcmp(program, "-") == 0) {
        program = "python"; /* a folder such as "." or standard input */
        size = strlen(program);
    }
    (void)strftime(date, sizeof date, "%Y%m%d_%H%M%S", time);
    buffer_append(&name, program, size);
    buffer_append_format(&name, "_%s_%d", date, pid);
    return take(&name);
}

char *
output_name_in(const char *folder, const char *name)
{
    struct buffer path = {0};

    if (folder != NULL && *folder != '\0' && *name != '/') {
        size_t size = strlen(folder);

        buffer_append_format(&path, "%s%s", folder,
                             folder[size - 1] == '/' ? "" : "/");
    }
    buffer_append_text(&path, name);
    return take(&path);
}

char *
output_name_of_process(const char *name, unsigned pid)
{
    struct buffer path = {0};
    size_t size = stem_size(name);

    buffer_append(&path, name, size);
    buffer_append_format(&path, "_%u%s", pid, name + size);
    return take(&path);
}

char *
output_name_flame_graph(const char *name)
{
    struct buffer path = {0};

    buffer_append(&path, name, stem_size(name));
    buffer_append_text(&path, "_flamegraph.html");
    return take(&path);
}

/* Whether a shell takes the byte as it is, wherever it stands. */
static bool
is_plain(char byte)
{
    return isalnum((unsigned char)byte) || (unsigned char)byte >= 0x80
           || (byte != '\0' && strchr("_-+=:,./%@", byte) != NULL);
}

char *
output_name_quoted(const char *name)
{
    struct buffer text = {0};
    size_t plain = 0;

    while (is_plain(name[plain])) {
        plain++;
    }
    if (name[plain] == '\0' && plain > 0) {
        return strdup(name);
    }
    buffer_append_text(&text, "'");
    for (; *name != '\0'; name++) {
        if (*name == '\'') {
            buffer_append_text(&text, "'\\''");
        } else {
            buffer_append(&text, name, 1);
        }
    }
    buffer_append_text(&text, "'");
    return buffer_take(&text);
}
