// SPDX-License-Identifier: Apache-2.0
/* Several processes, files, boots; who they are and how they ended. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/os.h"
#include "base/progress.h"
#include "format/writer.h"
#include "model/slice_hits.h"
#include "model/span_query.h"
#include "model/trace_model.h"
#include "support/temporary_folder.h"
#include "support/trace_builder.h"
#include "trace_bytes.h"

static struct trace_model *
open_model(const char *path)
{
    struct trace_model *model = NULL;
    struct error err = {0};

    cr_assert(trace_model_open(&model, &path, 1, NULL, &err), "%s",
              err.message);
    return model;
}

/* One call of one process. */
static void
add_process(struct trace_builder *builder, const char *name, uint32_t pid,
            uint64_t start_ns)
{
    uint32_t function;
    uint32_t thread;

    trace_builder_process(builder, name, pid, 1);
    function = trace_builder_function(builder, "work", "/w/app.py", 7);
    thread = trace_builder_thread(builder, "MainThread");
    trace_builder_call(builder, thread, function, start_ns);
    trace_builder_return(builder, thread, function, start_ns + 100);
}

static char *
build_one(const char *folder, const char *name, struct vzt_status status)
{
    struct trace_builder *builder = trace_builder_new(folder);

    add_process(builder, name, 4711, 5000);
    trace_builder_status(builder, status);
    return trace_builder_finish(builder);
}

static const struct {
    struct vzt_status status;
    enum process_end end;
    int end_value;
    const char *text; /* a part of end_text */
} endings[] = {
    {{.state = VZT_STATE_ENDED}, PROCESS_END_FINISHED, 0, "finished"},
    {{.state = VZT_STATE_ENDED, .exit_kind = VZT_EXIT_STATUS, .exit_value = 3},
     PROCESS_END_FINISHED,
     3,
     "status 3"},
    {{.state = VZT_STATE_ENDED, .stop_reason = VZT_STOP_EXIT_CALL},
     PROCESS_END_FINISHED,
     0,
     "left by os._exit"},
    {{.state = VZT_STATE_ENDED,
      .stop_reason = VZT_STOP_EXIT_CALL,
      .exit_kind = VZT_EXIT_STATUS,
      .exit_value = 4},
     PROCESS_END_FINISHED,
     4,
     "left by os._exit with status 4"},
    {{.state = VZT_STATE_RECORDING,
      .exit_kind = VZT_EXIT_SIGNAL,
      .exit_value = SIGKILL},
     PROCESS_END_SIGNAL,
     SIGKILL,
     "SIGKILL"},
    {{.state = VZT_STATE_RECORDING,
      .exit_kind = VZT_EXIT_STATUS,
      .exit_value = 9},
     PROCESS_END_KILLED,
     9,
     "os._exit"},
    {{.state = VZT_STATE_STOPPED, .stop_reason = VZT_STOP_DISK_FULL},
     PROCESS_END_STOPPED,
     0,
     "disk was full"},
    {{.state = VZT_STATE_STOPPED, .stop_reason = 99},
     PROCESS_END_STOPPED,
     0,
     "unknown"},
};

Test(processes, say_how_they_ended)
{
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        char *folder = temporary_folder_make();
        char *path = build_one(folder, "app.py", endings[i].status);
        struct trace_model *model = open_model(path);
        const struct model_process *process = trace_model_process(model, 0);

        cr_assert(eq(int, process->end, endings[i].end));
        cr_assert(eq(int, process->end_value, endings[i].end_value));
        cr_assert(strstr(process->end_text, endings[i].text) != NULL, "%s",
                  process->end_text);
        trace_model_close(model);
        free(path);
        temporary_folder_remove(folder);
    }
}

/* The header of a process that is still recording, as pid with this start. */
static enum process_end
end_of_recording(uint32_t pid, uint64_t process_start, uint64_t namespace)
{
    char *folder = temporary_folder_make();
    char *path = build_one(folder, "app.py",
                           (struct vzt_status){.state = VZT_STATE_RECORDING});
    struct trace_bytes bytes = trace_bytes_read(path);
    struct vzt_section_header *header = trace_bytes_section(&bytes, 0);
    struct trace_model *model;
    enum process_end end;

    header->pid = pid;
    header->process_start = process_start;
    header->pid_namespace = namespace;
    os_boot_id(header->boot_id);
    trace_bytes_write(&bytes);
    trace_bytes_release(&bytes);
    model = open_model(path);
    end = trace_model_process(model, 0)->end;
    cr_assert(eq(int, trace_model_summary(model).is_live,
                 end == PROCESS_END_RUNNING));
    trace_model_close(model);
    free(path);
    temporary_folder_remove(folder);
    return end;
}

Test(processes, are_alive_only_if_pid_and_start_agree)
{
    uint32_t pid = (uint32_t)getpid();
    uint64_t start = os_process_start(getpid());
    uint64_t namespace = os_pid_namespace();

    cr_assert(
        eq(int, end_of_recording(pid, start, namespace), PROCESS_END_RUNNING));
    cr_assert(eq(int, end_of_recording(pid, start + 1, namespace),
                 PROCESS_END_KILLED));
    cr_assert(eq(int, end_of_recording(pid, start, namespace + 1),
                 PROCESS_END_UNKNOWN));
}

/* The names of processes that were given none: from their command lines. */
Test(processes, that_ended_alike_share_one_note)
{
    char *folder = temporary_folder_make();
    struct trace_builder *builder = trace_builder_new(folder);
    struct vzt_status status = {.state = VZT_STATE_RECORDING,
                                .exit_kind = VZT_EXIT_SIGNAL,
                                .exit_value = SIGKILL};
    struct trace_model *model;
    char *path;

    for (uint32_t i = 0; i < 7; i++) {
        add_process(builder, i == 3 ? "boss" : "worker", 100 + i, 5000);
        trace_builder_status(builder, status);
    }
    path = trace_builder_finish(builder);
    model = open_model(path);
    cr_assert(eq(sz, trace_model_note_count(model), 2));
    cr_expect(eq(str, (char *)trace_model_note(model, 0),
                 "worker (pids 100, 101, 102, 104 and 2 more): killed by "
                 "SIGKILL"));
    cr_expect(eq(str, (char *)trace_model_note(model, 1),
                 "boss (pid 103): killed by SIGKILL"));
    trace_model_close(model);
    free(path);
    temporary_folder_remove(folder);
}

Test(processes, always_have_a_name)
{
    static const struct {
        struct text_span arguments;
        uint32_t count;
        const char *name;
    } cases[] = {
        {{"", 0}, 0, "pid 77"},
        {{"python3\0app.py\0x", 17}, 3, "app.py"},
        {{"/usr/bin/python3.12\0-X\0dev\0-u\0/w/run.py", 40}, 5, "run.py"},
        {{"python\0-m\0http.server", 22}, 3, "http.server"},
        {{"/w/tool.py\0-v", 14}, 2, "tool.py"},
        {{"python3", 8}, 1, "python3"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *folder = temporary_folder_make();
        char *path = temporary_folder_file(folder, "a.vzt");
        struct trace_writer_options options = {.pid = 77};
        struct process_definition process = {.argument_count = cases[i].count,
                                             .arguments = cases[i].arguments};
        struct vzt_status status = {.state = VZT_STATE_ENDED};
        struct trace_writer *writer = NULL;
        struct trace_model *model;
        struct error err = {0};

        cr_assert(trace_writer_open(&writer, path, &options, &err));
        trace_writer_process(writer, &process);
        cr_assert(trace_writer_finish(writer, &status, &err));
        trace_writer_free(writer);
        model = open_model(path);
        cr_assert(eq(str, (char *)trace_model_process(model, 0)->name,
                     (char *)cases[i].name));
        trace_model_close(model);
        free(path);
        temporary_folder_remove(folder);
    }
}

/* A file of a directory, renamed so that its builder can make the next. */
static void
add_file(const char *folder, const char *name, uint32_t pid, uint64_t start_ns)
{
    struct trace_builder *builder = trace_builder_new(folder);
    char *target = temporary_folder_file(folder, name);
    char *path;

    add_process(builder, name, pid, start_ns);
    path = trace_builder_finish(builder);
    cr_assert(eq(int, rename(path, target), 0));
    free(path);
    free(target);
}

Test(processes, of_all_files_of_a_directory_share_one_axis)
{
    char *folder = temporary_folder_make();
    struct trace_model *model;
    char *note = temporary_folder_file(folder, "notes.txt");
    FILE *file = fopen(note, "w");

    cr_assert(file != NULL);
    fclose(file);
    add_file(folder, "b.vzt", 2, 7000);
    add_file(folder, "a.vzt", 3, 9000);
    add_file(folder, "c.vzt", 1, 5000);
    model = open_model(folder);
    cr_assert(eq(sz, trace_model_process_count(model), 3));
    for (size_t i = 0; i < 3; i++) {
        const struct model_process *process = trace_model_process(model, i);

        cr_assert(eq(u32, process->pid, (uint32_t)i + 1));
        cr_assert(eq(u64, process->start_ns, 2000 * i));
        cr_assert(eq(sz, process->track_count, 1));
    }
    cr_assert(eq(u32, trace_model_function_count(model), 1));
    cr_assert(eq(u64, trace_model_function(model, 0)->call_count, 3));
    trace_model_close(model);
    free(note);
    temporary_folder_remove(folder);
}

/* A second boot: its monotonic clock began anew, an hour later by the wall. */
Test(processes, of_different_boots_are_laid_out_by_the_wall_clock)
{
    char *folder = temporary_folder_make();
    struct trace_builder *builder = trace_builder_new(folder);
    const uint64_t hour_ns = UINT64_C(3600) * 1000000000;
    struct trace_bytes bytes;
    struct trace_model *model;
    char *path;

    add_process(builder, "before", 1, 5000);
    add_process(builder, "after", 2, 1000);
    path = trace_builder_finish(builder);
    bytes = trace_bytes_read(path);
    trace_bytes_section(&bytes, 1)->boot_id[3] = 9;
    trace_bytes_section(&bytes, 1)->anchor_realtime_ns += hour_ns;
    trace_bytes_write(&bytes);
    trace_bytes_release(&bytes);
    model = open_model(path);
    cr_assert(eq(u32, trace_model_process(model, 0)->pid, 1));
    cr_assert(eq(u64, trace_model_track(model, 0)->start_ns, 0));
    cr_assert(eq(u64, trace_model_track(model, 1)->start_ns, hour_ns - 4000));
    trace_model_close(model);
    free(path);
    temporary_folder_remove(folder);
}

/* Searching finds inherited calls, too, and tells how many they are. */
static void
check_hits(const struct trace_model *model, uint32_t function)
{
    uint8_t functions[8] = {0};
    const struct progress no_progress = {0};
    const struct slice_hits_request request = {
        .set = {.functions = functions,
                .function_count = trace_model_function_count(model),
                .track = UINT32_MAX},
        .window_end_ns = 1,
        .grid = {.column_ns = 1, .column_count = 1},
    };
    struct slice_hits hits;

    cr_assert(lt(u32, request.set.function_count, sizeof functions));
    functions[function] = 1;
    cr_assert(slice_hits_count(model, &request, &no_progress, &hits, NULL));
    cr_assert(gt(u64, hits.earlier, 0));
    cr_assert(eq(u64, hits.count - hits.earlier,
                 trace_model_function(model, function)->call_count));
    slice_hits_release(&hits);
}

/* The calls that were open when a process forked have the parent's ids, and
 * any return closes the innermost of them. */
Test(processes, that_were_forked_show_their_parents_calls)
{
    char *folder = temporary_folder_make();
    struct trace_builder *builder = trace_builder_new(folder);
    struct trace_bytes bytes;
    struct vzt_section_header *section;
    struct vzt_chunk_header *block;
    struct vzt_open_call *open;
    struct trace_model *model;
    struct span_scratch *scratch = NULL;
    const struct slice *slices;
    struct error err = {0};
    uint32_t functions[3];
    uint32_t thread;
    size_t count;
    size_t first_new;
    char *path;

    functions[0] = trace_builder_function(builder, "other", "/w/a.py", 1);
    functions[1] = trace_builder_function(builder, "main", "/w/a.py", 2);
    thread = trace_builder_thread(builder, "MainThread");
    trace_builder_call(builder, thread, functions[0], 1000);
    trace_builder_return(builder, thread, functions[0], 1100);
    trace_builder_call(builder, thread, functions[1], 1200);
    trace_builder_return(builder, thread, functions[1], 9000);
    trace_builder_block_size(builder, 144); /* one call and its return */
    trace_builder_process(builder, "child", 200, TRACE_BUILDER_PID);
    functions[2] = trace_builder_function(builder, "child", "/w/a.py", 3);
    thread = trace_builder_thread(builder, "MainThread");
    for (uint64_t i = 0; i < 20; i++) {
        trace_builder_call(builder, thread, functions[2], 2000 + 10 * i);
    }
    trace_builder_return(builder, thread, functions[2], 3000);
    path = trace_builder_finish(builder);

    /* Of the child's blocks only the second is left: as if the calls that it
     * found open were those of its parent. */
    bytes = trace_bytes_read(path);
    section = trace_bytes_section(&bytes, 1);
    section->parent_section_id = trace_bytes_section(&bytes, 0)->section_id;
    trace_bytes_block(&bytes, 1)->kind = VZT_CHUNK_FREE;
    block = trace_bytes_block(&bytes, 1);
    open = (struct vzt_open_call *)(block + 1);
    cr_assert(ge(u32, block->open_count, 1));
    for (uint32_t i = 0; i < block->open_count; i++) {
        open[i].flags = VZT_OPEN_INHERITED;
        open[i].function = 2; /* "main" in the parent, nothing in the child */
    }
    block->number = block->calls_before = 0;
    while ((block = trace_bytes_block(&bytes, 2)) != NULL) {
        block->kind = VZT_CHUNK_FREE;
    }
    trace_bytes_write(&bytes);
    trace_bytes_release(&bytes);

    model = open_model(path);
    cr_assert(span_scratch_new(&scratch, &err));
    cr_assert(span_block_slices(model, 1, 0, scratch, &slices, &count,
                                &first_new, &err));
    cr_assert(eq(sz, first_new, 0));
    cr_assert(eq(str,
                 (char *)trace_model_function(model, slices[0].function)->name,
                 "main"));
    cr_assert(eq(u32, slices[0].flags, SLICE_START_UNKNOWN | SLICE_UNFINISHED));
    check_hits(model, slices[0].function);
    span_scratch_free(scratch);
    trace_model_close(model);
    free(path);
    temporary_folder_remove(folder);
}

Test(processes, of_one_id_are_shown_at_their_times)
{
    const struct trace_model_options options = {.only_pid = 12};
    char *folder = temporary_folder_make();
    struct trace_builder *builder = trace_builder_new(folder);
    struct trace_model *model = NULL;
    struct error err = {0};
    const char *path;
    char *built;

    add_process(builder, "first", 11, 5000);
    add_process(builder, "second", 12, 7000);
    add_process(builder, "third", 13, 6000);
    add_process(builder, "second again", 12, 9000); /* by exec */
    path = built = trace_builder_finish(builder);
    cr_assert(trace_model_open(&model, &path, 1, &options, &err), "%s",
              err.message);
    cr_assert(eq(sz, trace_model_process_count(model), 2));
    cr_assert(eq(sz, trace_model_track_count(model), 2));
    cr_assert(eq(u64, trace_model_summary(model).call_count, 2));
    cr_assert(eq(u64, trace_model_summary(model).start_monotonic_ns, 5000));
    for (size_t i = 0; i < 2; i++) {
        cr_expect(eq(u32, trace_model_process(model, i)->pid, 12));
        cr_expect(
            eq(u64, trace_model_track(model, i)->start_ns, 2000 + i * 2000));
    }
    trace_model_close(model);
    free(built);
    temporary_folder_remove(folder);
}
