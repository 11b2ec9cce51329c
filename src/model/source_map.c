// SPDX-License-Identifier: Apache-2.0
#include "model/source_map.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/array.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/input_file.h"
#include "format/source_text.h"
#include "model/model_data.h"

#define NS_PER_S UINT64_C(1000000000)

/* What the trace has of a path; NULL = nothing. */
static const struct model_source *
find_recorded(const struct trace_model *model, const char *path)
{
    for (size_t i = 0; i < model->source_count; i++) {
        if (strcmp(model->sources[i].path, path) == 0) {
            return &model->sources[i];
        }
    }
    return NULL;
}

static bool
give_reason(struct source_file *file, const char *reason)
{
    (void)snprintf(file->reason, sizeof file->reason, "%s", reason);
    return true;
}

/* False when there is no regular file there. */
static bool
is_file(const char *path, struct stat *status, struct error *err)
{
    if (stat(path, status) != 0) {
        return error_set_system(err, errno, "cannot read %s", path);
    }
    if (!S_ISREG(status->st_mode)) {
        return error_set(err, ERROR_BAD_INPUT, "%s is no regular file", path);
    }
    if (status->st_size > SOURCE_SIZE_MAX) {
        return error_set(err, ERROR_BAD_INPUT, "%s is larger than %d MiB", path,
                         SOURCE_SIZE_MAX >> 20);
    }
    return true;
}

/* Where a relative path leads from the directory of a recorded process. */
static bool
find_relative(const struct trace_model *model, const char *path, char *found,
              struct stat *status, struct error *err)
{
    for (size_t i = 0; i < model->section_count; i++) {
        const char *directory = model->sections[i].section->directory;
        struct error ignored = {0}; /* another process may have it */

        if (directory[0] == '/'
            && snprintf(found, PATH_MAX, "%s/%s", directory, path) < PATH_MAX
            && is_file(found, status, &ignored)) {
            return true;
        }
    }
    return error_set(err, ERROR_BAD_INPUT,
                     "%s: not there in the directory of any recorded process",
                     path);
}

static bool
find_on_disk(const struct trace_model *model, const char *path, char *found,
             struct stat *status, struct error *err)
{
    if (path[0] != '/') {
        return find_relative(model, path, found, status, err);
    }
    if (snprintf(found, PATH_MAX, "%s", path) >= PATH_MAX) {
        return error_set(err, ERROR_BAD_INPUT, "the path is too long");
    }
    return is_file(found, status, err);
}

static bool
read_whole(struct buffer *bytes, const char *path, struct error *err)
{
    struct input_file input;
    size_t size = 0;
    bool is_ok;

    if (!buffer_reserve(bytes, SOURCE_SIZE_MAX + 1)) {
        return error_set_no_memory(err);
    }
    if (!input_file_open(&input, path, err)) {
        return false;
    }
    is_ok = input_file_read_some(&input, 0, bytes->data, SOURCE_SIZE_MAX + 1,
                                 &size, err);
    input_file_close(&input);
    if (is_ok && size > SOURCE_SIZE_MAX) {
        return error_set(err, ERROR_BAD_INPUT, "%s is larger than %d MiB", path,
                         SOURCE_SIZE_MAX >> 20);
    }
    bytes->size = size;
    return is_ok;
}

static uint64_t
changed_ns(const struct stat *status)
{
    return status->st_mtim.tv_sec < 0
               ? 0
               : (uint64_t)status->st_mtim.tv_sec * NS_PER_S
                     + (uint64_t)status->st_mtim.tv_nsec;
}

/* SOURCE_NOWHERE: it is known to be another one. A writer may have another
 * hash of sources, so one that differs proves nothing. */
static enum source_origin
judge(const struct trace_model *model, const struct model_source *recorded,
      const struct buffer *bytes, const struct stat *status)
{
    bool is_newer = changed_ns(status) > model->summary.start_realtime_ns;

    if (recorded != NULL
        && (recorded->whole_size != bytes->size || recorded->size > bytes->size
            || memcmp(recorded->text, bytes->data, recorded->size) != 0)) {
        return SOURCE_NOWHERE;
    }
    if (recorded != NULL
        && recorded->whole_hash == hash_bytes(bytes->data, bytes->size)) {
        return SOURCE_ON_DISK;
    }
    return is_newer ? SOURCE_ON_DISK_NEWER : SOURCE_ON_DISK_UNSURE;
}

static bool
decode(struct source_file *file, const char *bytes, size_t size,
       struct error *err)
{
    source_text_decode(&file->text, bytes,
                       size > SOURCE_SIZE_MAX ? SOURCE_SIZE_MAX : size);
    return buffer_is_ok(&file->text) || error_set_no_memory(err);
}

/* What is there is taken; why there is nothing goes into the reason. */
static bool
take_from_disk(struct source_file *file, const struct trace_model *model,
               const struct model_source *recorded, const char *path,
               struct error *err)
{
    struct buffer bytes = {0};
    struct error failure = {0};
    struct stat status;
    char found[PATH_MAX];
    bool is_ok = true;

    if (!find_on_disk(model, path, found, &status, &failure)
        || !read_whole(&bytes, found, &failure)) {
        (void)give_reason(file, failure.message);
        is_ok = failure.code != ERROR_NO_MEMORY || error_set_no_memory(err);
    } else {
        file->origin = judge(model, recorded, &bytes, &status);
        is_ok = file->origin == SOURCE_NOWHERE
                    ? give_reason(file, "the file has changed since")
                    : decode(file, bytes.data, bytes.size, err);
    }
    buffer_release(&bytes);
    return is_ok;
}

static bool
take_recorded(struct source_file *file, const struct model_source *recorded,
              struct error *err)
{
    file->origin = recorded->is_whole && recorded->size <= SOURCE_SIZE_MAX
                       ? SOURCE_IN_TRACE
                       : SOURCE_IN_TRACE_PART;
    return decode(file, recorded->text, recorded->size, err);
}

static bool
take(struct source_file *file, const struct trace_model *model,
     const char *path, struct error *err)
{
    const struct model_source *recorded = find_recorded(model, path);

    if (path[0] == '\0') {
        return give_reason(file, "it has no source file");
    }
    if (recorded != NULL && recorded->is_whole) {
        return take_recorded(file, recorded, err);
    }
    if (path[0] == '<') {
        return give_reason(
            file, strncmp(path, "<frozen ", sizeof "<frozen " - 1) == 0
                      ? "it is a part of the interpreter: there is no file"
                      : "it was made while the program ran, by exec or the "
                        "like: there is no file");
    }
    if (!take_from_disk(file, model, recorded, path, err)) {
        return false;
    }
    if (file->origin == SOURCE_NOWHERE && recorded != NULL
        && recorded->size > 0) {
        return take_recorded(file, recorded, err);
    }
    return true;
}

bool
source_file_find(struct source_file *file, const struct trace_model *model,
                 const char *path, struct error *err)
{
    *file = (struct source_file){0};
    if (take(file, model, path, err)) {
        return true;
    }
    source_file_release(file);
    return false;
}

bool
source_file_find_in_trace(struct source_file *file,
                          const struct trace_model *model, const char *path,
                          struct error *err)
{
    const struct model_source *recorded = find_recorded(model, path);

    *file = (struct source_file){0};
    if (recorded == NULL || recorded->size == 0) {
        return give_reason(file, "it is not in the trace");
    }
    if (take_recorded(file, recorded, err)) {
        return true;
    }
    source_file_release(file);
    return false;
}

void
source_file_release(struct source_file *file)
{
    buffer_release(&file->text);
    *file = (struct source_file){0};
}

struct line_of_function {
    uint32_t line;
    uint32_t function;
};

static int
compare_lines(const void *left, const void *right)
{
    const struct line_of_function *a = left;
    const struct line_of_function *b = right;

    if (a->line != b->line) {
        return a->line < b->line ? -1 : 1;
    }
    return a->function < b->function ? -1 : a->function > b->function;
}

bool
source_functions_find(struct source_functions *functions,
                      const struct trace_model *model, const char *path,
                      struct error *err)
{
    struct line_of_function *lines =
        array_new(model->function_count, sizeof *lines, err);
    size_t count = 0;

    *functions = (struct source_functions){0};
    if (lines == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < model->function_count; i++) {
        if (strcmp(model->functions[i].file, path) == 0) {
            lines[count++] = (struct line_of_function){
                .line = model->functions[i].line, .function = i};
        }
    }
    functions->items = array_new(count, sizeof *functions->items, err);
    if (functions->items != NULL) {
        qsort(lines, count, sizeof *lines, compare_lines);
        for (size_t i = 0; i < count; i++) {
            functions->items[functions->count++] = lines[i].function;
        }
    }
    free(lines);
    return functions->items != NULL;
}

void
source_functions_release(struct source_functions *functions)
{
    free(functions->items);
    *functions = (struct source_functions){0};
}
