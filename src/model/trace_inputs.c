// SPDX-License-Identifier: Apache-2.0
#include "model/trace_inputs.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/array.h"
#include "base/buffer.h"
#include "base/error.h"
#include "format/reader.h"
#include "model/model_data.h"
#include "model/trace_notes.h"

struct inputs {
    struct trace_model *model;
    size_t file_capacity;
    size_t section_capacity;
    size_t index;             /* of the present path */
    struct error first_error; /* why the first unreadable file is so */
};

static bool
add_sections(struct inputs *inputs, const struct trace_file *file,
             struct error *err)
{
    struct trace_model *model = inputs->model;
    size_t count = trace_file_section_count(file);

    if (!array_reserve((void **)&model->sections, &inputs->section_capacity,
                       model->section_count + count, sizeof *model->sections,
                       err)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        model->sections[model->section_count++] = (struct model_section){
            .file = file,
            .section = trace_file_section(file, i),
            .input = inputs->index,
        };
    }
    return true;
}

/* A file that is no trace is noted and left out. */
static bool
add_file(struct inputs *inputs, const char *path, const char *name,
         struct error *err)
{
    struct trace_model *model = inputs->model;
    struct trace_file *file = NULL;
    struct error open_error = {0};

    if (!array_reserve((void **)&model->files, &inputs->file_capacity,
                       model->file_count + 1, sizeof(struct trace_file *),
                       err)) {
        return false;
    }
    if (!trace_file_open_as(&file, path, name, &open_error)) {
        if (open_error.code == ERROR_NO_MEMORY) {
            return error_set_no_memory(err);
        }
        if (inputs->first_error.code == ERROR_NONE) {
            inputs->first_error = open_error;
        }
        return trace_notes_add(model, err, "not shown: %s", open_error.message);
    }
    model->files[model->file_count++] = file;
    return add_sections(inputs, file, err);
}

static int
is_trace_name(const struct dirent *entry)
{
    size_t size = strlen(entry->d_name);

    return size > 4 && strcmp(entry->d_name + size - 4, ".vzt") == 0;
}

static int
compare_names(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static bool
add_entry(struct inputs *inputs, const char *directory, const char *name,
          struct error *err)
{
    struct buffer path = {0};
    bool ok;

    buffer_append_format(&path, "%s/%s", directory, name);
    ok = buffer_is_ok(&path) ? add_file(inputs, path.data, path.data, err)
                             : error_set_no_memory(err);
    buffer_release(&path);
    return ok;
}

static bool
add_directory(struct inputs *inputs, const char *path, struct error *err)
{
    struct dirent **entries = NULL;
    int count = scandir(path, &entries, is_trace_name, compare_names);
    bool ok = true;

    if (count < 0) {
        return error_set_system(err, errno, "%s", path);
    }
    for (int i = 0; i < count; i++) {
        ok = ok && add_entry(inputs, path, entries[i]->d_name, err);
        free(entries[i]);
    }
    free(entries);
    if (ok && count == 0 && inputs->first_error.code == ERROR_NONE) {
        (void)error_set(&inputs->first_error, ERROR_BAD_TRACE,
                        "%s: no .vzt file in this directory", path);
    }
    return ok;
}

bool
trace_inputs_open(struct trace_model *model, const char *const *paths,
                  size_t path_count, struct error *err)
{
    struct inputs inputs = {.model = model};

    for (size_t i = 0; i < path_count; i++) {
        struct stat status;
        bool is_directory =
            stat(paths[i], &status) == 0 && S_ISDIR(status.st_mode);

        inputs.index = i;
        if (is_directory ? !add_directory(&inputs, paths[i], err)
                         : !add_file(&inputs, paths[i],
                                     trace_model_input_name(model, i), err)) {
            return false;
        }
    }
    if (model->section_count > 0) {
        return true;
    }
    if (inputs.first_error.code == ERROR_NONE) {
        return error_set(err, ERROR_BAD_TRACE, "no trace to open");
    }
    if (err != NULL) {
        *err = inputs.first_error;
    }
    return false;
}
