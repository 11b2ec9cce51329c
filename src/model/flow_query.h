// SPDX-License-Identifier: Apache-2.0
/*
 * model/flow_query.h - flows: arrows from one call to another.
 *
 * An arrow has a start, where it leaves a call, and an end, where it reaches
 * one. A start may have several arrows or none; an end has one, from the latest
 * start of its flow, or none when there is no such start. Times are those of
 * the model. Every query takes a few steps, however many arrows there are.
 */
#ifndef MODEL_FLOW_QUERY_H
#define MODEL_FLOW_QUERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct error;
struct slice;
struct span_scratch;
struct trace_model;

struct flow_counts {
    size_t arrows;
    size_t starts;
    size_t ends;
    size_t ends_alone; /* that no start was found for */
    size_t no_call;    /* starts and ends that lie in no call */
};

struct flow_counts trace_model_flow_counts(const struct trace_model *model);

struct flow_place {
    uint64_t time_ns;
    uint32_t track;
    uint32_t depth; /* of its call */
    bool has_call;  /* else depth says nothing */
};

/* The call of a place; *found says whether it has one. */
bool flow_place_call(const struct trace_model *model,
                     const struct flow_place *place,
                     struct span_scratch *scratch, struct slice *slice,
                     bool *found, struct error *err);

struct flow_arrow {
    size_t number; /* below trace_model_flow_counts().arrows */
    struct flow_place from;
    struct flow_place to;
    const char *name; /* as recorded; lives as long as the model */
    size_t name_size;
};

/* Which way to look from a call. */
enum flow_way {
    FLOW_WAY_BACK,    /* at arrows that reach it, and where they come from */
    FLOW_WAY_FORWARD, /* at arrows that leave it, and where they go to */
};

/* Arrows, numbered from 0; by the time at which they touch the call, and those
 * of one start by the time of their ends. */
struct flow_list {
    const struct trace_model *model;
    enum flow_way way;
    uint32_t first; /* the first of them, in the order of its way */
    size_t count;
};

/* The arrows that reach or leave one call, without those of its callees. */
struct flow_list flow_list_of_call(const struct trace_model *model,
                                   const struct slice *call, enum flow_way way);

/* All of the trace, by track and depth of the calls that they touch, then as
 * above. */
struct flow_list flow_list_of_all(const struct trace_model *model,
                                  enum flow_way way);

/* The arrow at an index of a list. */
struct flow_arrow flow_list_arrow(const struct flow_list *list, size_t index);

/* The first arrow of a list that touches the call at or after a time; the count
 * when there is none. */
size_t flow_list_find(const struct flow_list *list, uint64_t time_ns);

/* How many arrows reach and leave the calls of a track from start_ns to end_ns,
 * from this depth on. */
size_t flow_count_below(const struct trace_model *model, uint32_t track,
                        uint32_t depth, uint64_t start_ns, uint64_t end_ns);

/* Where the record of a start or an end stands. */
struct flow_record_place {
    uint64_t time_ns;
    uint32_t track;
    uint32_t open_calls; /* there */
    bool binds_next;
};

/* What such a record is. The number is one that a start and the ends of all its
 * arrows have and nothing else; 0 = an end without a start. */
struct flow_record_facts {
    uint64_t number;
    struct flow_place place;
};

/* False when there is no such record. */
bool flow_record_find(const struct trace_model *model,
                      const struct flow_record_place *place,
                      struct flow_record_facts *facts);

/* The next place of a track, behind a time or before it, at which an arrow
 * touches a call, whatever its depth. False when there is none. */
bool flow_next_place(const struct trace_model *model, uint32_t track,
                     uint64_t time_ns, enum flow_way way,
                     struct flow_place *place);

#endif
