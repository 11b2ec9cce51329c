// SPDX-License-Identifier: Apache-2.0
/*
 * support/recording.h - a recorder in a folder of its own, and a look at what
 * it wrote, with the checks that hold for every recording.
 */
#ifndef SUPPORT_RECORDING_H
#define SUPPORT_RECORDING_H

#include <stddef.h>
#include <stdint.h>

#include "format/reader.h"
#include "format/record_encode.h"

struct call_walk;
struct recorder;
struct recorder_options;
struct thread_log;

/* A new recorder whose files go to folder. */
struct recorder *recording_start(const char *folder, uint64_t limit_bytes);

/* ... with these bounds; nothing else of the options counts. */
struct recorder *recording_start_with(const char *folder,
                                      const struct recorder_options *bounds);

/* The calling thread's log. */
struct thread_log *recording_thread(struct recorder *recorder);

struct text_span span(const char *text);

/* Define functions "f1", "f2", ... up to count, with ids from 1. */
void recording_define(struct recorder *recorder, uint32_t count);

/* Put count events of the walk. */
void recording_walk(struct thread_log *log, struct call_walk *walk,
                    size_t count);

/* Open the only .vzt file of the folder, or the one at path; undamaged. */
struct trace_file *recording_read_only_file(const char *folder);
struct trace_file *recording_read(const char *path);

/* The files of a folder: count, and the path of the i-th in order of names
 * (the caller frees). */
size_t recording_file_count(const char *folder);
char *recording_file(const char *folder, size_t index);

/*
 * Follow a stream from its first block to its last along the walk, which is
 * where the stream begins. Checks each word, the open calls of each block,
 * the block numbers, calls_before, and that ticks grow. Long records are
 * skipped. Returns the number of short words.
 */
uint64_t recording_follow(const struct trace_file *file,
                          const struct trace_section *section,
                          const struct trace_stream *stream,
                          struct call_walk *walk);

const struct trace_stream *recording_stream(const struct trace_section *section,
                                            uint32_t id);

#endif
