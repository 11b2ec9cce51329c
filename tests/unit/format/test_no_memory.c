// SPDX-License-Identifier: Apache-2.0
/* Whichever allocation fails, the caller is told and nothing is lost. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/error.h"
#include "format/clock_map.h"
#include "format/reader.h"
#include "format/writer.h"
#include "support/failing_malloc.h"
#include "support/temporary_folder.h"
#include "support/trace_random.h"

static bool
open_and_load(const char *path, size_t *word_count, struct error *err)
{
    struct trace_file *file = NULL;
    struct block block = {0};
    const struct trace_section *section;
    bool ok = trace_file_open(&file, path, err);

    *word_count = 0;
    if (!ok) {
        cr_assert(eq(ptr, file, NULL));
        return false;
    }
    section = trace_file_section(file, 0);
    for (size_t i = 0; i < section->block_count && ok; i++) {
        ok = block_load(&block, file, &section->blocks[i], err);
        *word_count += block.word_count;
    }
    block_release(&block);
    trace_file_close(file);
    return ok;
}

/* Of a section with a bound in calls, unless that is 0. */
static void
sweep_opening(uint64_t call_limit)
{
    char *folder = temporary_folder_make();
    struct trace_oracle *oracle =
        trace_random(folder, &(struct trace_random_options){
                                 .calls_per_thread = 300,
                                 .thread_count = 2,
                                 .block_size = 512,
                             });
    size_t whole = 0;
    struct error err = {0};
    bool has_failed = true;
    int fd = open(oracle->path, O_WRONLY | O_CLOEXEC);

    cr_assert(eq(i64,
                 pwrite(fd, &call_limit, sizeof call_limit,
                        VZT_STATUS_OFFSET
                            + (off_t)offsetof(struct vzt_status, call_limit)),
                 sizeof call_limit));
    (void)close(fd);
    cr_assert(open_and_load(oracle->path, &whole, &err));
    for (unsigned successes = 0; has_failed; successes++) {
        size_t count;
        bool ok;

        if (!failing_malloc_arm(successes)) {
            break;
        }
        err = (struct error){0};
        ok = open_and_load(oracle->path, &count, &err);
        has_failed = failing_malloc_disarm();
        cr_assert(eq(int, ok, !has_failed), "allocation %u", successes);
        cr_assert(eq(int, err.code, has_failed ? ERROR_NO_MEMORY : ERROR_NONE));
        cr_assert(ok || count < whole);
    }
    trace_oracle_free(oracle);
    temporary_folder_remove(folder);
}

Test(no_memory, opening_and_loading_say_so)
{
    sweep_opening(0);
}

Test(no_memory, finding_the_latest_calls_says_so)
{
    sweep_opening(40);
}

static bool
write_trace(const char *path, struct error *err)
{
    struct trace_writer_options options = {.block_size = 256};
    struct vzt_status status = {.state = VZT_STATE_ENDED};
    struct function_definition function = {.name = {"f", 1}};
    struct trace_writer *writer = NULL;
    uint32_t stream;
    uint32_t id;
    bool ok;

    if (!trace_writer_open(&writer, path, &options, err)) {
        return false;
    }
    stream = trace_writer_stream(writer, VZT_STREAM_THREAD, 0, 1,
                                 (struct text_span){"t", 1});
    id = trace_writer_function(writer, &function);
    for (uint64_t i = 0; i < 200; i++) {
        trace_writer_event(writer, stream, EVENT_CALL, id, i);
    }
    (void)trace_writer_string(writer, (struct text_span){"s", 1});
    ok = trace_writer_finish(writer, &status, err);
    trace_writer_free(writer);
    return ok;
}

Test(no_memory, writing_says_so_at_the_end)
{
    char *folder = temporary_folder_make();
    char *path = temporary_folder_file(folder, "t.vzt");
    bool has_failed = true;

    for (unsigned successes = 0; has_failed; successes++) {
        struct error err = {0};
        bool ok;

        if (!failing_malloc_arm(successes)) {
            break;
        }
        ok = write_trace(path, &err);
        has_failed = failing_malloc_disarm();
        cr_assert(eq(int, ok, !has_failed), "allocation %u", successes);
        cr_assert(eq(int, err.code, has_failed ? ERROR_NO_MEMORY : ERROR_NONE));
    }
    free(path);
    temporary_folder_remove(folder);
}

Test(no_memory, clock_maps_say_so)
{
    struct clock_pair pairs[] = {{1, 1}, {1000000000, 1000000000}};
    bool has_failed = true;

    for (unsigned successes = 0; has_failed; successes++) {
        struct clock_map *map = NULL;
        struct error err = {0};
        bool ok;

        if (!failing_malloc_arm(successes)) {
            break;
        }
        ok = clock_map_new(&map, pairs, 2, 1000000000, &err);
        has_failed = failing_malloc_disarm();
        cr_assert(eq(int, ok, !has_failed));
        cr_assert(eq(int, err.code, has_failed ? ERROR_NO_MEMORY : ERROR_NONE));
        clock_map_free(map);
    }
}
