// SPDX-License-Identifier: Apache-2.0
/*
 * A recorder is run instruction by instruction through what it does when its
 * staging is full. After each one the file is as a SIGKILL there would leave
 * it, and must hold every event that was put before.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "base/hash.h"
#include "base/os.h"
#include "format/event.h"
#include "support/call_walk.h"
#include "support/recording.h"
#include "support/temporary_folder.h"
#include "tracer/record/recorder.h"
#include "tracer/record/thread_log.h"

enum { DEPTH_MAX = 60, FUNCTIONS = 10, FILE_SIZE_MAX = 4 << 20 };

/* One scene: define functions and put events, then be watched while more are
 * defined and put. */
struct scene {
    const char *folder;
    uint64_t limit_bytes;
    uint32_t function_count;
    size_t event_count;
    uint32_t watched_functions;
    size_t watched_events;
    bool is_by_system_call; /* stop there, not at each instruction */
};

static void
define_functions(struct recorder *recorder, uint32_t count)
{
    struct function_definition function = {
        .kind = VZT_FUNCTION_PYTHON,
        .name = span("function"),
        .file = span("file.py"),
    };

    for (uint32_t i = 0; i < count; i++) {
        (void)recorder_function(recorder, &function);
    }
}

static void
run_scene(const struct scene *scene)
{
    struct recorder *recorder =
        recording_start(scene->folder, scene->limit_bytes);
    struct thread_log *log = recording_thread(recorder);
    struct call_walk walk;

    call_walk_init(&walk, 1, DEPTH_MAX, FUNCTIONS);
    define_functions(recorder, scene->function_count);
    recording_walk(log, &walk, scene->event_count);
    (void)raise(SIGSTOP);
    define_functions(recorder, scene->watched_functions);
    recording_walk(log, &walk, scene->watched_events);
    (void)raise(SIGSTOP);
    _exit(0);
}

static pid_t
start_scene(const struct scene *scene)
{
    pid_t child = fork();
    int status = 0;

    if (child == 0) {
        (void)ptrace(PTRACE_TRACEME, 0, NULL, NULL);
        run_scene(scene);
    }
    cr_assert(eq(int, waitpid(child, &status, 0), child));
    cr_assert(eq(int, status & 0xff, 0x7f), "not stopped");
    return child;
}

/* False when the scene is over. */
static bool
step(const struct scene *scene, pid_t child)
{
    int status = 0;
    long result = scene->is_by_system_call
                      ? ptrace(PTRACE_SYSCALL, child, NULL, NULL)
                      : ptrace(PTRACE_SINGLESTEP, child, NULL, NULL);

    cr_assert(zero(i64, (int64_t)result));
    cr_assert(eq(int, waitpid(child, &status, 0), child));
    cr_assert(eq(int, status & 0xff, 0x7f), "not stopped");
    return WSTOPSIG(status) == SIGTRAP;
}

static void
end_scene(pid_t child)
{
    cr_assert(zero(int, kill(child, SIGKILL)));
    cr_assert(eq(int, waitpid(child, NULL, 0), child));
}

/* A hash of the file's bytes: only what changed is looked at again. */
static uint64_t
hash_file(int fd, char *bytes)
{
    ssize_t size = os_read_at(fd, bytes, FILE_SIZE_MAX, 0);

    cr_assert(ge(i64, size, 0));
    return hash_bytes(bytes, (size_t)size);
}

/* Look at the file after every instruction that changed it. Returns how often
 * that was. */
static size_t
watch(const struct scene *scene,
      void (*check)(const struct scene *scene, const struct trace_file *file))
{
    pid_t child = start_scene(scene);
    char *path = recording_file(scene->folder, 0);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    char *bytes = malloc(FILE_SIZE_MAX);
    uint64_t hash = 0;
    size_t count = 0;

    cr_assert(fd >= 0 && bytes != NULL);
    do {
        uint64_t now = hash_file(fd, bytes);

        if (now != hash) {
            struct trace_file *file = recording_read(path);

            check(scene, file);
            trace_file_close(file);
            hash = now;
            count++;
        }
    } while (step(scene, child));
    end_scene(child);
    (void)close(fd);
    free(bytes);
    free(path);
    return count;
}

static void
check_all_events(const struct scene *scene, const struct trace_file *file)
{
    const struct trace_section *section = trace_file_section(file, 0);
    struct call_walk walk;

    call_walk_init(&walk, 1, DEPTH_MAX, FUNCTIONS);
    cr_assert(ge(u64,
                 recording_follow(file, section, &section->streams[0], &walk),
                 scene->event_count));
    call_walk_release(&walk);
}

/* 4000 bytes of words, then a larger staging in a new slab. */
Test(every_instant, of_the_first_flush_keeps_all_events, .timeout = 600)
{
    struct scene scene = {.event_count = 499, .watched_events = 3};
    char *folder = temporary_folder_make();

    scene.folder = folder;
    cr_assert(gt(sz, watch(&scene, check_all_events), 20));
    temporary_folder_remove(folder);
}

static void
check_functions(const struct scene *scene, const struct trace_file *file)
{
    const struct trace_section *section = trace_file_section(file, 0);

    for (uint32_t i = 1; i <= scene->function_count; i++) {
        cr_assert(trace_section_function(section, i) != NULL, "%u", i);
    }
}

Test(every_instant, of_a_flush_of_definitions_keeps_all, .timeout = 600)
{
    struct scene scene = {.function_count = 78, .watched_functions = 8};
    char *folder = temporary_folder_make();

    scene.folder = folder;
    cr_assert(gt(sz, watch(&scene, check_functions), 20));
    temporary_folder_remove(folder);
}

/* In a ring the first blocks are gone; the last event must be there. */
static void
check_last_events(const struct scene *scene, const struct trace_file *file)
{
    const struct trace_section *section = trace_file_section(file, 0);
    const struct trace_block *last;
    struct call_walk walk;
    struct block block = {0};
    struct error err = {0};
    uint64_t calls;

    cr_assert(gt(sz, section->block_count, 5));
    last = &section->blocks[section->block_count - 1];
    cr_assert(block_load(&block, file, last, &err), "%s", err.message);
    calls = last->calls_before;
    for (size_t i = 0; i < block.word_count; i++) {
        calls += event_is_entry(event_kind(block.words[i]));
    }
    block_release(&block);
    call_walk_init(&walk, 1, DEPTH_MAX, FUNCTIONS);
    for (size_t i = 0; i < scene->event_count; i++) {
        (void)call_walk_next(&walk);
    }
    cr_assert(ge(u64, calls, walk.entries));
    call_walk_release(&walk);
}

Test(every_instant, of_a_ring_leaves_a_sound_file, .timeout = 600)
{
    struct scene scene = {
        .limit_bytes = 1 << 20,
        .event_count = 200000,
        .watched_events = 70000,
        .is_by_system_call = true,
    };
    char *folder = temporary_folder_make();

    scene.folder = folder;
    cr_assert(gt(sz, watch(&scene, check_last_events), 20));
    temporary_folder_remove(folder);
}
