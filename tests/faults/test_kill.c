// SPDX-License-Identifier: Apache-2.0
/* Whatever is killed, and wherever: every call before is in the file. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "kill_producer.h"
#include "support/call_walk.h"
#include "support/random.h"
#include "support/recording.h"
#include "support/temporary_folder.h"

enum { ROUNDS = 100 };

struct round {
    char *folder;
    char *counts_path;
    const struct kill_counts *counts; /* mapped */
    uint64_t seed;
    enum kill_moment moment;
    uint64_t n;
    uint64_t child_n;
};

static void
map_counts(struct round *round)
{
    int fd;

    round->counts_path = temporary_folder_file(round->folder, "counts");
    fd = open(round->counts_path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    cr_assert(fd >= 0 && ftruncate(fd, sizeof *round->counts) == 0);
    round->counts =
        mmap(NULL, sizeof *round->counts, PROT_READ, MAP_SHARED, fd, 0);
    cr_assert(round->counts != MAP_FAILED);
    close(fd);
}

/* As many small numbers as large ones. */
static uint64_t
random_size(struct random *random, unsigned bits)
{
    return 1
           + random_below(random, UINT64_C(1)
                                      << (1 + random_below(random, bits)));
}

static void
start_round(struct round *round, uint64_t seed)
{
    struct random random = {.state = seed};

    *round = (struct round){
        .folder = temporary_folder_make(),
        .seed = seed,
        .moment = (enum kill_moment)(seed % KILL_MOMENTS),
        .child_n = random_size(&random, 15),
    };
    round->n = random_size(&random, round->moment == KILL_AT_EVENT ? 16 : 7);
    map_counts(round);
}

/* Run the producer, and wait until it and its child are dead. */
static void
produce(const struct round *round)
{
    char numbers[4][24];
    char *arguments[] = {
        KILL_PRODUCER, round->folder, round->counts_path, numbers[0],
        numbers[1],    numbers[2],    numbers[3],         NULL,
    };
    int status = 0;
    pid_t child;

    (void)snprintf(numbers[0], sizeof *numbers, "%ju", (uintmax_t)round->seed);
    (void)snprintf(numbers[1], sizeof *numbers, "%d", (int)round->moment);
    (void)snprintf(numbers[2], sizeof *numbers, "%ju", (uintmax_t)round->n);
    (void)snprintf(numbers[3], sizeof *numbers, "%ju",
                   (uintmax_t)round->child_n);
    cr_assert(zero(int, prctl(PR_SET_CHILD_SUBREAPER, 1)));
    child = fork();
    if (child == 0) {
        execv(arguments[0], arguments);
        _exit(127);
    }
    while (waitpid(-1, &status, 0) > 0) {
        bool is_killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;

        cr_assert(is_killed, "seed %ju: status %x", (uintmax_t)round->seed,
                  (unsigned)status);
    }
}

static void
check_stream(const struct round *round, const struct trace_file *file,
             const struct trace_stream *stream, struct call_walk *walk,
             uint64_t count)
{
    uint64_t found =
        recording_follow(file, trace_file_section(file, 0), stream, walk);

    /* One more may have been put, and not been counted yet. */
    cr_assert(found == count || found == count + 1,
              "seed %ju, stream %s: %ju of %ju events", (uintmax_t)round->seed,
              stream->name, (uintmax_t)found, (uintmax_t)count);
}

static void
init_walk(const struct round *round, struct call_walk *walk, unsigned index)
{
    call_walk_init(walk, kill_walk_seed(round->seed, index), KILL_DEPTH_MAX,
                   KILL_FUNCTIONS);
}

static void
check_parent(const struct round *round, const struct trace_file *file)
{
    const struct trace_section *section = trace_file_section(file, 0);
    bool is_there[KILL_THREADS] = {false};

    for (size_t i = 0; i < section->stream_count; i++) {
        const struct trace_stream *stream = &section->streams[i];
        bool is_main = strcmp(stream->name, "main") == 0;
        unsigned index =
            is_main ? KILL_THREADS : (unsigned)(stream->name[0] - '0');
        struct call_walk walk;

        cr_assert(le(u32, index, KILL_THREADS));
        init_walk(round, &walk, index);
        check_stream(round, file, stream, &walk,
                     is_main ? round->counts->main
                             : round->counts->threads[index]);
        call_walk_release(&walk);
        if (!is_main) {
            is_there[index] = true;
        }
    }
    for (unsigned i = 0; i < KILL_THREADS; i++) {
        cr_assert(is_there[i] || round->counts->threads[i] == 0);
    }
}

static void
check_child(const struct round *round, const struct trace_file *file)
{
    const struct trace_section *section = trace_file_section(file, 0);
    struct call_walk walk;

    init_walk(round, &walk, KILL_THREADS);
    for (uint64_t i = 0; i < round->counts->main; i++) {
        (void)call_walk_next(&walk);
    }
    cr_assert(eq(sz, section->stream_count, 1));
    check_stream(round, file, &section->streams[0], &walk,
                 round->counts->child);
    call_walk_release(&walk);
}

/* A kill while the file is made leaves one that is no trace yet: then nothing
 * was recorded. */
static void
check_no_section(const struct round *round)
{
    cr_assert(zero(u64, round->counts->main), "seed %ju",
              (uintmax_t)round->seed);
}

static void
check_round(const struct round *round)
{
    size_t count = recording_file_count(round->folder);

    for (size_t i = 0; i < count; i++) {
        char *path = recording_file(round->folder, i);
        struct trace_file *file = NULL;
        struct error err = {0};

        if (!trace_file_open(&file, path, &err)) {
            check_no_section(round);
        } else if (trace_file_section(file, 0)->header.parent_section_id == 0) {
            check_parent(round, file);
        } else {
            check_child(round, file);
        }
        trace_file_close(file);
        free(path);
    }
    cr_assert(count == 2 || round->counts->child == 0);
}

static void
finish_round(struct round *round)
{
    (void)munmap((void *)round->counts, sizeof *round->counts);
    free(round->counts_path);
    temporary_folder_remove(round->folder);
}

Test(killed, producer_leaves_every_call_that_it_made, .timeout = 600)
{
    for (uint64_t seed = 0; seed < ROUNDS; seed++) {
        struct round round;

        start_round(&round, seed);
        produce(&round);
        check_round(&round);
        finish_round(&round);
    }
}
