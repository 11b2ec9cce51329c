// SPDX-License-Identifier: Apache-2.0
/*
 * import/track_writer.h - the sorted events of one thread become streams.
 *
 * A stream is one stack of calls. A call that overlaps another one without
 * being inside of it goes into the first lane (a stream beside the thread's)
 * in which it nests; nothing is bent to fit. Only what sticks out by no more
 * than the tolerance, which is the resolution of the file's times, is taken to
 * end with its caller.
 */
#ifndef IMPORT_TRACK_WRITER_H
#define IMPORT_TRACK_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct error;
struct trace_writer;

enum { TRACK_LANES_MAX = 257 }; /* the thread itself and 256 beside it */

struct track_call {
    uint64_t start_ns;
    uint64_t end_ns;   /* UINT64_MAX = it did not end */
    uint32_t function; /* of the writer */
    bool is_c;
    const uint64_t *words; /* payload records of its entry */
    size_t word_count;
};

struct track_lane;

/* What the stream of a track is, and so those of its lanes. */
struct track_place {
    uint32_t stream;
    uint32_t home; /* the stream that lanes have as their parent */
    uint64_t thread_id;
    const char *name;     /* NULL = unknown */
    const char *category; /* of an asynchronous track; else NULL */
};

/* {0} is empty; a writer may be used for one thread after the other. */
struct track_writer {
    struct trace_writer *writer; /* of the section; the caller's */
    uint64_t tolerance_ns;
    struct track_place place; /* of the present thread */
    struct track_lane *lanes; /* owned */
    size_t lane_count;        /* of the present thread */
};

/* The next thread begins; its stream was defined. */
bool track_writer_begin(struct track_writer *track,
                        const struct track_place *place, struct error *err);

/* Calls and records come by start, longer calls first. *is_lost is set when
 * the call overlaps too many others and was left out. */
bool track_writer_call(struct track_writer *track,
                       const struct track_call *call, bool *is_lost,
                       struct error *err);
void track_writer_record(struct track_writer *track, uint64_t time_ns,
                         const uint64_t *words, size_t count);

/* A record that is of the call which is open then, of several the one that
 * began last, even if it ends then. */
void track_writer_call_record(struct track_writer *track, uint64_t time_ns,
                              const uint64_t *words, size_t count);

/* Close what ended, and write the streams' last blocks. */
void track_writer_end(struct track_writer *track);

void track_writer_release(struct track_writer *track);

#endif
