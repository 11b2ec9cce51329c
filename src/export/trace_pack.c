// SPDX-License-Identifier: Apache-2.0
#include "export/trace_pack.h"

#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/array.h"
#include "base/error.h"
#include "base/input_file.h"
#include "base/output_file.h"
#include "format/layout.h"
#include "format/reader.h"

struct packer {
    struct output_file *output;
    char **paths; /* of files; owned */
    size_t path_count;
    size_t path_capacity;
    size_t section_count;       /* copied so far */
    struct error first_failure; /* why the first unreadable file is that */
};

/* Takes path over. */
static bool
add_path(struct packer *packer, char *path, struct error *err)
{
    if (path == NULL) {
        return error_set_no_memory(err);
    }
    if (!array_reserve((void **)&packer->paths, &packer->path_capacity,
                       packer->path_count + 1, sizeof *packer->paths, err)) {
        free(path);
        return false;
    }
    packer->paths[packer->path_count] = path;
    packer->path_count++;
    return true;
}

static int
is_trace_name(const struct dirent *entry)
{
    static const char suffix[] = ".vzt";
    size_t length = strlen(entry->d_name);

    return length >= sizeof suffix
           && strcmp(entry->d_name + length - (sizeof suffix - 1), suffix) == 0;
}

static bool
add_folder(struct packer *packer, const char *folder, struct error *err)
{
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, is_trace_name, alphasort);
    bool ok =
        count >= 0 || error_set_system(err, errno, "cannot read %s", folder);

    for (int i = 0; i < count; i++) {
        char *path = NULL;

        if (asprintf(&path, "%s/%s", folder, entries[i]->d_name) < 0) {
            path = NULL;
        }
        ok = ok && add_path(packer, path, err);
        free(entries[i]);
    }
    free(entries);
    return ok;
}

static bool
add_input(struct packer *packer, const char *path, struct error *err)
{
    struct stat status;

    if (stat(path, &status) == 0 && S_ISDIR(status.st_mode)) {
        return add_folder(packer, path, err);
    }
    return add_path(packer, strdup(path), err);
}

/* Copy a section and what lies between it and `end`. One that is cut keeps the
 * size it should have had, by which readers tell how much is missing. */
static bool
copy_section(struct packer *packer, const struct input_file *input,
             const struct trace_section *section, uint64_t end,
             struct error *err)
{
    struct vzt_section_header header;
    uint64_t offset = section->offset;

    if (!input_file_read(input, offset, &header, sizeof header, err)) {
        return false;
    }
    if (header.section_size == 0
        && section->status.written_bytes <= end - offset) {
        header.section_size = end - offset;
    }
    packer->section_count++;
    if (!output_file_write(packer->output, &header, sizeof header)) {
        return output_file_failure(packer->output, err);
    }
    return output_file_copy(packer->output, input, offset + sizeof header,
                            end - offset - sizeof header, err);
}

/* Copy the file: what lies before its first section, then the sections, each
 * with what lies between it and the next one. */
static bool
copy_file(struct packer *packer, const struct input_file *input,
          const struct trace_file *trace, struct error *err)
{
    size_t count = trace == NULL ? 0 : trace_file_section_count(trace);
    uint64_t first =
        count > 0 ? trace_file_section(trace, 0)->offset : input->size;

    if (!output_file_copy(packer->output, input, 0, first, err)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        uint64_t end = i + 1 < count ? trace_file_section(trace, i + 1)->offset
                                     : input->size;

        if (!copy_section(packer, input, trace_file_section(trace, i), end,
                          err)) {
            return false;
        }
    }
    return true;
}

static bool
pack_file(struct packer *packer, const char *path, struct error *err)
{
    struct input_file input = INPUT_FILE_NONE;
    struct trace_file *trace = NULL;
    struct error unreadable = {0};
    bool ok = false;

    if (!input_file_open(&input, path, err)) {
        return false;
    }
    if (!trace_file_open(&trace, path, &unreadable)) {
        if (unreadable.code != ERROR_BAD_TRACE) {
            *err = unreadable;
            goto out;
        }
        if (packer->first_failure.code == ERROR_NONE) {
            packer->first_failure = unreadable;
        }
    }
    /* a file that is still being recorded has grown since */
    ok = input_file_refresh(&input, err)
         && copy_file(packer, &input, trace, err);

out:
    trace_file_close(trace);
    input_file_close(&input);
    return ok;
}

static bool
pack_files(struct packer *packer, const char *output_path, struct error *err)
{
    if (!output_file_create(&packer->output, output_path, err)) {
        return false;
    }
    for (size_t i = 0; i < packer->path_count; i++) {
        if (!pack_file(packer, packer->paths[i], err)) {
            return false;
        }
    }
    if (packer->section_count > 0) {
        return output_file_commit(packer->output, err);
    }
    if (packer->first_failure.code != ERROR_NONE) {
        *err = packer->first_failure;
        return false;
    }
    return error_set(err, ERROR_BAD_INPUT, "there is no recording to pack");
}

bool
trace_pack(const char *const *paths, size_t path_count, const char *output_path,
           struct error *err)
{
    struct packer packer = {0};
    bool ok = true;

    for (size_t i = 0; ok && i < path_count; i++) {
        ok = add_input(&packer, paths[i], err);
    }
    ok = ok && pack_files(&packer, output_path, err);

    for (size_t i = 0; i < packer.path_count; i++) {
        free(packer.paths[i]);
    }
    free(packer.paths);
    output_file_release(packer.output);
    return ok;
}
