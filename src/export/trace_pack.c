// SPDX-License-Identifier: Apache-2.0
#include "export/trace_pack.h"

#include <dirent.h>
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "base/error.h"
#include "base/input_file.h"
#include "base/os.h"
#include "base/output_file.h"
#include "format/layout.h"
#include "format/reader.h"
#include "model/trace_model.h"

/* How much is copied until progress is asked. */
#define COPY_STEP (UINT64_C(16) << 20)

/* What is done to the clocks of an input; {0} = nothing. */
struct shift {
    uint64_t start_realtime_ns; /* of its first event */
    uint64_t realtime_ns;       /* put forward by this */
    uint64_t boot[2];           /* added to the boot's id, without carry */
};

struct packed_file {
    char *path; /* owned */
    size_t input;
};

struct packer {
    const struct trace_pack_options *options;
    struct output_file *output;
    struct packed_file *files; /* owned */
    size_t file_count;
    size_t file_capacity;
    size_t input;         /* that files are added of */
    struct shift *shifts; /* one for each input, or NULL */
    /* What our own section says of its state instead of "recording". */
    enum vzt_state own_state;
    size_t section_count;       /* copied so far */
    struct error first_failure; /* why the first unreadable file is that */
    uint64_t done_size;         /* of the files that were packed */
    uint64_t whole_size;        /* of all files, when they were listed */
};

/* Takes path over. */
static bool
add_file(struct packer *packer, char *path, struct error *err)
{
    struct stat status;

    if (path == NULL) {
        return error_set_no_memory(err);
    }
    if (!array_reserve((void **)&packer->files, &packer->file_capacity,
                       packer->file_count + 1, sizeof *packer->files, err)) {
        free(path);
        return false;
    }
    packer->files[packer->file_count++] =
        (struct packed_file){.path = path, .input = packer->input};
    if (stat(path, &status) == 0) { /* else opening it says so */
        packer->whole_size += (uint64_t)status.st_size;
    }
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
        ok = ok && add_file(packer, path, err);
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
    return add_file(packer, strdup(path), err);
}

/* Copy bytes of the input to the output as they are. */
static bool
copy_bytes(struct packer *packer, const struct input_file *input,
           uint64_t offset, uint64_t size, struct error *err)
{
    while (size > 0) {
        uint64_t part = size < COPY_STEP ? size : COPY_STEP;

        if (!output_file_copy(packer->output, input, offset, part, err)) {
            return false;
        }
        offset += part;
        size -= part;
        packer->done_size += part;
        if (!progress_report(&packer->options->progress, packer->done_size,
                             packer->whole_size > packer->done_size
                                 ? packer->whole_size
                                 : packer->done_size)) {
            return error_set(err, ERROR_CANCELLED, "cancelled");
        }
    }
    return true;
}

/* Headers are not trusted: an unsigned sum may wrap around. */
static void
apply_shift(struct vzt_section_header *header, const struct shift *shift)
{
    uint64_t boot[2];

    _Static_assert(sizeof boot == sizeof header->boot_id, "all of it");
    memcpy(boot, header->boot_id, sizeof boot);
    boot[0] ^= shift->boot[0];
    boot[1] ^= shift->boot[1];
    memcpy(header->boot_id, boot, sizeof boot);
    header->anchor_realtime_ns += shift->realtime_ns;
}

/* Whether it is what this very process records. */
static bool
is_own(const struct trace_section *section)
{
    const struct vzt_section_header *header = &section->header;

    return section->status.state == VZT_STATE_RECORDING
           && header->pid == (uint32_t)getpid()
           && header->process_start == os_process_start(getpid());
}

/* Copy what is in the input from *offset up to its status, and give that
 * another state. */
static bool
copy_with_state(struct packer *packer, const struct input_file *input,
                uint64_t *offset, uint64_t status_offset, struct error *err)
{
    uint32_t state = packer->own_state;

    _Static_assert(offsetof(struct vzt_status, state) == 0, "comes first");
    if (!copy_bytes(packer, input, *offset, status_offset - *offset, err)) {
        return false;
    }
    if (!output_file_write(packer->output, &state, sizeof state)) {
        return output_file_failure(packer->output, err);
    }
    *offset = status_offset + sizeof state;
    return true;
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
    if (packer->shifts != NULL) {
        apply_shift(&header, &packer->shifts[packer->input]);
    }
    packer->section_count++;
    if (!output_file_write(packer->output, &header, sizeof header)) {
        return output_file_failure(packer->output, err);
    }
    offset += sizeof header;
    if (is_own(section)
        && !copy_with_state(packer, input, &offset,
                            section->offset + VZT_STATUS_OFFSET, err)) {
        return false;
    }
    return copy_bytes(packer, input, offset, end - offset, err);
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

    if (!copy_bytes(packer, input, 0, first, err)) {
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
    if (!(packer->options->is_gzip
              ? output_file_create_gzip(&packer->output, output_path, err)
              : output_file_create(&packer->output, output_path, err))) {
        return false;
    }
    for (size_t i = 0; i < packer->file_count; i++) {
        packer->input = packer->files[i].input;
        if (!pack_file(packer, packer->files[i].path, err)) {
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

static void
packer_release(struct packer *packer)
{
    for (size_t i = 0; i < packer->file_count; i++) {
        free(packer->files[i].path);
    }
    free(packer->files);
    free(packer->shifts);
    output_file_release(packer->output);
}

/* Releases the packer. */
static bool
pack(struct packer *packer, const char *const *paths, size_t path_count,
     const char *output_path, struct error *err)
{
    bool ok = true;

    for (size_t i = 0; ok && i < path_count; i++) {
        packer->input = i;
        ok = add_input(packer, paths[i], err);
    }
    ok = ok && pack_files(packer, output_path, err);
    packer_release(packer);
    return ok;
}

bool
trace_pack(const char *const *paths, size_t path_count, const char *output_path,
           const struct trace_pack_options *options, struct error *err)
{
    struct packer packer = {.options = options,
                            .own_state = VZT_STATE_RECORDING};

    return pack(&packer, paths, path_count, output_path, err);
}

bool
trace_pack_own(const char *path, const char *output_path, bool ends_open_calls,
               const struct trace_pack_options *options, struct error *err)
{
    struct packer packer = {.options = options,
                            .own_state = ends_open_calls ? VZT_STATE_ENDED
                                                         : VZT_STATE_UNKNOWN};

    return pack(&packer, &path, 1, output_path, err);
}

/* One that holds no trace stays as it is; packing tells what is wrong. */
static bool
find_start(uint64_t *start_ns, const char *path, struct error *err)
{
    const struct trace_model_options options = {.aligns_inputs = true};
    struct trace_model *model = NULL;
    struct error reason = {0};

    *start_ns = 0;
    if (trace_model_open(&model, &path, 1, &options, &reason)) {
        *start_ns = trace_model_summary(model).start_realtime_ns;
        trace_model_close(model);
    } else if (reason.code != ERROR_BAD_TRACE) {
        *err = reason;
        return false;
    }
    return true;
}

bool
trace_pack_aligned(const char *const *paths, size_t path_count,
                   const char *output_path,
                   const struct trace_pack_options *options, struct error *err)
{
    struct packer packer = {.options = options,
                            .own_state = VZT_STATE_RECORDING};
    struct shift *shifts = array_new(path_count, sizeof *shifts, err);
    uint64_t latest_ns = 0;

    for (size_t i = 0; shifts != NULL && i < path_count; i++) {
        struct shift *shift = &shifts[i];

        if (!find_start(&shift->start_realtime_ns, paths[i], err)) {
            free(shifts);
            return false;
        }
        shift->boot[0] = os_random_u64();
        shift->boot[1] = os_random_u64();
        if (shift->start_realtime_ns > latest_ns) {
            latest_ns = shift->start_realtime_ns;
        }
    }
    for (size_t i = 0; shifts != NULL && i < path_count; i++) {
        shifts[i].realtime_ns =
            latest_ns - shifts[i].start_realtime_ns
            + (options->delays_ns == NULL ? 0 : options->delays_ns[i]);
    }
    packer.shifts = shifts;
    return shifts != NULL && pack(&packer, paths, path_count, output_path, err);
}
