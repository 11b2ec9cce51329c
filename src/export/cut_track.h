// SPDX-License-Identifier: Apache-2.0
/*
 * export/cut_track.h - the cut blocks of one track, in order, become a stream
 * of a .vzt section.
 */
#ifndef EXPORT_CUT_TRACK_H
#define EXPORT_CUT_TRACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cut_block;
struct error;
struct kept_call;
struct trace_model;
struct trace_writer;

/* One serves all tracks of a trace, one after the other. {0} is empty. */
struct cut_track {
    const struct trace_model *model;
    uint64_t base_ns;    /* of time 0, in the file */
    uint64_t end_ns;     /* of the range */
    bool keeps_axis;     /* see trace_cut.h */
    uint32_t *functions; /* of the section, one a function of the model and the
                             unknown one; 0 = not yet defined; owned */
    uint64_t call_count; /* entries written, in all */

    struct trace_writer *writer; /* of the section */
    uint32_t stream;
    uint32_t track;
    struct kept_call *calls; /* open ones, outermost first; owned */
    size_t depth;
    size_t capacity;
    struct kept_call *ended; /* at ended_ns, innermost first, but not yet
                                written; owned */
    size_t ended_count;
    size_t ended_capacity;
    uint64_t ended_ns;
    bool has_started;    /* something was written */
    uint64_t written_ns; /* when */
    uint64_t begun_ns;   /* where the latest block of the stream begins */
    bool has_block;      /* and a block was cut; of that one: */
    uint64_t last_ns;
    uint64_t number;
    uint64_t calls_before;
    uint64_t call_count_before;
    size_t open_last;
};

/* A section begins: no functions are defined. */
bool cut_track_begin_section(struct cut_track *cut, struct trace_writer *writer,
                             struct error *err);

/* A track begins. */
void cut_track_begin(struct cut_track *cut, uint32_t track, uint32_t stream);
bool cut_track_put(struct cut_track *cut, const struct cut_block *block,
                   struct error *err);
bool cut_track_end(struct cut_track *cut, struct error *err);

void cut_track_release(struct cut_track *cut);

#endif
