// SPDX-License-Identifier: Apache-2.0
/*
 * cli/recording_survey.h - look at a recording directory without opening it
 * as a trace: which processes there are, which still run.
 *
 * Only section headers are read, so a survey of thousands of processes is
 * quick and a damaged file harms nobody: it counts as a file and no more.
 */
#ifndef CLI_RECORDING_SURVEY_H
#define CLI_RECORDING_SURVEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct error;

struct recording_survey {
    size_t file_count;            /* .vzt files */
    size_t running_count;         /* processes that are still recording */
    size_t stopped_count;         /* processes whose recording ended early */
    uint64_t size_bytes;          /* on disk */
    uint64_t dropped_calls;       /* given up at the limit */
    uint64_t unfollowed_children; /* Pythons that could not be recorded */
    size_t no_extension_count;    /* processes recorded in Python, unasked */
};

/* Look at every .vzt file in a directory. */
bool recording_survey_make(struct recording_survey *survey,
                           const char *directory, struct error *err);

/*
 * Wait a moment for processes that are not the program's and end by themselves
 * once it has: those that multiprocessing keeps beside it. Where one of the
 * program's own still runs they may be needed, and nobody is waited for.
 */
void recording_survey_await_helpers(const char *directory);

/*
 * A recorder reserves room on disk ahead of its file's end, and one whose
 * process was killed or left by os._exit could not give it back. Do that for
 * processes that are gone.
 */
void recording_survey_give_back_room(const char *directory);

/*
 * Write into the recording of process pid how it ended (a status of
 * waitpid). When it became other programs by exec, each has its own file; the
 * one that began last is meant. *was_found is false when it recorded nothing.
 */
bool recording_survey_note_end(const char *directory, pid_t pid,
                               int wait_status, bool *was_found,
                               struct error *err);

struct recorded_pids {
    uint32_t *items; /* ascending, each once; owned */
    size_t count;
    size_t unreadable_count; /* files that do not say whose they are */
    size_t capacity;
};

/* The process ids of a recording. The caller releases *pids, also after a
 * failure. */
bool recording_survey_pids(struct recorded_pids *pids, const char *directory,
                           struct error *err);

void recorded_pids_release(struct recorded_pids *pids);

/* The path of the only .vzt file in directory, or NULL when there is not
 * exactly one; the caller frees. */
char *recording_survey_only_file(const char *directory);

#endif
