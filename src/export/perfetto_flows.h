// SPDX-License-Identifier: Apache-2.0
/*
 * export/perfetto_flows.h - how arrows between calls are told in Perfetto's
 * protocol buffers. Private to perfetto.c.
 *
 * A flow leads there from one event to the next one in time that has its id, so
 * it can be told by the calls themselves when the one that it reaches begins
 * last; otherwise it leads from an instant to an instant, where its ends are.
 */
#ifndef EXPORT_PERFETTO_FLOWS_H
#define EXPORT_PERFETTO_FLOWS_H

#include <stdbool.h>
#include <stdint.h>

struct buffer;
struct error;
struct export_options;
struct flow_arrow;
struct slice;
struct trace_model;

struct perfetto_flows {
    const struct trace_model *model;
    const struct export_options *options;
    uint64_t base_ns;     /* CLOCK_MONOTONIC at time 0 of the model */
    uint8_t *is_of_calls; /* per arrow; owned; NULL = there are none */
};

/* {0} with a model, options and base. */
bool perfetto_flows_init(struct perfetto_flows *flows, struct error *err);

void perfetto_flows_release(struct perfetto_flows *flows);

/* Whether an arrow is written, and told by its calls. */
bool perfetto_flows_wants(const struct perfetto_flows *flows,
                          const struct flow_arrow *arrow, bool *is_of_calls);

/* Add the ids of its arrows to the event with which a call begins. */
void perfetto_flows_put_call(const struct perfetto_flows *flows,
                             const struct slice *call, struct buffer *event);

/* Add the id of an arrow to the event at its start or end. */
void perfetto_flows_put(const struct flow_arrow *arrow, bool is_end,
                        struct buffer *event);

#endif
