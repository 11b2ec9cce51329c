// SPDX-License-Identifier: Apache-2.0
/*
 * export/chrome_sink.h - where events of the Chrome trace event format go.
 *
 * Events are composed in `text`, which is written out whenever it has grown,
 * so that memory does not depend on how many there are. Private to the files
 * chrome_*.c.
 */
#ifndef EXPORT_CHROME_SINK_H
#define EXPORT_CHROME_SINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"

struct error;
struct export_options;
struct model_process;
struct model_track;
struct output_file;
struct trace_model;

struct chrome_sink {
    struct output_file *file;
    const struct trace_model *model;
    uint64_t base_ns; /* CLOCK_MONOTONIC at time 0 of the model */
    const struct export_options *options;
    uint64_t event_count; /* written, but for names */
    struct buffer text;   /* owned; not yet written */
    bool has_events;      /* the next event needs a comma */
};

/* Whether what begins at this time of the model is to be written; *end_ns (may
 * be NULL) gets where that ends at the latest. */
bool chrome_sink_wants(const struct chrome_sink *sink, uint64_t time_ns,
                       uint64_t *end_ns);

/* Begin an event: a separator, and "pid" and "tid". */
void chrome_sink_begin(struct chrome_sink *sink, uint32_t pid, uint64_t tid);

/* Put ,"id":"0x1f" of an asynchronous track, which no other one has, into text,
 * of CHROME_ASYNC_ID_SIZE bytes; how many it took. */
enum { CHROME_ASYNC_ID_SIZE = 32 };
size_t chrome_async_id(char *text, size_t track);

/* "key":, for a key that needs no escapes; value follows. */
void chrome_sink_key(struct chrome_sink *sink, const char *key);

/* "key":"value" of any bytes. */
void chrome_sink_string(struct chrome_sink *sink, const char *key,
                        const char *value, size_t size);

/* "ts":..., for a time of the model. */
void chrome_sink_time(struct chrome_sink *sink, uint64_t time_ns);

/* End the event; now and then this writes. */
bool chrome_sink_end(struct chrome_sink *sink, struct error *err);

/* Write what is pending. */
bool chrome_sink_flush(struct chrome_sink *sink, struct error *err);

#endif
