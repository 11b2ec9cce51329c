// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/os.h"
#include "export/trace_pack.h"
#include "format/layout.h"
#include "format/reader.h"
#include "support/failing_malloc.h"
#include "support/temporary_folder.h"
#include "support/trace_random.h"

enum { TRACE_COUNT = 4 };

/* A recording directory with traces 0.vzt, 1.vzt, ..., and room for output. */
static char *folder;
static char *recording;
static char *output;
static char *traces[TRACE_COUNT];
static uint64_t calls[TRACE_COUNT];

static void
set_up(void)
{
    folder = temporary_folder_make();
    recording = temporary_folder_file(folder, "recording");
    output = temporary_folder_file(folder, "output.vzt");
    cr_assert(eq(int, mkdir(recording, 0700), 0));
    for (unsigned i = 0; i < TRACE_COUNT; i++) {
        const struct trace_random_options options = {
            .seed = i + 1,
            .process_count = 1 + i % 2,
            .thread_count = 2,
            .calls_per_thread = 500,
            .block_size = 1024,
        };
        struct trace_oracle *oracle = trace_random(folder, &options);
        char name[16];

        (void)snprintf(name, sizeof name, "%u.vzt", i);
        traces[i] = temporary_folder_file(recording, name);
        calls[i] = oracle->call_count;
        cr_assert(eq(int, rename(oracle->path, traces[i]), 0));
        trace_oracle_free(oracle);
    }
}

static void
tear_down(void)
{
    for (unsigned i = 0; i < TRACE_COUNT; i++) {
        free(traces[i]);
    }
    free(recording);
    free(output);
    temporary_folder_remove(folder);
}

TestSuite(trace_pack, .init = set_up, .fini = tear_down);

static const struct trace_pack_options plain = {0};

static uint64_t
file_size(const char *path)
{
    struct stat status;

    cr_assert(eq(int, stat(path, &status), 0), "%s", path);
    return (uint64_t)status.st_size;
}

/* What a file holds, added up. */
struct contents {
    uint64_t sections;
    uint64_t blocks;
    uint64_t words;
    uint64_t skipped_bytes;
    uint64_t damaged_chunks;
};

static struct contents
read_contents(const char *path)
{
    struct trace_file *file = NULL;
    struct contents contents = {0};
    struct error err = {0};

    cr_assert(trace_file_open(&file, path, &err), "%s", err.message);
    contents.sections = trace_file_section_count(file);
    contents.skipped_bytes = trace_file_damage(file)->skipped_bytes;
    contents.damaged_chunks = trace_file_damage(file)->damaged_chunks;
    for (size_t i = 0; i < contents.sections; i++) {
        const struct trace_section *section = trace_file_section(file, i);

        contents.blocks += section->block_count;
        for (size_t k = 0; k < section->block_count; k++) {
            contents.words += section->blocks[k].word_count;
        }
    }
    trace_file_close(file);
    return contents;
}

/* The packed file holds exactly what its parts held. */
static void
expect_sum(const char *const *parts, size_t count)
{
    struct contents whole = read_contents(output);
    struct contents sum = {0};

    for (size_t i = 0; i < count; i++) {
        struct contents part = read_contents(parts[i]);

        sum.sections += part.sections;
        sum.blocks += part.blocks;
        sum.words += part.words;
        sum.skipped_bytes += part.skipped_bytes;
        sum.damaged_chunks += part.damaged_chunks;
    }
    cr_assert(eq(u64, whole.sections, sum.sections));
    cr_assert(eq(u64, whole.blocks, sum.blocks));
    cr_assert(eq(u64, whole.words, sum.words));
    cr_assert(eq(u64, whole.skipped_bytes, sum.skipped_bytes));
    cr_assert(eq(u64, whole.damaged_chunks, sum.damaged_chunks));
}

static void
pack(const char *const *paths, size_t count)
{
    struct error err = {0};

    cr_assert(trace_pack(paths, count, output, &plain, &err), "%s",
              err.message);
}

Test(trace_pack, holds_all_that_its_parts_held)
{
    const char *paths[TRACE_COUNT] = {traces[0], traces[1], traces[2],
                                      traces[3]};

    pack(paths, TRACE_COUNT);
    expect_sum(paths, TRACE_COUNT);
    cr_assert(eq(u64, read_contents(output).skipped_bytes, 0));
}

static char *
read_file(const char *path, uint64_t *size)
{
    FILE *file = fopen(path, "rb");
    char *bytes = NULL;

    *size = file_size(path);
    bytes = malloc(*size);
    cr_assert(file != NULL && bytes != NULL);
    cr_assert(eq(u64, fread(bytes, 1, *size, file), *size));
    (void)fclose(file);
    return bytes;
}

/* Make the one section of a trace that of a process that is recording. */
static void
set_recording(const char *path, uint32_t pid, uint64_t process_start)
{
    uint64_t size = 0;
    char *bytes = read_file(path, &size);
    struct vzt_section_header header;
    uint32_t state = VZT_STATE_RECORDING;
    FILE *file = fopen(path, "wb");

    memcpy(&header, bytes, sizeof header);
    header.pid = pid;
    header.process_start = process_start;
    memcpy(bytes, &header, sizeof header);
    memcpy(bytes + VZT_STATUS_OFFSET, &state, sizeof state);
    cr_assert(file != NULL && fwrite(bytes, 1, size, file) == size);
    (void)fclose(file);
    free(bytes);
}

/* What trace_pack_own writes is what trace_pack does, but for the state. */
static void
expect_own_state(bool ends_open_calls, uint32_t expected)
{
    struct error err = {0};
    uint64_t size = 0;
    uint64_t own_size = 0;
    uint32_t state = 0;
    char *bytes = NULL;
    char *own = NULL;

    pack((const char *[]){traces[0]}, 1);
    bytes = read_file(output, &size);
    cr_assert(trace_pack_own(traces[0], output, ends_open_calls, &plain, &err),
              "%s", err.message);
    own = read_file(output, &own_size);
    cr_assert(eq(u64, own_size, size));
    memcpy(&state, own + VZT_STATUS_OFFSET, sizeof state);
    cr_assert(eq(u32, state, expected));
    memcpy(own + VZT_STATUS_OFFSET, bytes + VZT_STATUS_OFFSET, sizeof state);
    cr_assert(memcmp(own, bytes, size) == 0);
    free(own);
    free(bytes);
}

Test(trace_pack, own_section_says_no_more_that_it_goes_on)
{
    uint64_t start = os_process_start(getpid());

    set_recording(traces[0], (uint32_t)getpid(), start);
    expect_own_state(false, VZT_STATE_UNKNOWN);
    expect_own_state(true, VZT_STATE_ENDED);
    /* Another process, which had our id or has another. */
    set_recording(traces[0], (uint32_t)getpid(), start + 1);
    expect_own_state(true, VZT_STATE_RECORDING);
    set_recording(traces[0], (uint32_t)getpid() + 1, start);
    expect_own_state(true, VZT_STATE_RECORDING);
}

Test(trace_pack, takes_the_traces_of_a_folder_by_name)
{
    const char *path = recording;
    char *other = temporary_folder_file(recording, "notes.txt");
    char *direct = temporary_folder_file(folder, "direct.vzt");
    FILE *file = fopen(other, "w");
    char command[1024];

    cr_assert(file != NULL && fputs("no trace", file) >= 0);
    (void)fclose(file);
    pack(&path, 1);
    expect_sum((const char *const *)traces, TRACE_COUNT);

    /* as packing the files in the order of their names */
    cr_assert(eq(int, rename(output, direct), 0));
    pack((const char *const *)traces, TRACE_COUNT);
    (void)snprintf(command, sizeof command, "cmp -s %s %s", output, direct);
    cr_assert(eq(int, system(command), 0));
    free(other);
    free(direct);
}

/* A torn file has any length; the next section must be found all the same,
 * although it no longer lies at a multiple of 8. */
Test(trace_pack, is_not_misaligned_by_a_torn_file)
{
    const char *paths[] = {traces[0], traces[1]};
    uint64_t size = file_size(traces[0]);

    for (uint64_t cut = 1; cut < 3000; cut = cut * 3 / 2 + 1) {
        cr_assert(eq(int, truncate(traces[0], (off_t)(size - cut)), 0));
        pack(paths, 2);
        expect_sum(paths, 2);
        cr_assert(ge(u64, read_contents(output).damaged_chunks, 1));
    }
}

/* A recorder that was killed has written no size. */
static void
forget_size(const char *path)
{
    const uint64_t none = 0;
    FILE *file = fopen(path, "r+");

    cr_assert(file != NULL);
    cr_assert(eq(int,
                 fseek(file, offsetof(struct vzt_section_header, section_size),
                       SEEK_SET),
                 0));
    cr_assert(eq(sz, fwrite(&none, sizeof none, 1, file), 1));
    (void)fclose(file);
}

Test(trace_pack, gives_every_whole_section_its_size)
{
    const char *paths[] = {traces[0], traces[2]};
    struct trace_file *file = NULL;
    struct error err = {0};
    uint64_t end = 0;

    forget_size(traces[0]);
    forget_size(traces[2]);
    pack(paths, 2);
    expect_sum(paths, 2);
    cr_assert(trace_file_open(&file, output, &err));
    for (size_t i = 0; i < trace_file_section_count(file); i++) {
        const struct trace_section *section = trace_file_section(file, i);

        cr_assert(eq(u64, section->offset, end));
        end += section->header.section_size;
    }
    cr_assert(eq(u64, end, file_size(output)));
    trace_file_close(file);
}

Test(trace_pack, keeps_a_trace_that_others_joined_with_cat)
{
    char command[1024];
    char *joined = temporary_folder_file(folder, "joined.vzt");
    const char *paths[] = {joined, traces[3]};

    (void)snprintf(command, sizeof command, "cat %s %s %s >%s", traces[0],
                   traces[1], traces[2], joined);
    cr_assert(eq(int, system(command), 0));
    pack(paths, 2);
    expect_sum((const char *const *)traces, TRACE_COUNT);
    free(joined);
}

Test(trace_pack, copies_what_it_cannot_read_beside_what_it_can)
{
    const char *path = recording;
    char *empty = temporary_folder_file(recording, "empty.vzt");
    uint64_t size = file_size(traces[0]) + file_size(traces[2])
                    + file_size(traces[3]) + 100;

    (void)fclose(fopen(empty, "w"));
    cr_assert(eq(int, truncate(traces[1], 100), 0)); /* not even a header */
    pack(&path, 1);
    cr_assert(eq(u64, file_size(output), size));
    cr_assert(
        eq(u64, read_contents(output).sections, 1 + 1 + 2)); /* of 0, 2 and 3 */
    free(empty);
}

Test(trace_pack, may_replace_one_of_its_inputs)
{
    const char *paths[] = {traces[0], traces[1]};
    struct contents first = read_contents(traces[0]);
    struct contents second = read_contents(traces[1]);
    struct contents both;
    struct error err = {0};

    cr_assert(trace_pack(paths, 2, traces[0], &plain, &err), "%s", err.message);
    both = read_contents(traces[0]);
    cr_assert(eq(u64, both.words, first.words + second.words));
}

/* Cancels what it is asked about. */
static bool
cancel(void *context, uint64_t done, uint64_t total)
{
    uint64_t *asked = context;

    cr_assert(done <= total);
    ++*asked;
    return false;
}

Test(trace_pack, leaves_nothing_when_it_is_cancelled)
{
    uint64_t asked = 0;
    const struct trace_pack_options options = {
        .progress = {.report = cancel, .context = &asked}};
    const char *path = traces[0];
    struct error err = {0};

    cr_assert(not(trace_pack(&path, 1, output, &options, &err)));
    cr_assert(eq(int, (int)err.code, ERROR_CANCELLED));
    cr_assert(eq(u64, asked, 1));
    cr_assert(ne(int, access(output, F_OK), 0));
}

static void
expect_refused(const char *path, const char *message)
{
    struct error err = {0};
    FILE *old = fopen(output, "w");

    cr_assert(old != NULL && fputs("old", old) >= 0);
    (void)fclose(old);
    cr_assert(not(trace_pack(&path, 1, output, &plain, &err)));
    cr_assert(strstr(err.message, message) != NULL, "%s", err.message);
    cr_assert(eq(u64, file_size(output), 3));
}

Test(trace_pack, refuses_what_holds_no_recording)
{
    char *text = temporary_folder_file(folder, "text.vzt");
    char *empty = temporary_folder_file(folder, "empty");
    FILE *file = fopen(text, "w");

    cr_assert(file != NULL && fputs("{\"traceEvents\": []}", file) >= 0);
    (void)fclose(file);
    cr_assert(eq(int, mkdir(empty, 0700), 0));
    expect_refused(text, "text.vzt");
    expect_refused(empty, "there is no recording to pack");
    expect_refused("/no/such/file.vzt", "No such file or directory");
    free(text);
    free(empty);
}

static void
fail_at_every_allocation(bool (*pack_with)(
    const char *const *paths, size_t path_count, const char *output_path,
    const struct trace_pack_options *, struct error *err))
{
    const char *paths[] = {recording, traces[0]};
    bool has_failed = true;

    for (unsigned successes = 0; has_failed; successes++) {
        struct error err = {0};
        bool ok;

        if (!failing_malloc_arm(successes)) {
            return;
        }
        ok = pack_with(paths, 2, output, &plain, &err);
        has_failed = failing_malloc_disarm();
        cr_assert(ok || has_failed);
        cr_assert(eq(int, err.code == ERROR_NONE, ok));
        cr_assert(eq(int, access(output, F_OK) == 0, ok));
        (void)unlink(output);
    }
}

Test(trace_pack, fails_cleanly_at_every_allocation)
{
    fail_at_every_allocation(trace_pack);
    fail_at_every_allocation(trace_pack_aligned);
}
