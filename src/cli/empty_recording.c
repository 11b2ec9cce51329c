// SPDX-License-Identifier: Apache-2.0
#include "cli/empty_recording.h"

#include <dirent.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/error.h"
#include "cli/console.h"
#include "cli/options.h"
#include "format/event.h"
#include "format/reader.h"

static bool
has_filters(const struct options *options)
{
    return options->has_depth_limit || options->include_files.count > 0
           || options->exclude_files.count > 0 || options->min_duration_ns > 0;
}

/* ---- whether there are calls ---- */

static bool
block_has_calls(const struct block *block)
{
    size_t i = 0;

    while (i < block->word_count) {
        uint64_t word = block->words[i];

        if (event_is_entry(event_kind(word))) {
            return true;
        }
        i += 1 + (event_kind(word) == EVENT_LONG ? record_size(word) : 0);
    }
    return block->open_count > 0;
}

static bool
section_has_calls(const struct trace_file *file,
                  const struct trace_section *section)
{
    struct block block = {0};
    struct error err = {0};
    bool has_calls = false;

    for (size_t i = 0; !has_calls && i < section->block_count; i++) {
        has_calls = !block_load(&block, file, &section->blocks[i], &err)
                    || block_has_calls(&block);
    }
    block_release(&block);
    return has_calls;
}

static bool
file_has_calls(const char *path)
{
    struct trace_file *file = NULL;
    struct error err = {0};
    bool has_calls = false;

    if (!trace_file_open(&file, path, &err)) {
        return true;
    }
    for (size_t i = 0; !has_calls && i < trace_file_section_count(file); i++) {
        has_calls = section_has_calls(file, trace_file_section(file, i));
    }
    trace_file_close(file);
    return has_calls;
}

static bool
directory_has_calls(const char *directory)
{
    DIR *folder = opendir(directory);
    const struct dirent *entry = NULL;
    struct buffer path = {0};
    bool has_calls = folder == NULL;

    while (!has_calls && (entry = readdir(folder)) != NULL) {
        size_t size = strlen(entry->d_name);

        if (size > 4 && strcmp(entry->d_name + size - 4, ".vzt") == 0) {
            buffer_clear(&path);
            buffer_append_format(&path, "%s/%s", directory, entry->d_name);
            has_calls = !buffer_is_ok(&path) || file_has_calls(path.data);
        }
    }
    if (folder != NULL) {
        (void)closedir(folder);
    }
    buffer_release(&path);
    return has_calls;
}

/* ---- what to do ---- */

static void
add(struct buffer *advice, const char *text)
{
    buffer_append_text(advice, advice->size > 0 ? "; " : "");
    buffer_append_text(advice, text);
}

static void
add_files(struct buffer *advice, const struct options *options)
{
    bool is_include = options->include_files.count > 0;

    if (!is_include && options->exclude_files.count == 0) {
        return;
    }
    add(advice, is_include ? "name more files with --include_files"
                           : "name fewer files with --exclude_files");
    if (!options->keeps_descendants) {
        add(advice, "add --keep_descendants, since what is left out hides what "
                    "it calls");
    }
}

void
empty_recording_explain(const struct options *options, const char *directory,
                        const struct console *console)
{
    struct buffer advice = {0};

    if (!has_filters(options) || directory_has_calls(directory)) {
        return;
    }
    if (options->has_depth_limit) {
        add(&advice, "raise --max_stack_depth");
    }
    add_files(&advice, options);
    if (options->min_duration_ns > 0) {
        add(&advice, "lower --min_duration");
    }
    if (buffer_is_ok(&advice)) {
        console_note(console, "the filters left no calls at all: %s",
                     advice.data);
    }
    buffer_release(&advice);
}
