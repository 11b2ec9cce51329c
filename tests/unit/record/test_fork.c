// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "format/event.h"
#include "support/call_walk.h"
#include "support/recording.h"
#include "support/temporary_folder.h"
#include "tracer/record/recorder.h"
#include "tracer/record/thread_log.h"

enum { FUNCTIONS = 20 };

extern char **environ;

static void
wait_for(pid_t child)
{
    int status = -1;

    cr_assert(eq(int, waitpid(child, &status, 0), child));
    cr_assert(zero(int, status));
}

static void
enter(struct recorder *recorder, uint32_t function)
{
    thread_log_put(recording_thread(recorder), event_tag(EVENT_CALL, function));
}

static void
leave(struct recorder *recorder, uint32_t function)
{
    thread_log_put(recording_thread(recorder),
                   event_tag(EVENT_RETURN, function));
}

static uint32_t
define(struct recorder *recorder, const char *name)
{
    struct function_definition function = {
        .kind = VZT_FUNCTION_PYTHON,
        .name = span(name),
    };

    return recorder_function(recorder, &function);
}

/* The files of a folder, opened; process 0 is the one without a parent, and
 * each other one's parent stands before it. */
struct family {
    struct trace_file *files[8];
    size_t count;
};

static const struct trace_section *
member(const struct family *family, size_t index)
{
    cr_assert(lt(sz, index, family->count));
    return trace_file_section(family->files[index], 0);
}

static void
move_to(struct family *family, size_t from, size_t to)
{
    struct trace_file *file = family->files[from];

    family->files[from] = family->files[to];
    family->files[to] = file;
}

static struct family
read_family(const char *folder)
{
    struct family family = {.count = recording_file_count(folder)};
    uint64_t parent = 0;

    cr_assert(le(sz, family.count, 8));
    for (size_t i = 0; i < family.count; i++) {
        char *path = recording_file(folder, i);

        family.files[i] = recording_read(path);
        free(path);
    }
    for (size_t i = 0; i < family.count; i++) {
        for (size_t j = i; j < family.count; j++) {
            if (member(&family, j)->header.parent_section_id == parent) {
                move_to(&family, j, i);
                break;
            }
        }
        cr_assert(
            eq(u64, member(&family, i)->header.parent_section_id, parent));
        parent = member(&family, i)->header.section_id;
    }
    return family;
}

static void
close_family(struct family *family)
{
    for (size_t i = 0; i < family->count; i++) {
        trace_file_close(family->files[i]);
    }
}

static void
load_first_block(struct block *block, const struct family *family, size_t i)
{
    struct error err = {0};

    cr_assert(ge(sz, member(family, i)->block_count, 1));
    cr_assert(block_load(block, family->files[i], &member(family, i)->blocks[0],
                         &err),
              "%s", err.message);
}

static void
check_name(const struct trace_section *section, uint32_t id, const char *name)
{
    const struct trace_function *function = trace_section_function(section, id);

    cr_assert(function != NULL, "function %u", id);
    cr_assert(eq(str, (char *)function->name, (char *)name));
}

Test(fork, records_nothing_where_only_one_process_is_wanted)
{
    char *folder = temporary_folder_make();
    struct recorder *recorder = recording_start_with(
        folder, &(struct recorder_options){.has_one_process = true});
    uint32_t function = define(recorder, "function");
    pid_t child;

    enter(recorder, function);
    child = fork();
    if (child == 0) {
        bool is_silent = !recorder_is_recording(recorder)
                         && recorder_thread(recorder, span("")) == NULL
                         && define(recorder, "own") == 0;

        recorder_count_unfollowed(recorder, 1);
        recorder_leaving(recorder, VZT_STOP_EXIT_CALL);
        recorder_finish(recorder);
        _exit(is_silent ? 0 : 1);
    }
    wait_for(child);
    leave(recorder, function);
    recorder_finish(recorder);
    cr_assert(eq(sz, recording_file_count(folder), 1));
    temporary_folder_remove(folder);
}

Test(fork, says_of_a_child_that_becomes_another_program_that_it_did)
{
    char *folder = temporary_folder_make();
    struct recorder *recorder = recording_start(folder, 0);
    uint32_t function = define(recorder, "function");
    struct family family;
    pid_t child;

    enter(recorder, function);
    recorder_forks_to_exec(recorder, true);
    child = fork();
    if (child == 0) {
        pid_t grandchild;

        leave(recorder, define(recorder, "function"));
        grandchild = fork(); /* it becomes none by itself */
        if (grandchild == 0) {
            (void)define(recorder, "own");
            _exit(0);
        }
        wait_for(grandchild);
        (void)execl("/bin/true", "true", (char *)NULL);
        _exit(1);
    }
    recorder_forks_to_exec(recorder, false);
    wait_for(child);
    leave(recorder, function);
    recorder_finish(recorder);

    family = read_family(folder);
    cr_assert(eq(sz, family.count, 3));
    cr_assert(eq(u32, member(&family, 0)->status.state, VZT_STATE_ENDED));
    cr_assert(eq(u32, member(&family, 1)->status.state, VZT_STATE_STOPPED));
    cr_assert(eq(u32, member(&family, 1)->status.stop_reason, VZT_STOP_EXEC));
    cr_assert(eq(u32, member(&family, 2)->status.state, VZT_STATE_RECORDING));
    close_family(&family);
    temporary_folder_remove(folder);
}

Test(fork, lists_the_calls_that_were_open_with_their_own_ids)
{
    char *folder = temporary_folder_make();
    struct recorder *recorder = recording_start(folder, 0);
    uint32_t outer = define(recorder, "outer");
    uint32_t inner = define(recorder, "inner");
    struct family family;
    struct block block = {0};
    pid_t child;

    enter(recorder, outer);
    enter(recorder, inner);
    leave(recorder, inner);
    enter(recorder, inner);
    child = fork();
    if (child == 0) {
        uint32_t own;

        if (thread_log_current != NULL || recorder_generation(recorder) != 1) {
            _exit(1);
        }
        own = define(recorder, "own");
        leave(recorder, own + 1000); /* any return closes an inherited call */
        enter(recorder, own);
        _exit(0);
    }
    wait_for(child);
    leave(recorder, inner);
    leave(recorder, outer);
    recorder_finish(recorder);

    family = read_family(folder);
    cr_assert(eq(sz, family.count, 2));
    load_first_block(&block, &family, 1);
    cr_assert(eq(sz, block.open_count, 2));
    for (size_t i = 0; i < 2; i++) {
        const struct vzt_open_call *call = &block.open_calls[i];

        cr_assert(eq(u32, call->flags, VZT_OPEN_INHERITED));
        cr_assert(le(u64, call->start_tick, block.first_tick));
        check_name(member(&family, 0), call->function,
                   i == 0 ? "outer" : "inner");
    }
    cr_assert(eq(sz, block.word_count, 2));
    check_name(member(&family, 1), event_function(block.words[1]), "own");
    cr_assert(zero(u64, member(&family, 1)->status.mismatched_returns));
    cr_assert(eq(u32, member(&family, 0)->status.state, VZT_STATE_ENDED));
    cr_assert(eq(u32, member(&family, 1)->status.state, VZT_STATE_RECORDING));

    load_first_block(&block, &family, 0);
    cr_assert(eq(sz, block.word_count, 6), "the child wrote into it");
    block_release(&block);
    close_family(&family);
    temporary_folder_remove(folder);
}

Test(fork, of_a_fork_names_the_section_of_each_call)
{
    char *folder = temporary_folder_make();
    struct recorder *recorder = recording_start(folder, 0);
    struct family family;
    struct block block = {0};
    pid_t child;

    enter(recorder, define(recorder, "first"));
    child = fork();
    if (child == 0) {
        enter(recorder, define(recorder, "second"));
        child = fork();
        if (child == 0) {
            child = fork(); /* recorded nothing: no section */
            if (child == 0) {
                enter(recorder, define(recorder, "third"));
                _exit(0);
            }
        }
        wait_for(child);
        _exit(0);
    }
    wait_for(child);
    recorder_finish(recorder);

    family = read_family(folder);
    cr_assert(eq(sz, family.count, 3));
    load_first_block(&block, &family, 2);
    cr_assert(eq(sz, block.open_count, 2));
    cr_assert(eq(u32, block.open_calls[0].flags,
                 VZT_OPEN_INHERITED | 1u << VZT_OPEN_ANCESTOR_SHIFT));
    check_name(member(&family, 0), block.open_calls[0].function, "first");
    cr_assert(eq(u32, block.open_calls[1].flags, VZT_OPEN_INHERITED));
    check_name(member(&family, 1), block.open_calls[1].function, "second");
    block_release(&block);
    close_family(&family);
    temporary_folder_remove(folder);
}

/* A thread of its own forks: its calls are open, not those of the others. */
static void *
fork_from_here(void *argument)
{
    struct recorder *recorder = argument;
    pid_t child;

    enter(recorder, 2);
    child = fork();
    if (child == 0) {
        leave(recorder, 2);
        enter(recorder, define(recorder, "own"));
        _exit(0);
    }
    wait_for(child);
    leave(recorder, 2);
    return NULL;
}

Test(fork, from_a_thread_keeps_the_calls_of_that_thread)
{
    char *folder = temporary_folder_make();
    struct recorder *recorder = recording_start(folder, 0);
    struct family family;
    struct block block = {0};
    pthread_t thread;

    recording_define(recorder, 2);
    enter(recorder, 1);
    cr_assert(
        zero(int, pthread_create(&thread, NULL, fork_from_here, recorder)));
    pthread_join(thread, NULL);
    recorder_finish(recorder);
    family = read_family(folder);
    cr_assert(eq(sz, family.count, 2));
    load_first_block(&block, &family, 1);
    cr_assert(eq(sz, block.open_count, 1));
    cr_assert(eq(u32, block.open_calls[0].function, 2));
    block_release(&block);
    close_family(&family);
    temporary_folder_remove(folder);
}

Test(fork, that_only_waits_or_execs_makes_no_file)
{
    char *folder = temporary_folder_make();
    struct recorder *recorder = recording_start(folder, 0);
    char *arguments[] = {"true", NULL};
    pid_t child;

    enter(recorder, 1);
    child = fork();
    if (child == 0) {
        execv("/bin/true", arguments);
        _exit(1);
    }
    wait_for(child);
    cr_assert(zero(
        int, posix_spawn(&child, "/bin/true", NULL, NULL, arguments, environ)));
    wait_for(child);
    child = vfork();
    if (child == 0) {
        _exit(0);
    }
    wait_for(child);
    enter(recorder, 1);
    recorder_finish(recorder);
    cr_assert(eq(sz, recording_file_count(folder), 1));
    temporary_folder_remove(folder);
}

Test(fork, many_times_while_others_record_loses_nothing)
{
    enum { FORKS = 60, EVENTS = 5000 };
    char *folder = temporary_folder_make();
    struct recorder *recorder = recording_start(folder, 0);
    struct call_walk walk;
    struct trace_file *file;
    char *path;

    recording_define(recorder, FUNCTIONS);
    path = strdup(recorder_path(recorder));
    call_walk_init(&walk, 1, 100, FUNCTIONS);
    for (int i = 0; i < FORKS; i++) {
        pid_t child;

        recording_walk(recording_thread(recorder), &walk, EVENTS);
        child = fork();
        if (child == 0) {
            struct thread_log *log = recording_thread(recorder);

            recording_walk(log, &walk, (size_t)i * 100);
            _exit(0);
        }
        wait_for(child);
    }
    call_walk_release(&walk);
    recorder_finish(recorder);
    cr_assert(eq(sz, recording_file_count(folder), FORKS + 1));
    file = recording_read(path);
    call_walk_init(&walk, 1, 100, FUNCTIONS);
    cr_assert(
        eq(u64,
           recording_follow(file, trace_file_section(file, 0),
                            &trace_file_section(file, 0)->streams[0], &walk),
           FORKS * EVENTS));
    call_walk_release(&walk);
    trace_file_close(file);
    free(path);
    temporary_folder_remove(folder);
}

Test(fork, by_a_raw_clone_gets_its_own_file_at_its_first_flush)
{
    enum { EVENTS = 50000 };
    char *folder = temporary_folder_make();
    struct recorder *recorder = recording_start(folder, 0);
    struct thread_log *log = recording_thread(recorder);
    struct family family;
    pid_t child;

    recording_define(recorder, 1);
    thread_log_put(log, event_tag(EVENT_CALL, 1));
    child = (pid_t)syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL);
    if (child == 0) {
        for (int i = 0; i < EVENTS; i++) {
            log = thread_log_current;
            if (log == NULL) {
                log = recorder_thread(recorder, span("clone"));
            }
            thread_log_put(
                log, event_tag(i % 2 == 0 ? EVENT_CALL : EVENT_RETURN, 1));
        }
        _exit(recorder_generation(recorder) == 1 ? 0 : 1);
    }
    wait_for(child);
    thread_log_put(log, event_tag(EVENT_RETURN, 1));
    recorder_finish(recorder);
    family = read_family(folder);
    cr_assert(eq(sz, family.count, 2));
    cr_assert(gt(sz, member(&family, 1)->block_count, 5));
    close_family(&family);
    temporary_folder_remove(folder);
}
