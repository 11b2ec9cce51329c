// SPDX-License-Identifier: Apache-2.0
/*
 * import/async_lanes.h - which track an asynchronous call is shown in.
 *
 * Calls of one process, category and name are a group of tracks, its lanes. A
 * call takes the first lane that is free until it ends. All times grow.
 */
#ifndef IMPORT_ASYNC_LANES_H
#define IMPORT_ASYNC_LANES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"

struct async_group;
struct error;
struct event_tables;
struct intern_table;

struct async_lanes {
    struct event_tables *tables; /* the lanes are tracks there */
    struct intern_table *keys;   /* of groups; owned */
    struct async_group *groups;  /* by key; owned */
    size_t group_count;
    size_t group_capacity;
    uint32_t *group_of; /* by track, from first_track on; owned */
    size_t group_of_capacity;
    size_t first_track;
    struct buffer text; /* owned; scratch */
};

struct async_group_key {
    uint32_t process;
    uint32_t category; /* of tables->categories */
    uint32_t name;     /* of tables->names */
};

/* No more threads are added to the tables. */
bool async_lanes_init(struct async_lanes *lanes, struct event_tables *tables,
                      struct error *err);

/* Take the first free lane of a group; UINT32_MAX when there are too many. */
bool async_lanes_take(struct async_lanes *lanes,
                      const struct async_group_key *key, uint32_t *track,
                      struct error *err);

/* The lane is free again. */
bool async_lanes_give(struct async_lanes *lanes, uint32_t track,
                      struct error *err);

void async_lanes_release(struct async_lanes *lanes);

#endif
